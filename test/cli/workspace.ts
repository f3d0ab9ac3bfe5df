import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SeedSync } from '../../src/emulator/census-v1/seed.ts';
import { type CensusEmulator, type CensusV1Options, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { cli, folder, type Said, type Setting } from './in-process.ts';

/** A project in a folder of its own, and the workspace that its target is. Both are gone after the test. */
export interface Workspace {
  readonly emulator: CensusEmulator;
  readonly folder: string;
  write(path: string, text: string): void;
  run(line: string | readonly string[], setting?: Setting): Promise<Said>;
  /** Methods and paths of what has been sent and is no read. */
  writes(): readonly string[];
}

export async function workspace(options: CensusV1Options = {}): Promise<Workspace> {
  const emulator = await startCensusV1(options);
  onTestFinished(() => emulator.close());
  const cwd = folder();
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  write('syncline.yaml', project({ production: emulator.url }));
  write('syncs/users.yaml', manifest('users'));
  return {
    emulator,
    folder: cwd,
    write,
    run: (line, setting = {}) => cli(line, { cwd, env: { TOKEN: emulator.token }, ...setting }),
    writes: () => emulator.requests.filter((one) => one.method !== 'GET').map((one) => `${one.method} ${one.path}`),
  };
}

/** The text of a project file with these targets, each by its address. */
export function project(targets: Readonly<Record<string, string>>): string {
  const blocks = Object.entries(targets).map(
    ([name, url]) => `  ${name}: { provider: census, api: v1, base_url: "${url}", token: "\${env.TOKEN}" }\n`,
  );
  return `version: 1\nmanifests: [syncs/**/*.yaml]\ntargets:\n${blocks.join('')}`;
}

export function manifest(name: string, spec = ''): string {
  return `kind: CensusSync
name: ${name}
spec:
  label: Label of ${name}
  operation: upsert
  source_attributes:
    connection: Snowflake Prod
    object: { type: table, table_catalog: analytics, table_schema: public, table_name: users }
  destination_attributes: { connection: Salesforce, object: Contact }
  mappings:
    - { from: email, to: Email, primary: true }
${spec}`;
}

/** A sync for a seed: from a table to contacts, without a label. */
export function seedSync(id: number, more: JsonObject = {}): SeedSync {
  return {
    id,
    operation: 'upsert',
    source_attributes: {
      connection_id: 501,
      object: { type: 'table', table_catalog: 'analytics', table_schema: 'public', table_name: 'users' },
    },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
    ...more,
  };
}
