import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { built, syncline } from '../support/processes.ts';

const cwd = tmpdir();

/** The built program as a process: what cannot be seen from inside. */
describe('the program', () => {
  test.each([
    [['--version'], 0, `${packageJson.version}\n`],
    [['pln'], 3, ''],
    [['-C', '/', 'plan'], 3, ''],
  ])('%j ends with %d', async (args, code, stdout) => {
    expect(await syncline(args, { cwd })).toMatchObject({ code, stdout });
  });

  test('writes all of a long result into a pipe before it ends', async () => {
    const { stdout } = await syncline(['schema', 'CensusSync'], { cwd });
    expect(stdout.length).toBeGreaterThan(65_536);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object' });
  });

  test('says nothing when its reader goes away', async () => {
    const child = spawn(process.execPath, [built(), 'schema', 'CensusSync'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('an emulator ends with 0 on %s', async (signal) => {
    const child = spawn(process.execPath, [built(), 'emulate', '--api', 'census-v1'], { cwd, stdio: 'pipe' });
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
