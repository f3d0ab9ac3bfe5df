import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { JsonObject } from '../../src/emulator/json.ts';

/** One thing that happens in a story. */
export type Step =
  /** A command line, without `syncline`. */
  | { readonly run: string }
  /** The folder beside `input` whose files are laid over the project. */
  | { readonly lay: string }
  /** A file or folder of the project that goes away. */
  | { readonly remove: string }
  /** Somebody else changes the sync with this label in the service's own pages. */
  | { readonly elsewhere: string; readonly patch: JsonObject };

export interface Story {
  readonly name: string;
  readonly folder: string;
  readonly steps: readonly Step[];
}

/** Every folder here that holds `steps.yaml`. */
export function storiesIn(home: string): readonly Story[] {
  const folders = readdirSync(home, { withFileTypes: true }).filter((one) => one.isDirectory());
  return folders.map(({ name }) => {
    const folder = join(home, name);
    const steps = load(readFileSync(join(folder, 'steps.yaml'), 'utf8')) as readonly Step[];
    return { name, folder, steps };
  });
}
