/** A place in a path pattern: `**`, or what one folder or file name must look like. */
type Segment = '**' | ((name: string) => boolean);

/** One pattern, braces expanded. `source` is its index in the list the user wrote. */
export interface Glob {
  readonly segments: readonly Segment[];
  readonly negative: boolean;
  readonly source: number;
}

/** How far a path has got into a glob: the index of the segment its next name must match. */
export interface GlobState {
  readonly glob: Glob;
  readonly at: number;
}

/**
 * Compiles path patterns: `*`, `?`, `[a-z]`, `{a,b}`, `**` (any folders), a leading `!` to leave out. Names that start with a
 * dot, and `node_modules`, are matched only by patterns that name them.
 */
export function compileGlobs(patterns: readonly string[]): GlobState[] {
  return patterns.flatMap((pattern, source) => {
    const negative = pattern.startsWith('!');
    return expandBraces(negative ? pattern.slice(1) : pattern).flatMap((one) => {
      const names = one.split('/').filter((name) => name !== '' && name !== '.');
      return closure({ segments: names.map(compileSegment), negative, source }, 0);
    });
  });
}

/** The states after entering the folder, or meeting the file, `name`. */
export function advance(states: readonly GlobState[], name: string): GlobState[] {
  const next: GlobState[] = [];
  for (const state of states) {
    const segment = state.glob.segments[state.at];
    if (segment === undefined) continue;
    if (segment !== '**') {
      if (segment(name)) next.push(...closure(state.glob, state.at + 1));
    } else if (!isSpecial(name)) {
      next.push(state, ...closure(state.glob, state.at + 1));
    }
  }
  return next;
}

/** Has the path reached the end of this glob? */
export function isMatch({ glob, at }: GlobState): boolean {
  return at === glob.segments.length;
}

/** `**` stands for no folder, too. */
function closure(glob: Glob, at: number): GlobState[] {
  const states = [{ glob, at }];
  for (let next = at; glob.segments[next] === '**'; next++) states.push({ glob, at: next + 1 });
  return states;
}

function isSpecial(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

function compileSegment(pattern: string): Segment {
  if (pattern === '**') return '**';
  if (!/[*?[]/.test(pattern)) return (name) => name === pattern;
  const source = pattern.replace(/\[!?[^\]]+\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1 && part.startsWith('[')) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[.+^${}()|[\]\\/]/, '\\$&');
  });
  const open = pattern.startsWith('*') || pattern.startsWith('?') || pattern.startsWith('[');
  const expression = expressionOf(source);
  return (name) => !(open && isSpecial(name)) && expression?.test(name) === true;
}

/** A set that is none, such as `[z-a]`, matches nothing; then the whole glob is reported as matching nothing. */
function expressionOf(source: string): RegExp | undefined {
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    return undefined;
  }
}

const maxAlternatives = 1000;

/** `a/{b,c}.yaml` stands for `a/b.yaml` and `a/c.yaml`; braces nest. Beyond a thousand alternatives they are left as they are. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const left = [pattern];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const open = next.indexOf('{');
    const parts = open === -1 || done.length + left.length > maxAlternatives ? undefined : braceParts(next, open);
    if (parts === undefined) done.push(next);
    else for (const option of parts.options) left.push(`${next.slice(0, open)}${option}${parts.rest}`);
  }
  return done;
}

function braceParts(pattern: string, open: number): { options: string[]; rest: string } | undefined {
  const options: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let index = open; index < pattern.length; index++) {
    const character = pattern[index];
    if (character === '{') depth++;
    else if (character === '}') depth--;
    if (depth !== 0 && !(character === ',' && depth === 1)) continue;
    options.push(pattern.slice(start, index));
    start = index + 1;
    if (depth === 0) return { options, rest: pattern.slice(start) };
  }
  return undefined;
}
