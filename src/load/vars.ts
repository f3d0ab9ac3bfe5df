import type { Problem } from '../model/diagnostic.ts';
import { escapeToken, isList, isObject, type Json } from '../model/json.ts';

/**
 * `$${` (an escape), `${word…}`, or the beginning of a reference that nothing closes; `${{` and other text is left alone, so that
 * templates may hold a dollar sign.
 */
const reference = /\$\$\{|\$\{\s*([A-Za-z_][\w.-]*)\s*\}|\$\{\s*((?:vars|env)\.[\w.-]*)/g;
const wholeReference = /^\$\{\s*vars\.([\w-]+)\s*\}$/;

export interface Substitution {
  readonly vars: Readonly<Record<string, Json>>;
  /** What stands for a variable inside a longer text, where that is not how its value is printed. */
  readonly written?: Readonly<Record<string, string>> | undefined;
  /** Called where a variable that has a spelling of its own is a whole value, and loses it. */
  readonly loses?: ((name: string, path: string) => void) | undefined;
  /** Called before a variable is filled in, by its name; where it says no, the reference stays as it is. */
  readonly fits?: ((name: string, path: string) => boolean) | undefined;
  /** Called for each reference that cannot be filled in; turns it into a problem. */
  readonly refuse: (name: string, path: string, closed: boolean) => Problem;
}

/** May anything in here change when variables are filled in? */
export function hasReferences(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (isList(value)) return value.some(hasReferences);
  return isObject(value) && Object.keys(value).some((key) => hasReferences(value[key]));
}

/**
 * A copy of `value` with `${vars.NAME}` filled in wherever text may stand; where it is the whole text, the variable keeps its
 * type. `$${` means a literal `${`. What cannot be filled in is left as it is and added to `problems`.
 */
export function substitute(value: Json, path: string, how: Substitution, problems: Problem[]): Json {
  if (typeof value === 'string') return fill(value, path, how, problems);
  if (isList(value)) return value.map((item, index) => substitute(item, `${path}/${index}`, how, problems));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const child = value[key];
    if (child !== undefined) copy[key] = substitute(child, `${path}/${escapeToken(key)}`, how, problems);
  }
  return copy;
}

function fill(text: string, path: string, how: Substitution, problems: Problem[]): Json {
  const whole = wholeReference.exec(text)?.[1];
  const own = whole !== undefined && Object.hasOwn(how.vars, whole) ? how.vars[whole] : undefined;
  if (whole !== undefined && own !== undefined) {
    if (how.fits?.(whole, path) === false) return text;
    if (typeof own === 'number' && spellingOf(whole, how) !== undefined) how.loses?.(whole, path);
    return own;
  }
  return text.replace(reference, (found, name: string | undefined, open: string | undefined) => {
    if (open !== undefined) problems.push(how.refuse(open, path, false));
    if (name === undefined) return open === undefined ? '${' : found;
    const variable = name.startsWith('vars.') ? name.slice('vars.'.length) : undefined;
    const value = variable !== undefined && Object.hasOwn(how.vars, variable) ? how.vars[variable] : undefined;
    if (variable !== undefined && value !== undefined) {
      return how.fits?.(variable, path) === false ? found : (spellingOf(variable, how) ?? printed(value));
    }
    problems.push(how.refuse(name, path, true));
    return found;
  });
}

function spellingOf(name: string, { written }: Pick<Substitution, 'written'>): string | undefined {
  return written !== undefined && Object.hasOwn(written, name) ? written[name] : undefined;
}

/** What stands for a variable inside a longer text. */
export function printed(value: Json): string {
  return isObject(value) || isList(value) ? JSON.stringify(value) : String(value);
}

/** Text that `substitute` turns back into `text`: for manifests that are written from live syncs. */
export function escapeReferences(text: string): string {
  return text.replaceAll('${', () => '$${');
}

/** A reference to a variable in a file that is no manifest, with the dollar sign that makes it a literal one. */
const inFile = /(\$?)\$\{\s*vars\.([\w.-]+)\s*\}/g;

/** May anything in the text of such a file change when variables are filled in? */
export function fileRefers(text: string): boolean {
  return text.includes('${') && /\$\{\s*vars\./.test(text);
}

/**
 * The text of a file with `${vars.NAME}` filled in, always as text; `$${vars.NAME}` means a literal `${vars.NAME}`. Nothing else is
 * touched: the languages of such files have dollar signs and braces of their own. A variable that is not set is refused once, by
 * its name and the offset of its first reference.
 */
export function substituteInFile(
  text: string,
  path: string,
  how: Pick<Substitution, 'vars' | 'written' | 'fits'>,
  refuse: (name: string, offset: number) => void,
): string {
  const refused = new Set<string>();
  return text.replace(inFile, (found, dollar: string, name: string, offset: number) => {
    if (dollar !== '') return found.slice(1);
    const value = Object.hasOwn(how.vars, name) ? how.vars[name] : undefined;
    if (value !== undefined)
      return how.fits?.(name, path) === false ? found : (spellingOf(name, how) ?? printed(value));
    if (!refused.has(name)) refuse(name, offset);
    refused.add(name);
    return found;
  });
}

/** Is any variable filled in in the text of such a file? An escaped one is none. */
export function fileUsesVariables(text: string): boolean {
  return [...text.matchAll(inFile)].some(([, dollar]) => dollar === '');
}

/** Text that `substituteInFile` turns back into `text`. */
export function escapeInFile(text: string): string {
  return text.replace(inFile, (found) => `$${found}`);
}
