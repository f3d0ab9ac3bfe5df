import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type afterAll, onTestFinished } from 'vitest';
import { type Validated, type ValidateOptions, validateProject } from '../../src/engine/validate/validate.ts';
import { loadProject } from '../../src/load/project.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { censusDataset } from '../../src/providers/census/language/dataset/kind.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files, by path; gone after the test, or after all of them with `afterAll`. */
export function folder(files: Files = {}, after: typeof onTestFinished | typeof afterAll = onTestFinished): string {
  const root = mkdtempSync(join(tmpdir(), 'syncline-'));
  after(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** A project file with two Census targets. */
export const twoTargets = `version: 1
manifests: [syncs/**/*.yaml]
targets:
  production:
    provider: census
    api: v1
    token: \${env.CENSUS_TOKEN}
    vars: { warehouse: Snowflake Prod, hour: 6, "on": true, api: 1.10 }
  staging:
    provider: census
    api: v1
    token: \${env.CENSUS_TOKEN_STAGING}
    vars: { warehouse: Snowflake Test, hour: 6, api: 1.10 }
`;

/** Validates the project in `root`, which must load. */
export async function validated(root: string, options: Partial<ValidateOptions> = {}): Promise<Validated> {
  const { project, diagnostics } = loadProject({ directory: root, config: undefined });
  if (project === undefined) throw new Error(`The project does not load: ${diagnostics.map(line).join('; ')}`);
  return await validateProject({ project, kinds: [censusSync, censusDataset], ...options });
}

/** `file:line:column code`, for one diagnostic. */
export function line({ file, line: row, column, code }: Diagnostic): string {
  return `${file}:${row}:${column} ${code}`;
}

/** A small valid manifest; `more` is put under spec, in place of the line it begins with, if there is one. */
export function manifest(name: string, label = name, more = ''): string {
  return `kind: CensusSync
name: ${name}
spec:
  label: ${label}
  operation: upsert
  source_attributes: { connection: Warehouse, object: { type: model, name: users } }
  destination_attributes: { connection: CRM, object: Contact }
  mappings:
    - { from: EMAIL, to: Email, primary: true }
${more}`;
}
