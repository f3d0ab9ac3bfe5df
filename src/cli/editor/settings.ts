/** Schemas by the path or URL they are found at, each with the globs of the files it is for. */
export type SchemaMap = Readonly<Record<string, readonly string[]>>;

const section = 'yaml.schemas';

/**
 * The text of a VS Code settings file with `schemas` added under `yaml.schemas`; comments, order and every existing key stay.
 * undefined where the text is not JSON with comments, or where `yaml.schemas` is not an object.
 */
export function withSchemas(text: string, schemas: SchemaMap): string | undefined {
  if (text.trim() === '') return `${JSON.stringify({ [section]: schemas }, null, 2)}\n`;
  const bare = withoutComments(text);
  const settings = parseObject(bare);
  if (settings === undefined) return undefined;
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  if (!Object.hasOwn(settings, section)) {
    const value = JSON.stringify(schemas, null, indent).replaceAll('\n', `\n${indent}`);
    return insert(text, bare.indexOf('{'), [`"${section}": ${value}`], Object.keys(settings).length, indent, '');
  }
  const present = settings[section];
  if (!isRecord(present)) return undefined;
  const missing = Object.entries(schemas).filter(([path]) => !Object.hasOwn(present, path));
  if (missing.length === 0) return text;
  const lines = missing.map(([path, globs]) => `${JSON.stringify(path)}: ${JSON.stringify(globs)}`);
  return insert(text, placeOf(bare, section), lines, Object.keys(present).length, indent.repeat(2), indent);
}

/** Puts members right behind the brace at `brace`, in front of the `count` members that are there. */
function insert(
  text: string,
  brace: number,
  members: readonly string[],
  count: number,
  indent: string,
  closing: string,
): string {
  const added = members.map((member) => `\n${indent}${member}`).join(',');
  const rest = text.slice(brace + 1);
  const joint = count > 0 ? ',' : /^\s*\}/.test(rest) ? `\n${closing}` : '';
  return `${text.slice(0, brace + 1)}${added}${joint}${count > 0 ? rest : rest.replace(/^\s*\}/, '}')}`;
}

const quoted = /"(?:[^"\\]|\\.)*"/y;

/** The same text, as long as before, with blanks for comments and for commas before a closing bracket. */
function withoutComments(text: string): string {
  const blank = (part: string) => part.replaceAll(/[^\n]/g, ' ');
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('"') ? part : blank(part),
  );
  return bare.replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (part) => (part === ',' ? ' ' : part));
}

/** Where the value of a top-level key begins, in text without comments that is known to have the key. */
function placeOf(bare: string, key: string): number {
  let depth = 0;
  for (let at = 0; at < bare.length; at += 1) {
    const character = bare[at];
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    else if (character === '"') {
      quoted.lastIndex = at;
      const text = quoted.exec(bare)?.[0] ?? '"';
      const value = /^\s*:\s*/.exec(bare.slice(at + text.length));
      if (depth === 1 && value !== null && JSON.parse(text) === key) return at + text.length + value[0].length;
      at += text.length - 1;
    }
  }
  return -1;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ' '));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
