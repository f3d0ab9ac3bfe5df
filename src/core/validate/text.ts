import type { Problem } from '../../model/diagnostic.ts';
import { escapeToken, isList, isObject, type Json, type Spec } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { isBlank } from '../look-alike.ts';

/** Text that can hardly be meant: a label of blanks, and what programs write where they have nothing to say. */
export function textProblems(spec: Spec, traits: KindTraits): Problem[] {
  const problems = traits.label.flatMap((field) => blankLabel(field, spec[field]));
  for (const field of fieldsInFiles(traits)) problems.push(...pathForText(field, spec[field]));
  if (holdsWord(spec)) walk(spec, traits.spec, '/spec', problems);
  return problems;
}

const inFiles = new WeakMap<KindTraits, readonly string[]>();

/** The fields whose text may stand in a file of its own: looked for once, and asked of every manifest. */
function fieldsInFiles(traits: KindTraits): readonly string[] {
  const known = inFiles.get(traits);
  if (known !== undefined) return known;
  const fields = Object.entries(traits.spec.fields ?? {}).flatMap(([field, { file }]) =>
    file === true ? [field] : [],
  );
  inFiles.set(traits, fields);
  return fields;
}

function blankLabel(field: string, value: Json | undefined): Problem[] {
  if (typeof value !== 'string' || value === '' || !isBlank(value)) return [];
  const message = `The ${field} has no visible characters.`;
  const hint = 'Write a text; Syncline finds a thing again by its label.';
  return [{ severity: 'error', code: 'blank-label', message, hint, path: `/spec/${field}`, at: 'value' }];
}

/** One word that ends as the name of a file does. */
const pathLike = /^[\w.@/\\-]+\.[A-Za-z]{2,5}$/;

function pathForText(field: string, value: Json | undefined): Problem[] {
  if (typeof value !== 'string' || !pathLike.test(value)) return [];
  const message = `"${value}" looks like the path of a file, and is the ${field} itself here.`;
  const hint = `Write \`${field}: { file: ${value} }\` where the text in that file is meant.`;
  return [{ severity: 'warning', code: 'odd-text', message, hint, path: `/spec/${field}`, at: 'value' }];
}

/** How Python, JSON, Go and JavaScript print nothing, and Python a boolean. */
const words: ReadonlySet<string> = new Set([
  ...['None', 'null', 'Null', 'NULL', 'nil', '<nil>', '<no value>', 'undefined', 'NaN', 'nan', '[object Object]'],
  ...['True', 'False'],
]);

const longest = Math.max(...[...words].map((word) => word.length));
const initials = new Set([...words].map((word) => word.charCodeAt(0)));

/** Is there such a word anywhere in it? Thousands of manifests are looked through, and nearly none has one. */
function holdsWord(value: Json | undefined): boolean {
  if (typeof value === 'string')
    return value.length <= longest && initials.has(value.charCodeAt(0)) && words.has(value);
  if (isList(value)) return value.some(holdsWord);
  if (!isObject(value)) return false;
  for (const key in value) if (holdsWord(value[key])) return true;
  return false;
}

/** Only fields that are known to hold text are looked at: in a constant, or where anything may stand, such a word is a value. */
function walk(value: Json | undefined, trait: FieldTrait, path: string, problems: Problem[]): void {
  if (typeof value === 'string') {
    if (words.has(value)) problems.push(odd(value, path));
  } else if (isList(value)) {
    const { items } = trait;
    if (items !== undefined)
      for (const [index, item] of value.entries()) walk(item, items, `${path}/${index}`, problems);
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      const field = trait.fields !== undefined && Object.hasOwn(trait.fields, key) ? trait.fields[key] : undefined;
      if (field !== undefined && field.server !== true) walk(child, field, `${path}/${escapeToken(key)}`, problems);
    }
  }
}

function odd(value: string, path: string): Problem {
  const instead = /^(?:True|False)$/.test(value) ? `write ${value.toLowerCase()}` : 'write null, or leave the key out,';
  return {
    severity: 'warning',
    code: 'odd-text',
    message: `"${value}" is a text here.`,
    hint: `Change it if that is not meant: ${instead} where the field has no text.`,
    path,
    at: 'value',
  };
}
