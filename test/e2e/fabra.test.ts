import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Emulator, root, startEmulator, syncline } from '../support/processes.ts';

/** The body that the API reference shows, pasted under `spec`. */
const documented = readFileSync(join(root, 'examples/fabra/syncs/event-sync.yaml'), 'utf8');

let emulator: Emulator;
let folder: string;

afterEach(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe.each([
  ['server', 'as-traced'],
  ['server', 'as-intended'],
  ['documented', 'as-traced'],
  ['documented', 'as-intended'],
])('dialect %s, profile %s', (dialect, profile) => {
  test('the documented body goes from validate through a dry run to a live sync that matches it', async () => {
    folder = mkdtempSync(join(tmpdir(), 'syncline-fabra-'));
    mkdirSync(join(folder, 'syncs'));
    writeFileSync(join(folder, 'syncs', 'event-sync.yaml'), documented);
    writeFileSync(join(folder, 'syncline.yaml'), projectFile(dialect));
    const where = { cwd: folder };
    emulator = await startEmulator(['--api', 'fabra', '--profile', profile, '--dialect', dialect], where);
    const env = { FABRA_URL: emulator.url, FABRA_TOKEN: emulator.token };

    expect(await syncline(['validate'], where)).toMatchObject({ code: 0 });
    expect(await syncline(['plan', '--exit-code'], { cwd: folder, env })).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('Plan: 1 to create'),
    });
    const dryRun = await syncline(['apply', '--dry-run'], { cwd: folder, env });
    expect(dryRun).toMatchObject({ code: 0, stdout: expect.stringContaining('Checked locally') });
    expect((await emulator.writes()).filter((one) => one.path !== '/link_token')).toEqual([]);
    expect(await syncline(['apply', '--auto-approve'], { cwd: folder, env })).toMatchObject({ code: 0 });
    expect(await syncline(['plan', '--exit-code'], { cwd: folder, env })).toMatchObject({ code: 0 });
  });
});

function projectFile(dialect: string): string {
  return `version: 1
manifests: [syncs/*.yaml]
ledger: file
targets:
  production:
    provider: fabra
    api: ${dialect}
    base_url: \${env.FABRA_URL}
    token: \${env.FABRA_TOKEN}
`;
}
