import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from '../src/cli/parse.ts';
import { matrixJson } from '../src/render/fleet/matrix.ts';
import { checkAgainst, lintScript, lintWorkflows } from './support/linters.ts';
import { root, run } from './support/processes.ts';

/** The example of a fleet, for each engine that can run it: what a linter does not know is checked by hand here. */
const folder = join(root, 'examples/fleet');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const engines = ['github.yml', 'gitlab-ci.yml', 'argo.yaml', 'airflow_dags.py', 'dagster_jobs.py'] as const;
const { version }: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe.each(engines)('%s', (name) => {
  test('runs the version that this is, with a token for each target, and is explained in the guide', () => {
    const text = read(name);
    const versions = [...text.matchAll(/syncline[@:](\d[\w.]*)/g)].map(([, one]) => one);
    expect(new Set(versions)).toEqual(new Set([version]));
    const tokens = read('fleet.csv').match(/(?<=\$\{env\.)\w+/g) ?? [];
    expect(tokens.length).toBeGreaterThan(1);
    expect(tokens.filter((token) => !text.includes(token))).toEqual([]);
    expect(read('README.md')).toContain(`(${name})`);
  });

  test('gives only command lines that are understood: the shards, an apply of each, a look for drift', async () => {
    const lines = await linesOf(name);
    const asked = lines.map((line) => {
      const request = parse(line);
      return request.ask === 'run' ? request.command.name : request.ask;
    });
    expect(asked).toEqual(expect.arrayContaining(['apply', 'drift']));
    expect(lines.filter(([command]) => command === 'apply').every((line) => line.includes('--auto-approve'))).toBe(
      true,
    );
  });
});

test('every engine is here', () => {
  const others = ['README.md', 'acme', 'bolt', 'common', 'fleet.csv', 'syncline.yaml'];
  expect(new Set(readdirSync(folder))).toEqual(new Set([...engines, ...others]));
});

test('the workflow for GitHub has no fault, and takes from the matrix what is there', async () => {
  expect(await lintWorkflows([join(folder, 'github.yml')])).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await checkAgainst('github-workflows', [join(folder, 'github.yml')])).toMatchObject({ code: 0 });
  const [shard = {}]: readonly object[] = JSON.parse(matrixJson([{ shard: '1/1', targets: ['acme'], manifests: 2 }]));
  const taken = new Set([...read('github.yml').matchAll(/matrix\.(\w+) \}\}/g)].flatMap(([, key = '']) => key));
  expect([...taken].filter((key) => key !== 'outputs' && !Object.hasOwn(shard, key))).toEqual([]);
  expect(taken).toContain('args');
});

test('the pipeline for GitLab has no fault, and its report expects each of its shards', async () => {
  expect(await checkAgainst('gitlab-ci', [join(folder, 'gitlab-ci.yml')])).toMatchObject({ code: 0 });
  const pipeline = load(read('gitlab-ci.yml')) as Readonly<Record<string, GitlabJob>>;
  const scripts = Object.values(pipeline).flatMap(({ script = [] }) => script);
  const place = mkdtempSync(join(tmpdir(), 'syncline-engines-'));
  onTestFinished(() => rmSync(place, { recursive: true }));
  writeFileSync(join(place, 'jobs.sh'), `#!/bin/bash\n${scripts.join('\n')}\n`);
  expect(await lintScript(join(place, 'jobs.sh'))).toEqual({ code: 0, stdout: '', stderr: '' });
  const shards = Object.values(pipeline).flatMap(
    ({ parallel }) => parallel?.matrix.flatMap(({ SHARD }) => SHARD) ?? [],
  );
  expect(shards.length).toBeGreaterThan(1);
  expect(shards).toEqual(shards.map((_, index) => `${index + 1}/${shards.length}`));
  expect(scripts.at(-1)).toContain(`--expect ${shards.length} `);
});

interface GitlabJob {
  readonly script?: readonly string[];
  readonly parallel?: { readonly matrix: readonly { readonly SHARD: readonly string[] }[] };
}

describe('argo.yaml', () => {
  const [fleet, nightly] = loadAll(read('argo.yaml')) as unknown as readonly [Resource, Resource];
  const { templates = [], volumes = [], entrypoint, synchronization } = fleet.spec;
  const named = new Map(templates.map((one) => [one.name, one]));

  test('refers to nothing that is not there', () => {
    const steps = templates.flatMap((one) => (one.steps ?? []).flat());
    const called = [entrypoint, nightly.spec.workflowSpec?.entrypoint, ...steps.map((step) => step.template)];
    expect(called.filter((name) => name === undefined || !named.has(name))).toEqual([]);
    expect(nightly.spec.workflowSpec?.workflowTemplateRef.name).toBe(fleet.metadata.name);
    for (const { template, arguments: given } of steps) {
      const taken = named.get(template)?.inputs?.parameters ?? [];
      expect((given?.parameters ?? []).map(({ name }) => name)).toEqual(taken.map(({ name }) => name));
    }
    for (const { container, initContainers = [], volumes: own = [] } of templates) {
      const there = [...volumes, ...own].map(({ name }) => name);
      const mounted = [container, ...initContainers].flatMap((one) => one?.volumeMounts ?? []);
      expect(mounted.filter(({ name }) => !there.includes(name))).toEqual([]);
    }
  });

  test('lets one workflow run at a time, and gives tokens to whoever calls the service alone', () => {
    expect(synchronization?.mutexes).toEqual([{ name: 'syncline-fleet' }]);
    const [trusted, others] = [true, false].map((wanted) =>
      templates.filter(({ container }) => (container?.envFrom !== undefined) === wanted).map(({ name }) => name),
    );
    expect(trusted).toEqual(['apply-shard', 'drift-shard']);
    expect(others).toEqual(['apply', 'drift', 'shards']);
  });
});

