import { forbiddenKeys } from '../../load/construct.ts';
import { findFiles, readText } from '../../load/files.ts';
import { linesOf } from '../../load/line-column.ts';
import { locator } from '../../load/locate.ts';
import { parseYaml } from '../../load/yaml.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ImportFile } from '../../model/import.ts';
import { escapeToken, isList, isObject, type Json, type Pointer } from '../../model/json.ts';
import { at, ofFile } from '../validate/diagnostics.ts';

/** What was read, and what is wrong with it. */
export interface ReadFiles {
  readonly files: readonly ImportFile[];
  readonly problems: readonly Diagnostic[];
}

/** No tool nests deeper, and whoever walks what it wrote must come to an end. */
const deepest = 100;

/** A JSON text of another tool, which may hold its secrets, so that nothing of it is quoted. `file`: as it is named to the user. */
export function jsonFile(file: string, text: string): ReadFiles {
  const plain = text.replace(/^\uFEFF/, '');
  let value: Json;
  try {
    value = JSON.parse(plain) as Json;
  } catch (error) {
    return { files: [], problems: [noJson(file, plain, error)] };
  }
  const place = placesIn(plain);
  const trouble = troubleIn(value);
  if (trouble === undefined) return { files: [{ file, documents: [value], place }], problems: [] };
  // What is nested so deep nobody places either.
  const where = trouble.code === 'too-deep' ? { line: 1, column: 1 } : place(0, trouble.path, 'key');
  const { code, message, hint } = trouble;
  return { files: [], problems: [{ severity: 'error', code, message, hint, file, ...where, unquoted: true }] };
}

/** Every YAML file below a folder. `shown`: the folder as it is named to the user, with `/` at its end, or empty. */
export function yamlFolder(root: string, shown: string): ReadFiles {
  const found = findFiles(root, ['**/*.yaml', '**/*.yml']);
  const problems: Diagnostic[] = found.problems.map((one) => ofFile({ ...one, file: `${shown}${one.file}` }));
  const files: ImportFile[] = [];
  for (const name of found.files) {
    const file = `${shown}${name}`;
    const text = readText(root, name);
    if (typeof text !== 'string') {
      problems.push(ofFile({ ...text, file }));
      continue;
    }
    const parsed = parseYaml(text);
    const lines = linesOf(text);
    for (const { code, message, hint, offset } of parsed.problems)
      problems.push(at({ severity: 'error', code, message, hint }, { file, ...lines(offset) }));
    if (parsed.problems.length > 0) continue;
    const documents = (parsed.documents ?? []).map((one) => (one.value ?? null) as Json);
    files.push({ file, documents, place: placesIn(text) });
  }
  return { files, problems };
}

/** Finds places in a text that is read again only once somebody asks. */
function placesIn(text: string): ImportFile['place'] {
  let find: ImportFile['place'] | undefined;
  return (document, path, side) => {
    find ??= locator(text);
    return find(document, path, side);
  };
}

/** JSON.parse names the position; a text that ends too early has its end. */
function noJson(file: string, text: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : '';
  const position = /position (\d+)/.exec(reason)?.[1];
  const place = linesOf(text)(position === undefined ? text.length : Number(position));
  return {
    severity: 'error',
    code: 'not-json',
    message: 'The text is no JSON.',
    hint: 'Let the other tool write the file again, and do not change it by hand.',
    file,
    ...place,
    unquoted: true,
  };
}

interface Trouble {
  readonly code: 'too-deep' | 'forbidden-key';
  readonly message: string;
  readonly hint: string;
  readonly path: Pointer;
}

/** What makes a value unfit to be walked; found without recursion. */
function troubleIn(root: Json): Trouble | undefined {
  const open: { readonly value: Json; readonly path: Pointer; readonly depth: number }[] = [
    { value: root, path: '', depth: 0 },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path, depth } = next;
    if (depth > deepest) {
      const message = `The text is nested more than ${deepest} levels deep.`;
      return { code: 'too-deep', message, hint: 'Let the other tool write the file again.', path };
    }
    if (!isList(value) && !isObject(value)) continue;
    for (const [key, child] of Object.entries(value)) {
      const below = `${path}/${escapeToken(key)}`;
      if (!isList(value) && forbiddenKeys.has(key)) {
        const message = `The key "${key}" is not allowed.`;
        return { code: 'forbidden-key', message, hint: 'Remove it: no tool needs a key of this name.', path: below };
      }
      if (child !== undefined && typeof child === 'object' && child !== null)
        open.push({ value: child as Json, path: below, depth: depth + 1 });
    }
  }
  return undefined;
}
