import { type Lines, linesOf } from '../../load/line-column.ts';
import type { TextFile, TextFiles } from '../../load/text-files.ts';
import { fileRefers, type Substitution, substituteInFile } from '../../load/vars.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { isObject, type Json, type JsonObject, pointer } from '../../model/json.ts';
import type { KindTraits } from '../../model/traits.ts';

/** The fields of a kind that may be given as `{file: PATH}`, and what reads these files. */
export interface FileFields {
  readonly names: readonly string[];
  readonly files: TextFiles;
}

/** The top-level fields whose trait says that a manifest may give them as a file. */
export function fileFieldsOf({ spec }: KindTraits): readonly string[] {
  return Object.entries(spec.fields ?? {}).flatMap(([name, field]) => (field.file === true ? [name] : []));
}

/** Does a file that the spec names hold references to variables? */
export function filesRefer(spec: Json | undefined, fields: FileFields | undefined): boolean {
  return given(spec, fields).some(({ source: { content } }) => typeof content === 'string' && fileRefers(content));
}

/** Text that stands in files. */
export interface Texts {
  /** By field; one whose file cannot be read is missing. */
  readonly texts: JsonObject;
  /** Every file that has a say in it. */
  readonly files: readonly string[];
}

/** How variables are filled in, and what is said of one that is not set. */
export interface Filling extends Pick<Substitution, 'vars' | 'written' | 'fits'> {
  readonly unset: (name: string, path: string, place: string) => Problem;
}

const none: Texts = { texts: {}, files: [] };

/**
 * The texts of the files that a spec names, variables filled in where `filling` says how. What is wrong is added to `problems`; a path
 * that has a problem already is left alone.
 */
export function textsOf(
  spec: Json | undefined,
  fields: FileFields | undefined,
  filling: Filling | undefined,
  problems: Problem[],
): Texts {
  const found = given(spec, fields);
  if (found.length === 0) return none;
  const texts: Record<string, Json> = {};
  const files: string[] = [];
  for (const { name, path, source } of found) {
    if (problems.some((one) => one.path === path)) continue;
    files.push(...source.files);
    const { content } = source;
    if (typeof content === 'string') {
      texts[name] = filling === undefined ? content : fill(content, path, source, filling, problems);
    } else {
      const { code, message, hint } = content;
      problems.push({ severity: 'error', code, message, hint, path, at: 'value' });
    }
  }
  return { texts, files };
}

function fill(text: string, path: string, { file }: TextFile, filling: Filling, problems: Problem[]): string {
  let lines: Lines | undefined;
  return substituteInFile(text, path, filling, (name, offset) => {
    lines ??= linesOf(text);
    const { line, column } = lines(offset);
    problems.push(filling.unset(name, path, `${file}:${line}:${column}`));
  });
}

interface Given {
  readonly name: string;
  /** Where the path of the file stands. */
  readonly path: string;
  readonly source: TextFile;
}

/** An object with other keys than `file` is no file: what is wrong with it the schema says. */
function given(spec: Json | undefined, fields: FileFields | undefined): Given[] {
  if (fields === undefined || !isObject(spec)) return [];
  return fields.names.flatMap((name) => {
    const value = spec[name];
    if (!isObject(value) || typeof value.file !== 'string' || value.file === '') return [];
    if (Object.keys(value).length !== 1) return [];
    return [{ name, path: pointer(['spec', name, 'file']), source: fields.files.read(value.file) }];
  });
}
