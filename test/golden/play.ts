import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CensusEmulator, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { cli, folder, type Said } from '../cli/in-process.ts';
import type { Step, Story } from './story.ts';

/** The day of every story: an API has 45 more, and the sentence that says so holds on any day. */
const now = new Date('2026-12-01T10:00:00Z');

/** What each command line of a story said, in order, by the name of its file in `expected`. */
export async function play(story: Story): Promise<ReadonlyMap<string, string>> {
  const emulator = await startCensusV1({ quirks: { refreshPolls: 0 } });
  onTestFinished(() => emulator.close());
  const cwd = folder();
  cpSync(join(story.folder, 'input'), cwd, { recursive: true });
  // A run of CI says who applies; elsewhere that would be the person and the machine.
  const ci = { GITLAB_CI: 'true', GITLAB_USER_LOGIN: 'ada', CI_JOB_ID: '7' };
  const env = { URL: emulator.url, TOKEN: emulator.token, ...ci };
  const told = new Map<string, string>();
  for (const step of story.steps) {
    if (!('run' in step)) {
      happen(step, story, cwd, emulator);
      continue;
    }
    const said = await cli(step.run, { cwd, env, now });
    told.set(fileName(told.size + 1, step.run), steady(transcript(step.run, said), cwd, emulator));
  }
  return told;
}

function happen(step: Exclude<Step, { run: string }>, story: Story, cwd: string, emulator: CensusEmulator): void {
  if ('lay' in step) cpSync(join(story.folder, step.lay), cwd, { recursive: true });
  else if ('remove' in step) rmSync(join(cwd, step.remove), { recursive: true });
  else {
    const sync = emulator.syncs().find((one) => one.label === step.elsewhere);
    if (sync === undefined) throw new Error(`No sync is called "${step.elsewhere}".`);
    emulator.mutate(Number(sync.id), step.patch);
  }
}

/** `1-plan-markdown.txt` */
function fileName(index: number, line: string): string {
  const words = line.split(/[^a-z0-9]+/i).filter((word) => word !== '' && word !== 'format');
  return `${index}-${words.join('-')}.txt`;
}

function transcript(line: string, { code, out, err }: Said): string {
  const parts = [`$ syncline ${line}`, out.trimEnd(), ...(err === '' ? [] : ['--- stderr', err.trimEnd()])];
  return `${[...parts, `--- exit ${code}`].filter((part) => part !== '').join('\n')}\n`;
}

/** The text with what differs from one run, machine or version to the next replaced by what it is. Markdown escapes the address. */
function steady(text: string, cwd: string, emulator: CensusEmulator): string {
  const { port } = new URL(emulator.url);
  return text
    .replaceAll(new RegExp(`127(\\\\?)\\.0\\1\\.0\\1\\.1\\1:${port}`, 'g'), 'EMULATOR')
    .replaceAll(cwd, 'PROJECT')
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{6}/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'DIGEST')
    .replaceAll(/"syncline \d+\.\d+\.\d+"/g, '"syncline VERSION"');
}
