import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest, project } from '../cli/workspace.ts';
import { built, type Emulator, run, startEmulator, syncline } from '../support/processes.ts';

const wipe = '\r\u001b[K';

describe('at a real terminal', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'syncline-terminal-'));
  let emulator: Emulator;
  let env: Readonly<Record<string, string>> = {};

  beforeAll(async () => {
    emulator = await startEmulator(['--api', 'census-v1', '--fault', 'GET /syncs:delay=900'], { cwd });
    mkdirSync(join(cwd, 'syncs'));
    writeFileSync(join(cwd, 'syncline.yaml'), project({ production: emulator.url }));
    writeFileSync(join(cwd, 'syncs/users.yaml'), manifest('users'));
    env = { TOKEN: emulator.token, TERM: 'xterm' };
  });

  afterAll(async () => {
    await emulator.stop();
    rmSync(cwd, { recursive: true });
  });

  /** What a terminal gets of both outputs. */
  async function shown(line: string): Promise<string> {
    const command = `stty cols 60; '${process.execPath}' '${built()}' ${line}`;
    const { stdout } = await run('script', ['-qec', command, '/dev/null'], { cwd, env: { ...env, SHELL: '/bin/sh' } });
    return stdout;
  }

  test('progress appears, and is wiped before the plan', async () => {
    const said = await shown('plan');
    expect(said).toContain(`${wipe}production: reading`);
    const [before = '', plan] = stripVTControlCharacters(said.replaceAll(wipe, '|')).split('Target production');
    expect(plan).toContain('1 to create');
    expect(before).toMatch(/^(\|production: reading[^|\n]*)+\|$/);
    // What is wider than the terminal would stay.
    for (const line of before.split('|')) expect(line.length).toBeLessThan(60);
  });

  test('and not with --quiet, nor in a pipe', async () => {
    expect(await shown('plan --quiet')).not.toContain('reading');
    expect((await syncline(['plan'], { cwd, env })).stderr).toBe('');
  });
});
