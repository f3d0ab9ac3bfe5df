import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../model/catalogue.ts';
import type { SchemaValidator } from '../model/kind.ts';
import { type FileProblem, isFile } from './files.ts';

/** More than any workspace fills. */
const maxBytes = 64 * 1024 * 1024;

/** Where the catalogue of a target lies, relative to the project. */
export function cataloguePath(target: string): string {
  return `.syncline/catalogue/${target}.json`;
}

/** The catalogue of a target, or why it is none; undefined where there is no such file. Its validator is loaded only where there is one. */
export async function readCatalogue(root: string, target: string): Promise<Catalogue | FileProblem | undefined> {
  const file = cataloguePath(target);
  const full = join(root, file);
  if (!isFile(full)) return undefined;
  try {
    if (statSync(full).size > maxBytes) return broken(file, 'it is larger than 64 MiB');
    const value: unknown = JSON.parse(readFileSync(full, 'utf8').replace(/^\uFEFF/, ''));
    const { validateCatalogue } = await import('../generated/validators/catalogue.js');
    if (isCatalogue(value, validateCatalogue)) return value;
    const [error] = validateCatalogue.errors ?? [];
    const place = error?.instancePath ?? '';
    return broken(file, `it does not fit its schema${place === '' ? '' : ` at ${place}`}`);
  } catch (error) {
    if (error instanceof SyntaxError) return broken(file, 'it is not JSON');
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return broken(file, String(error.code));
  }
}

function isCatalogue(value: unknown, validate: SchemaValidator): value is Catalogue {
  return validate(value);
}

function broken(file: string, why: string): FileProblem {
  return {
    code: 'broken-catalogue',
    message: `This catalogue cannot be used: ${why}.`,
    hint: 'Write it anew with `syncline pull --catalogue`.',
    file,
  };
}
