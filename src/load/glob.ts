import { compileWildcard } from '../model/wildcard.ts';

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

/** The states after entering the folder, or meeting the file, `name`: each once, however many ways lead to it. */
export function advance(states: readonly GlobState[], name: string): GlobState[] {
  const next = new Map<Glob, Set<number>>();
  for (const { glob, at } of states) {
    const segment = glob.segments[at];
    if (segment === undefined || !(segment === '**' ? !isSpecial(name) : segment(name))) continue;
    const places = next.get(glob) ?? new Set();
    next.set(glob, places);
    if (segment === '**') places.add(at);
    for (const state of closure(glob, at + 1)) places.add(state.at);
  }
  return [...next].flatMap(([glob, places]) => [...places].map((at) => ({ glob, at })));
}

/** Has the path reached the end of this glob? */
export function isMatch({ glob, at }: GlobState): boolean {
  return at === glob.segments.length;
}

/** Would a file at this path, relative with `/`, be read by these patterns? */
export function isMatched(patterns: readonly string[], path: string): boolean {
  const states = path.split('/').reduce(advance, compileGlobs(patterns));
  const matches = states.filter(isMatch);
  return matches.length > 0 && !matches.some((state) => state.glob.negative);
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
  const test = compileWildcard(pattern, { sets: true });
  if (!/^[*?[]/.test(pattern)) return test;
  return (name) => !isSpecial(name) && test(name);
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
