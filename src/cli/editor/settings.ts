/** Schemas by the path or URL they are found at, each with the globs of the files it is for. */
export type SchemaMap = Readonly<Record<string, readonly string[]>>;

const section = 'yaml.schemas';

/**
 * The text of a VS Code settings file with `schemas` under `yaml.schemas`; entries there that `isOurs` says belong to us and that
 * are wanted no more are taken out. Comments, order and every other setting stay. undefined where the text is not JSON with
 * comments, or where `yaml.schemas` is not an object.
 */
export function withSchemas(text: string, schemas: SchemaMap, isOurs: (path: string) => boolean): string | undefined {
  if (text.trim() === '') return `${JSON.stringify({ [section]: schemas }, null, 2)}\n`;
  const settings = parseObject(text);
  if (settings === undefined) return undefined;
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  if (!Object.hasOwn(settings, section)) {
    const value = JSON.stringify(schemas, null, indent).replaceAll('\n', `\n${indent}`);
    return inserted(text, withoutComments(text).indexOf('{'), [`"${section}": ${value}`], indent, '');
  }
  if (!isRecord(settings[section])) return undefined;
  const kept = withoutMembers(text, (path) => isOurs(path) && !Object.hasOwn(schemas, path));
  return withMembers(kept, schemas, indent);
}

/** The text with these members of the section: what is there gets the value, what is missing is put in front. */
function withMembers(text: string, schemas: SchemaMap, indent: string): string {
  const present = membersOf(text);
  const missing = Object.entries(schemas).filter(([path]) => !present.some(({ key }) => key === path));
  const lines = missing.map(([path, globs]) => `${JSON.stringify(path)}: ${JSON.stringify(globs)}`);
  // From the end: what stands in front keeps its place.
  const values = present.toReversed().reduce((changed, { key, value, end }) => {
    const wanted = Object.hasOwn(schemas, key) ? schemas[key] : undefined;
    const same = wanted === undefined || JSON.stringify(parsed(changed.slice(value, end))) === JSON.stringify(wanted);
    return same ? changed : changed.slice(0, value) + JSON.stringify(wanted) + changed.slice(end);
  }, text);
  return lines.length === 0 ? values : inserted(values, sectionAt(values), lines, indent.repeat(2), indent);
}

function withoutMembers(text: string, isUnwanted: (key: string) => boolean): string {
  const found = membersOf(text).find(({ key }) => isUnwanted(key));
  return found === undefined ? text : withoutMembers(withoutMember(text, found), isUnwanted);
}

/** Takes a member out with the comma that parts it from the others, and its line where nothing else is left on it. */
function withoutMember(text: string, { start, end }: Member): string {
  const bare = withoutComments(text);
  const next = /^\s*,/.exec(bare.slice(end));
  const before = /,\s*$/.exec(bare.slice(0, start));
  const pieces =
    next !== null
      ? [text.slice(0, start), text.slice(end, end + next[0].length - 1) + text.slice(end + next[0].length)]
      : before !== null
        ? [text.slice(0, before.index) + text.slice(before.index + 1, start), text.slice(end)]
        : [text.slice(0, start), text.slice(end)];
  const [head = '', tail = ''] = pieces;
  const line = /\n[ \t]*$/.exec(head);
  const rest = /^[ \t]*(?=\r?\n)/.exec(tail);
  return line !== null && rest !== null ? head.slice(0, line.index) + tail.slice(rest[0].length) : head + tail;
}

/** Puts members right behind the brace at `brace`, in front of those that are there. */
function inserted(text: string, brace: number, members: readonly string[], indent: string, closing: string): string {
  const added = members.map((member) => `\n${indent}${member}`).join(',');
  const rest = text.slice(brace + 1);
  const isEmpty = /^\s*\}/.test(withoutComments(text).slice(brace + 1));
  const joint = !isEmpty ? ',' : /^\s*\}/.test(rest) ? `\n${closing}` : '';
  return `${text.slice(0, brace + 1)}${added}${joint}${isEmpty ? rest.replace(/^\s*\}/, '}') : rest}`;
}

/** One key of an object with its value, as places in the text. */
interface Member {
  readonly key: string;
  readonly start: number;
  /** Where the value begins. */
  readonly value: number;
  readonly end: number;
}

/** The members of the section, in text that is known to have it. */
function membersOf(text: string): readonly Member[] {
  return membersAt(withoutComments(text), sectionAt(text));
}

/** Where the section's brace stands. */
function sectionAt(text: string): number {
  const bare = withoutComments(text);
  const found = membersAt(bare, bare.indexOf('{')).findLast(({ key }) => key === section);
  return found?.value ?? -1;
}

const token = /\s*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^\s{}[\],:"]+)/y;

/** The members of the object whose brace stands at `brace`, in text without comments. */
function membersAt(bare: string, brace: number): readonly Member[] {
  const members: Member[] = [];
  let open: Omit<Member, 'end'> | undefined;
  let depth = 0;
  token.lastIndex = brace + 1;
  for (let match = token.exec(bare); match !== null; match = token.exec(bare)) {
    const part = match[1] ?? '';
    const end = token.lastIndex;
    if (depth === 0 && open === undefined && part === '}') return members;
    if (depth === 0 && open === undefined && part.startsWith('"'))
      open = { key: String(JSON.parse(part)), start: end - part.length, value: -1 };
    else if (open !== undefined && open.value < 0 && part !== ':') open = { ...open, value: end - part.length };
    if (part === '{' || part === '[') depth += 1;
    else if (part === '}' || part === ']') depth -= 1;
    if (open !== undefined && open.value >= 0 && depth === 0) {
      members.push({ ...open, end });
      open = undefined;
    }
  }
  return members;
}

/** The same text, as long as before, with blanks for comments. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : part.replaceAll(/[^\n]/g, ' '),
  );
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = parsed(text.replace(/^\ufeff/, ' '));
  return isRecord(value) ? value : undefined;
}

/** The value of JSON that may have comments, and commas before a closing bracket; undefined where it is none. */
function parsed(text: string): unknown {
  const bare = withoutComments(text);
  const strict = bare.replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (part) => (part === ',' ? ' ' : part));
  try {
    return JSON.parse(strict);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
