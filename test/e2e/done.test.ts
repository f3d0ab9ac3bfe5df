import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Emulator, nodes, root, startEmulator, syncline } from '../support/processes.ts';

const emulators: Emulator[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const one of emulators.splice(0)) await one.stop();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe.each(nodes)('on %s, with only environment variables set,', (_name, node) => {
  test('the examples go from a plan through a dry run to a live workspace that matches them', async () => {
    const project = copyOfExamples();
    const emulator = await startEmulator(['--api', 'census-v1'], { cwd: project, node });
    emulators.push(emulator);
    const where = { cwd: project, node, env: { CENSUS_URL: emulator.url, CENSUS_TOKEN: emulator.token } };

    const first = await syncline(['plan', '--exit-code'], where);
    expect(first).toMatchObject({ code: 2, stderr: '' });
    expect(await emulator.writes()).toEqual([]);

    expect(await syncline(['apply', '--dry-run'], where)).toMatchObject({ code: 0 });
    const probes = await emulator.writes();
    expect(probes.length).toBeGreaterThanOrEqual(10);
    expect(probes.filter((one) => !isProbe(one))).toEqual([]);
    expect(await syncline(['plan', '--exit-code'], where)).toMatchObject({ code: 2, stdout: first.stdout });

    expect(await syncline(['apply', '--auto-approve'], where)).toMatchObject({ code: 0 });
    const written = (await emulator.writes()).slice(probes.length);
    const lines = written.map((one) => `${one.method} ${one.path}`);
    // A sync of a dataset that is made first cannot be checked before.
    expect(lines.filter((line) => line === 'POST /api/v1/syncs')).toHaveLength(probes.length + 1);
    expect(lines.filter((line) => line === 'POST /api/v1/datasets')).toHaveLength(2);
    const others = lines.filter((line) => !/^POST \/api\/v1\/(syncs|datasets)$/.test(line));
    expect(others.filter((line) => !/^POST \/api\/v1\/datasets\/\d+\/refresh_columns$/.test(line))).toEqual([]);
    expect(others).toHaveLength(2);

    expect(await syncline(['plan', '--exit-code'], where)).toMatchObject({ code: 0 });
    expect(await syncline(['apply', '--auto-approve'], where)).toMatchObject({ code: 0 });
    expect(await emulator.writes()).toHaveLength(probes.length + written.length);
  }, 60_000);
});

function copyOfExamples(): string {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-done-'));
  folders.push(folder);
  cpSync(join(root, 'examples'), folder, { recursive: true });
  return folder;
}

function isProbe({ method, path, body }: Awaited<ReturnType<Emulator['writes']>>[number]): boolean {
  return method === 'POST' && path === '/api/v1/syncs' && body?.validate_only === true;
}
