import { type Json, type Pointer, tokens, valueAt } from '../../model/json.ts';
import type { SchemaError } from '../../model/kind.ts';

/** What was validated, and what is known about its schema. */
export interface Subject {
  readonly document: Json;
  /** What the whole document is called: `a manifest`. */
  readonly called: string;
  /** The keys that an object knows, by the `schemaPath` of its `additionalProperties` error. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Help that the schema gives, by the `schemaPath` of an error without its keyword. */
  readonly hints: Readonly<Record<string, string>>;
}

/** One place of a document, and the part of the schema that objects to it. */
export interface Place {
  readonly path: Pointer;
  /** As people say it: `operation`, `mappings[2].to`. */
  readonly name: string;
  readonly value: Json | undefined;
  readonly schemaPath: string;
  readonly subject: Subject;
}

export function placeOf(error: SchemaError, subject: Subject): Place {
  const { instancePath: path, schemaPath } = error;
  return { path, name: nameOfPath(path, subject.called), value: valueAt(subject.document, path), schemaPath, subject };
}

/** The steps of a path in words; the `spec` that nearly all of them start with goes without saying. */
function nameOfPath(path: Pointer, called: string): string {
  const steps = tokens(path);
  const said = steps[0] === 'spec' && steps.length > 1 ? steps.slice(1) : steps;
  if (said.length === 0) return called;
  return said.map((step, index) => (/^\d+$/.test(step) ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('');
}

/** Help that the schema itself gives for this place, or for a key that is missing from it. */
export function ownHint({ schemaPath, subject }: Place, key?: string): string | undefined {
  const here = schemaPath.slice(0, schemaPath.lastIndexOf('/'));
  return subject.hints[key === undefined ? here : `${here}/properties/${key}`];
}

/** The keys that may stand here. Only of an error about an unknown key. */
export function knownKeys({ schemaPath, subject }: Place): readonly string[] {
  return subject.keys[schemaPath] ?? [];
}

/** Where a key that is unknown here would be known: at the top of the document or directly under `spec`. */
export function homeOf({ path, subject }: Place, key: string): string | undefined {
  const top = subject.keys['#/additionalProperties'] ?? [];
  const spec = subject.keys['#/properties/spec/additionalProperties'] ?? [];
  if (path !== '/spec' && spec.includes(key)) return 'It belongs directly under "spec".';
  if (path !== '' && top.includes(key)) return 'It belongs at the top of the document, not here.';
  return undefined;
}

/** A value as it is quoted in a sentence. */
export function shown(value: Json | undefined): string {
  const text = JSON.stringify(value ?? null);
  return text.length > 60 ? `${text.slice(0, 57)}…${text.startsWith('"') ? '"' : ''}` : text;
}
