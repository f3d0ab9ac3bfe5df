import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFabra } from '../../src/emulator/fabra/server.ts';
import { Exit } from '../../src/model/errors.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { type Provider, resourceOf } from '../../src/model/provider.ts';
import { canonical } from '../../src/providers/census/language/canonical.ts';
import { censusV1 } from '../../src/providers/census/v1/provider.ts';
import { fabra } from '../../src/providers/fabra/fabra.ts';
import { formatted } from '../../src/write/format.ts';
import { cli, folder } from '../cli/in-process.ts';
import { workspace } from '../cli/workspace.ts';
import { anySpec } from '../providers/census/arbitrary.ts';
import { exampleSeed } from '../providers/census/fact-sheet.ts';

/** Makes things that nobody has a manifest of; what has a label has one of its own, unless `label` says otherwise. */
async function make(provider: Provider, kind: string, specs: readonly JsonObject[]): Promise<void> {
  onTestFinished(() => provider.close());
  provider.permit('all');
  const { create } = resourceOf(provider, kind);
  for (const spec of specs) await create(spec);
  provider.permit('none');
}

/** Every manifest and every query below a folder. */
function filesIn(root: string, at = ''): readonly string[] {
  return readdirSync(join(root, at)).flatMap((name) => {
    const path = at === '' ? name : `${at}/${name}`;
    if (name.startsWith('.')) return [];
    return statSync(join(root, path)).isDirectory() ? filesIn(root, path) : [path];
  });
}

/** As a workspace holds it: the service wants one mapping that identifies a record, and has switched live syncs off. */
function asLive({ mode, mappings, ...spec }: JsonObject): JsonObject {
  const list = (mappings as readonly JsonObject[] | undefined) ?? [];
  const hasOne = list.some((one) => one.is_primary_identifier === true);
  const known = list.map((one, index) => (hasOne || index > 0 ? one : { ...one, is_primary_identifier: true }));
  const isLive = typeof mode === 'object' && mode !== null && 'type' in mode && mode.type === 'live';
  return { ...spec, mappings: known, ...(mode === undefined || isLive ? {} : { mode }) };
}

describe('a whole workspace is pulled, valid as it is, and planned empty', () => {
  test('200 syncs of Census, with datasets, twins, syncs without a label, and triggers', {
    timeout: 240_000,
  }, async () => {
    const space = await workspace({ seed: exampleSeed });
    rmSync(join(space.folder, 'syncs'), { recursive: true });
    const provider = censusV1({ token: space.emulator.token, baseUrl: space.emulator.url, concurrency: 8 });
    const specs = fc.sample(anySpec, { seed: 7, numRuns: 199 }).map((spec, index): JsonObject => {
      const { label: _, ...rest } = asLive(canonical(spec));
      const label =
        index % 10 === 0 ? 'Twins' : `Export ${index}: ${['Kunden → CRM', 'users', 'yes', '1.10'][index % 4]}`;
      return index % 17 === 0 ? rest : { ...rest, label };
    });
    await make(provider, 'CensusSync', specs);
    const parent = Number(space.emulator.syncs()[3]?.id);
    const follows = { type: 'triggered', triggers: { sync_sequence: { sync_id: parent } } };
    await make(provider, 'CensusSync', [{ ...specs[1], label: 'Follows', mode: follows }]);
    space.emulator.clearRequests();
    const said = await space.run('pull');
    expect({ code: said.code, err: said.err }).toEqual({ code: Exit.ok, err: '' });
    expect(said.out).toMatch(/201 written, 0 brought up to date, 201 bound, 0 left as they are\.\n/);
    const checked = JSON.parse((await space.run('validate --format json')).out);
    expect(checked).toMatchObject({ diagnostics: [], summary: { manifests: 201, errors: 0, warnings: 0 } });
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    const texts = filesIn(space.folder)
      .filter((file) => /^syncs.*yaml$/.test(file))
      .map((file) => readFileSync(join(space.folder, file), 'utf8'));
    for (const text of texts) expect(formatted(text)).toBe(text);
    expect(texts.join('')).toMatch(/sync_sequence: \{ sync: [a-z0-9-]+ \}/);
    expect((await space.run('pull')).out).toMatch(/0 written, 0 brought up to date, 0 bound, 0 left as they are\.\n$/);
    expect((await space.run('apply --auto-approve')).code).toBe(Exit.ok);
    expect(space.writes()).toEqual([]);
  });

  test('200 syncs of Fabra; twins cannot be told apart there, and are left', { timeout: 240_000 }, async () => {
    const emulator = await startFabra();
    onTestFinished(() => emulator.close());
    const provider = fabra({ token: emulator.token, baseUrl: emulator.url });
    const before = emulator.syncs();
    const [seen] = before;
    if (seen === undefined) throw new Error('The emulator holds no sync.');
    const mapping = (seen.field_mappings as readonly JsonObject[]).map(
      ({ source_field_name, destination_field_id, source_field_type }) => ({
        source_field_name,
        destination_field_id,
        ...(source_field_type ? { source_field_type } : {}),
      }),
    ) as unknown as Json;
    const { source_id = null, object_id = null, end_customer_id = null } = seen;
    const body = (index: number): JsonObject => ({
      display_name: `Feed ${index}`,
      end_customer_id,
      source_id,
      object_id,
      namespace: 'public',
      table_name: `table_${index}`,
      sync_mode: 'full_overwrite',
      recurring: false,
      field_mappings: mapping,
    });
    await make(
      provider,
      'FabraSync',
      Array.from({ length: 200 - before.length }, (_, index) => body(index)),
    );
    const cwd = folder();
    writeFileSync(
      join(cwd, 'syncline.yaml'),
      `version: 1\nmanifests: [syncs/*.yaml]\ntargets:\n  production: { provider: fabra, api: server, base_url: "${emulator.url}", token: "\${env.KEY}" }\n`,
    );
    const run = (line: string) => cli(line, { cwd, env: { KEY: emulator.token } });
    const said = await run('pull');
    expect({ code: said.code, err: said.err }).toEqual({ code: Exit.ok, err: '' });
    expect(said.out).toMatch(/200 written, 0 brought up to date, 200 bound, 0 left as they are\.\n/);
    expect(await run('validate')).toMatchObject({ code: Exit.ok, out: '200 manifests are valid.\n' });
    expect((await run('plan --exit-code')).code).toBe(Exit.ok);
    expect((await run('pull')).out).toMatch(/0 written, 0 brought up to date, 0 bound, 0 left as they are\.\n$/);
    await make(provider, 'FabraSync', [body(0)]);
    const twins = await run('pull');
    expect(twins.code).toBe(Exit.refused);
    expect(twins.out).toContain('and so do others');
    expect((await run('plan --exit-code')).code).toBe(Exit.ok);
  });
});
