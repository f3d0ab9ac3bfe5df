import { hints, knownKeys } from '../generated/known-keys.ts';

/** What `explain` wants to know about the schema of a kind, or of `syncline.yaml`. */
export interface SchemaLookup {
  readonly keys: Readonly<Record<string, readonly string[]>>;
  readonly hints: Readonly<Record<string, string>>;
}

export function lookupOf(name: string): SchemaLookup {
  return { keys: knownKeys[name] ?? {}, hints: hints[name] ?? {} };
}
