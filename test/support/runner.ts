import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { built, type Ended, run } from './processes.ts';

/** What a job of a workflow did, as far as its steps are commands; what actions do is up to the test. */
export interface Done {
  /** Did every step end well that ran? */
  readonly ok: boolean;
  /** The job's summary. */
  readonly summary: string;
  /** All that its steps printed. */
  readonly log: string;
  /** The actions that its steps would have called. */
  readonly used: readonly string[];
  /** A file that it left in its temporary folder. */
  file(name: string): string;
  has(name: string): boolean;
}

export interface Job {
  readonly steps: readonly Step[];
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A machine that runs jobs: with Node and Git, an npm that installs nothing, and a gh whose GitHub is a folder. */
export interface Runner {
  /** What GitHub holds: `comments` and `issues`. */
  github(kind: 'comments' | 'issues'): readonly Readonly<Record<string, unknown>>[];
  /** Has GitHub hold pull requests, runs or artefacts. */
  hold(kind: 'pulls' | 'runs' | 'artefacts', things: readonly object[]): void;
  /** Runs the steps of a job in a checkout. `contexts`: what expressions may ask for. */
  job(job: Job, checkout: string, contexts: Contexts): Promise<Done>;
  /** Runs commands as one script. */
  script(commands: readonly string[], checkout: string, env: Readonly<Record<string, string>>): Promise<Ended>;
}

export interface Contexts {
  readonly github: Readonly<Record<string, unknown>>;
  readonly matrix?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** May the job's token not write comments and issues? */
  readonly readOnly?: true;
}

export function runner(folder: string): Runner {
  const programs = join(folder, 'programs');
  const state = join(folder, 'github');
  mkdirSync(programs, { recursive: true });
  mkdirSync(state, { recursive: true });
  program(programs, 'npm', 'exit 0');
  program(programs, 'npx', `[ "$1" = --yes ] && shift\nshift\nexec "${process.execPath}" "${built()}" "$@"`);
  program(programs, 'gh', `exec "${process.execPath}" "${join(import.meta.dirname, 'gh.mjs')}" "$@"`);
  const path = [programs, dirname(process.execPath), process.env.PATH].join(delimiter);

  const script: Runner['script'] = (commands, checkout, env) => {
    const file = join(mkdtempSync(join(folder, 'script-')), 'run.sh');
    writeFileSync(file, `${commands.join('\n')}\n`);
    const given = { ...env, PATH: path, GITHUB_STATE: state };
    return run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], { cwd: checkout, env: given });
  };

  return {
    script,
    hold: (kind, things) => writeFileSync(join(state, kind), JSON.stringify(things)),
    github: (kind) => (existsSync(join(state, kind)) ? JSON.parse(readFileSync(join(state, kind), 'utf8')) : []),
    job: async ({ steps }, checkout, contexts) => {
      const place = mkdtempSync(join(folder, 'job-'));
      const file = (name: string) => join(place, name);
      for (const name of ['summary', 'output']) writeFileSync(file(name), '');
      const outputs: Record<string, { outputs: Readonly<Record<string, string>> }> = {};
      const used: string[] = [];
      let [ok, log] = [true, ''];
      const resolved = (text: string) => evaluate(text, { ...contexts, steps: outputs, runner: { temp: place }, ok });
      for (const step of steps) {
        if (resolved(condition(step.if)) !== true) continue;
        if (step.uses !== undefined) used.push(step.uses);
        if (step.run === undefined) continue;
        writeFileSync(file('output'), '');
        const given = Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text, resolved)]);
        const ended = await script([step.run], checkout, {
          ...environmentOf(contexts, place),
          ...Object.fromEntries(given),
        });
        ok &&= ended.code === 0;
        log += ended.stdout + ended.stderr;
        const lines = readFileSync(file('output'), 'utf8').split('\n');
        const pairs = lines.map((line) => /^(\w+)=(.*)$/.exec(line)).filter((match) => match !== null);
        outputs[step.id ?? ''] = {
          outputs: Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value])),
        };
      }
      const text = (name: string) => readFileSync(file(name), 'utf8');
      return { ok, log, used, summary: text('summary'), file: text, has: (name) => existsSync(file(name)) };
    },
  };
}

function environmentOf({ github, readOnly }: Contexts, place: string): Readonly<Record<string, string>> {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: String(github.repository),
    GITHUB_REF: String(github.ref),
    GITHUB_WORKFLOW_REF: `${github.repository}/${github.workflow}@${github.ref}`,
    GITHUB_STEP_SUMMARY: join(place, 'summary'),
    GITHUB_OUTPUT: join(place, 'output'),
    RUNNER_TEMP: place,
    ...(readOnly ? { GITHUB_READ_ONLY: 'true' } : {}),
  };
}

function program(folder: string, name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** A text with its expressions replaced by what they are; nothing is an empty text. */
function filled(text: string, resolved: (expression: string) => unknown): string {
  return String(text).replace(/\$\{\{.*?\}\}/g, (expression) => String(resolved(expression) ?? ''));
}

/** A step that does not ask how the others ended runs only where they ended well. */
function condition(text = 'true'): string {
  return /\b(success|failure|cancelled|always)\(/.test(text) ? text : `success() && (${text}) === true`;
}

/** The expressions of a workflow are JavaScript, as far as ours go. */
function evaluate(text: string, { ok, ...contexts }: Readonly<Record<string, unknown>> & { ok: boolean }): unknown {
  const bare = text.replace(/^\$\{\{(.*)\}\}$/s, '$1').trim();
  const checks = {
    success: () => ok,
    failure: () => !ok,
    cancelled: () => false,
    contains: (list: readonly unknown[], item: unknown) => list.includes(item),
    fromJSON: JSON.parse,
  };
  // What an expression asks for and is not there, it takes for nothing.
  const lenient = bare.replace(/\.(?=[a-z])/gi, '?.');
  return runInNewContext(lenient, { matrix: {}, inputs: {}, ...contexts, ...checks });
}
