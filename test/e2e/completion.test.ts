import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifest, project } from '../cli/workspace.ts';
import { built, run } from '../support/processes.ts';
import { openTerminal } from '../support/terminal.ts';

/** What is typed before the Tab key, and the last word that then stands on the line. */
const lines = [
  ['syncline pl', 'plan'],
  ['syncline plan --exit', '--exit-code'],
  ['syncline plan --format h', 'html'],
  ['syncline plan --format=h', '--format=html'],
  ['syncline --target s', 'staging'],
  ['syncline drift --only CensusSync/us', 'CensusSync/users'],
  ['syncline adopt CensusSync/or', 'CensusSync/orders'],
  ['syncline apply sav', 'saved plan.json'],
  ['syncline -C syn', 'syncs'],
  ['syncline log --limit 1', '1'],
] as const;

const cwd = mkdtempSync(join(tmpdir(), 'syncline-completion-'));
const path = [join(cwd, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
const env = { PATH: path, HOME: cwd, TERM: 'dumb', SHELL: '/bin/sh', PS1: 'ready> ' };

beforeAll(() => {
  mkdirSync(join(cwd, 'bin'));
  symlinkSync(built(), join(cwd, 'bin/syncline'));
  mkdirSync(join(cwd, 'syncs'));
  const url = 'http://127.0.0.1:9';
  writeFileSync(join(cwd, 'syncline.yaml'), project({ production: url, staging: url }));
  for (const name of ['users', 'orders']) writeFileSync(join(cwd, `syncs/${name}.yaml`), manifest(name));
  writeFileSync(join(cwd, 'saved plan.json'), '{}');
});

afterAll(() => rmSync(cwd, { recursive: true }));

describe.each([
  ['bash', 'bash --norc --noprofile -i', 'source <(syncline completion bash)'],
  ['zsh', 'zsh -f -i', 'autoload -Uz compinit; compinit -u; source <(syncline completion zsh)'],
])('%s completes', (_name, shell, load) => {
  const terminal = openTerminal(shell, { cwd, env });

  beforeAll(async () => {
    await terminal.until(/ready> /);
    terminal.type(`${load}; echo load'ed'\n`);
    await terminal.until(/^loaded\r?$/m);
  });

  afterAll(() => terminal.end());

  test.each(lines)('%s', async (typed, expected) => {
    // The line is not run but shown: to its beginning, and a command in front.
    terminal.type(`${typed}\t\u0001printf '<%s>' \n`);
    const shown = await terminal.until(/<syncline>(<[^%>]*>)+[^<]*ready> /);
    expect(/<syncline>.*<([^%>]*?)\/?>/.exec(shown)?.[1]).toBe(expected);
  });
});

describe('fish completes', () => {
  test.each(lines)('%s', async (typed, expected) => {
    const script = `syncline completion fish | source; complete -C '${typed}'`;
    const { stdout, stderr } = await run('fish', ['--no-config', '-c', script], { cwd, env });
    expect(stderr).toBe('');
    const candidates = stdout.split('\n').map((line) => line.split('\t')[0]?.replace(/\/$/, ''));
    if (typed.endsWith(` ${expected}`)) expect(candidates).toEqual(['']);
    else expect(candidates).toContain(expected);
  });
});

describe('whoever presses Tab', () => {
  test.each([
    ['outside a project', '/', []],
    ['in a project that is broken', 'broken', []],
  ])('gets no errors %s', async (_where, place, expected) => {
    const folder = place === '/' ? place : join(cwd, place);
    mkdirSync(folder, { recursive: true });
    if (place !== '/') writeFileSync(join(folder, 'syncline.yaml'), 'targets: [\n');
    const asked = await run('syncline', ['--get-completions', 'plan', '--target', ''], { cwd: folder, env });
    expect(asked).toEqual({ code: 0, stdout: expected.join('\n'), stderr: '' });
  });
});
