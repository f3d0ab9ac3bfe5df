import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manifest, project } from '../cli/workspace.ts';
import { nodes, syncline } from '../support/processes.ts';

test('validate keeps what it has found in the cache folder of the user, and finds it there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'syncline-cache-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const cwd = join(folder, 'project');
  mkdirSync(join(cwd, 'syncs'), { recursive: true });
  writeFileSync(join(cwd, 'syncline.yaml'), project({ production: 'http://127.0.0.1:9' }));
  for (let index = 0; index < 60; index += 1) writeFileSync(join(cwd, `syncs/m${index}.yaml`), manifest(`m${index}`));
  const where = { cwd, env: { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') } };
  for (let time = 0; time < 2; time += 1)
    expect(await syncline(['validate'], where)).toEqual({ code: 0, stdout: '60 manifests are valid.\n', stderr: '' });
  const kept = join(folder, 'cache/syncline/validate');
  const [name = '', ...others] = readdirSync(kept);
  expect(others).toEqual([]);
  // Whoever finds the label there, and not in the file, has not read the file anew.
  writeFileSync(join(kept, name), readFileSync(join(kept, name), 'utf8').replace('Label of m7"', 'Label of m8"'));
  expect((await syncline(['validate'], where)).stdout).toContain('duplicate-label');
});

test.each(nodes)(
  '%s keeps the program as it has compiled it, where it can, and says the same with it',
  async (_name, node) => {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-compiled-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const where = { cwd: folder, node, env: { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') } };
    const first = await syncline(['--help'], where);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const kept = join(folder, 'cache/syncline/compiled');
    const isNewer = node !== process.execPath || Number.parseInt(process.versions.node, 10) >= 22;
    expect(existsSync(kept) && readdirSync(kept, { recursive: true }).length > 1).toBe(isNewer);
    expect(await syncline(['--help'], where)).toEqual(first);
  },
);