interface Named {
  readonly name: string;
}

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly volumeMounts?: readonly Named[];
  readonly envFrom?: unknown;
}

interface Resource {
  readonly metadata: Named;
  readonly spec: {
    readonly entrypoint?: string;
    readonly synchronization?: { readonly mutexes: readonly Named[] };
    readonly volumes?: readonly Named[];
    readonly templates?: readonly (Named & {
      readonly inputs?: { readonly parameters: readonly Named[] };
      readonly steps?: readonly (readonly (Named & {
        readonly template: string;
        readonly arguments?: { readonly parameters: readonly Named[] };
      })[])[];
      readonly volumes?: readonly Named[];
      readonly initContainers?: readonly Container[];
      readonly container?: Container;
    })[];
    readonly workflowSpec?: { readonly entrypoint: string; readonly workflowTemplateRef: Named };
  };
}

/**
 * What Airflow 3.3 with its provider for Kubernetes 10.25, and Dagster 1.13, take of what the examples give them: they are too large
 * to be installed for a test.
 */
const taken: Readonly<Record<string, readonly string[]>> = {
  DAG: ['schedule', 'catchup', 'max_active_runs'],
  'KubernetesPodOperator.partial': [
    ...['task_id', 'name', 'image', 'env_from', 'init_containers', 'volumes', 'volume_mounts'],
    ...['retries', 'retry_delay', 'execution_timeout'],
  ],
  'k8s.V1Container': ['name', 'image', 'command', 'args', 'volume_mounts'],
  'k8s.V1EnvFromSource': ['secret_ref'],
  'k8s.V1EmptyDirVolumeSource': [],
  'k8s.V1SecretEnvSource': ['name'],
  'k8s.V1SecretVolumeSource': ['secret_name'],
  'k8s.V1Volume': ['name', 'empty_dir', 'secret'],
  'k8s.V1VolumeMount': ['name', 'mount_path', 'read_only'],
  'dg.Definitions': ['jobs', 'schedules'],
  'dg.DynamicOut': [],
  'dg.DynamicOutput': ['mapping_key'],
  'dg.Failure': ['allow_retries'],
  'dg.RetryPolicy': ['max_retries', 'delay', 'backoff'],
  'dg.ScheduleDefinition': ['job', 'cron_schedule'],
  'dg.job': ['tags'],
  'dg.op': ['out', 'retry_policy'],
};

test.each(['airflow_dags.py', 'dagster_jobs.py'])(
  '%s calls what its engine has, with what that takes',
  async (name) => {
    const calls = await callsIn(name);
    const foreign = calls.filter((call) => /^(DAG|KubernetesPodOperator|k8s|dg)\b/.test(call.name));
    const own = foreign.filter((call) => !call.name.endsWith(')).expand'));
    expect(own.length).toBeGreaterThan(5);
    const unknown = own.flatMap((call) => call.keywords.filter((key) => !taken[call.name]?.includes(key)));
    expect(own.filter((call) => taken[call.name] === undefined)).toEqual([]);
    expect(unknown).toEqual([]);
  },
);

interface Call {
  readonly name: string;
  readonly words: readonly (string | null)[];
  readonly keywords: readonly string[];
}

/** Every call in a file of Python, which is parsed for it. */
async function callsIn(name: string): Promise<readonly Call[]> {
  const script = join(root, 'test/support/python-calls.py');
  const said = await run('python3', [script, join(folder, name)], { cwd: root });
  expect(said).toMatchObject({ code: 0, stderr: '' });
  return JSON.parse(said.stdout);
}

/** The command lines of Syncline that an engine gives, with words in the place of what it fills in. */
async function linesOf(name: (typeof engines)[number]): Promise<readonly (readonly string[])[]> {
  if (name === 'argo.yaml') {
    const resources = loadAll(read(name)) as readonly Resource[];
    const containers = resources
      .flatMap(({ spec }) => spec.templates ?? [])
      .flatMap(({ container }) => container ?? []);
    return containers.map(({ args }) => args.map(filled));
  }
  if (!name.endsWith('.py')) return shellLinesIn(read(name));
  const calls = (await callsIn(name)).filter((call) => ['on_every_shard', 'syncline'].includes(call.name));
  // What is no literal is the context of the step in front, and the words of a shard behind.
  return calls.map(({ name: called, words }) => {
    const line = called === 'syncline' ? words.slice(1) : [...words, '--shard', '1/4'];
    return line.flatMap((word) => (word === null ? ['--target', 'acme'] : [word]));
  });
}

function shellLinesIn(text: string): readonly (readonly string[])[] {
  const lines = [...text.matchAll(/npx --yes "\$SYNCLINE" (.*?)(?: > .*| \|\| .*|\))?$/gm)].map(
    ([, line = '']) => line,
  );
  return lines.map((line) => {
    const full = line.replace(`"\${args[@]}"`, '--target acme').replace(`"\${changed[@]}"`, '--changed main');
    return full.split(' ').map(filled);
  });
}

/** A word as the program gets it. */
function filled(word: string): string {
  return word
    .replace('{{inputs.parameters.shard}}', '1/4')
    .replace(/^"\$COUNT"$/, '4')
    .replace(/^"\$(.*)"$/, '$1');
}
