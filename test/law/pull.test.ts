import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diff } from '../../src/core/spec/diff.ts';
import { openCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { censusSyncTraits } from '../../src/generated/census-sync-traits.ts';
import { apply, censusV1, plan, pull, validate } from '../../src/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { resourceOf } from '../../src/model/provider.ts';
import { canonical } from '../../src/providers/census/language/canonical.ts';
import { anySpec, partialSpec } from '../providers/census/arbitrary.ts';
import { normalised } from '../providers/census/build.ts';
import { exampleSeed } from '../providers/census/fact-sheet.ts';
import { fastClock, inProcessClient } from '../support/in-process-service.ts';

/** By hand: `WORLDS=100000 SEED=7 npx vitest run test/law/pull.test.ts`. */
const { WORLDS = '160', SEED = '1' } = process.env;

/** What is live, how its files are touched up, and what then happens to it outside Git. */
interface PullWorld {
  readonly specs: readonly JsonObject[];
  readonly labels: readonly ('own' | 'shared' | 'none')[];
  /** Of each: what it turns into; undefined where it stays. */
  readonly edits: readonly (JsonObject | undefined)[];
  readonly comments: readonly boolean[];
  readonly variables: readonly boolean[];
  readonly queries: readonly (string | undefined)[];
}

const query = fc.constantFrom(
  'select 1',
  "select 'x'\nfrom users\n-- end",
  `select \${dollar} from t`,
  `select '\${vars.x}'`,
  '',
);

const anyPullWorld: fc.Arbitrary<PullWorld> = fc.integer({ min: 1, max: 3 }).chain((count) => {
  const each = <Value>(one: fc.Arbitrary<Value>) => fc.array(one, { minLength: count, maxLength: count });
  return fc.record({
    specs: each(anySpec),
    labels: each(fc.constantFrom('own', 'own', 'own', 'shared', 'none')),
    edits: each(fc.option(partialSpec, { nil: undefined })),
    comments: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    variables: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
    queries: fc.array(
      fc.option(
        query.filter((one) => one !== ''),
        { nil: undefined },
      ),
      { minLength: 1, maxLength: 2 },
    ),
  });
});

const projectText = `version: 1
manifests: [syncs/**/*.yaml]
ledger: file
targets:
  production:
    provider: census
    api: v1
    token: \${env.TOKEN}
    vars: { crm: CRM, op: upsert, mirror: mirror, five: 5, bucket: Bucket, warehouse: Warehouse }
`;

async function obeyed(world: PullWorld): Promise<void> {
  const clock = fastClock();
  const service = openCensusV1({ seed: exampleSeed }, clock);
  const provider = censusV1({ token: service.token, ...inProcessClient(service, clock) });
  const directory = mkdtempSync(join(tmpdir(), 'syncline-pull-'));
  const now = () => new Date(clock.now());
  // The folder is in no repository: there is no commit to ask git for.
  const request = { directory, provider, now, commit: 'law', environment: { PATH: '' } };
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  try {
    write('syncline.yaml', projectText);
    const [syncs, datasets] = [resourceOf(provider, 'CensusSync'), resourceOf(provider, 'CensusDataset')];
    provider.permit('all');
    const ids: string[] = [];
    for (const [index, spec] of world.specs.entries()) {
      const { id } = await syncs.create(labelled(canonical(spec), index, world.labels[index] ?? 'own'));
      ids.push(id);
    }
    provider.permit('none');
    // Everything live comes into files.
    const first = await pull({ ...request, actor: 'law' });
    expect(first.left).toEqual([]);
    const files = filesIn(directory);
    const checked = await validate({ directory });
    expect(checked.diagnostics.filter(({ code }) => !ofWhatIsLive.has(code))).toEqual([]);
    expect(await changesIn(plan(request))).toEqual([]);
    await neverPruned(directory, request);
    // Somebody touches the files up, and they are applied.
    let count = 0;
    for (const [file, text] of files) {
      if (!file.endsWith('.yaml')) continue;
      write(
        file,
        text
          .split('\n')
          .flatMap((line) => touched(line, world, count++))
          .join('\n'),
      );
    }
    await apply({ ...request, actor: 'law' });
    // Somebody else changes what is live.
    provider.permit('all');
    for (const [index, edit] of world.edits.entries()) {
      const reading = edit === undefined ? undefined : await syncs.read(ids[index] ?? '');
      if (edit === undefined || reading === undefined) continue;
      const desired = labelled(canonical(edit), index, edit.label === undefined ? 'none' : 'own');
      const wanted = normalised(desired);
      const { changes } = diff(censusSyncTraits, normalised(reading.live.spec), wanted, {
        applied: null,
        memory: true,
      });
      await syncs.update(
        reading,
        desired,
        changes.map(({ path }) => path),
      );
    }
    for (const [index, text] of world.queries.entries()) {
      const id = ['8123'][index];
      const reading = id === undefined || text === undefined ? undefined : await datasets.read(id);
      if (reading !== undefined && text !== undefined)
        await datasets.update(reading, { ...reading.live.spec, query: text }, ['/query']);
    }
    provider.permit('none');
    const before = filesIn(directory);
    const report = await pull({ ...request, actor: 'law', drifted: true });
    const after = filesIn(directory);
    const open = await changesIn(plan(request));
    const left = report.left.map(({ address, path }) => `${address} ${path}`);
    expect({ left, open: open.filter((one) => !left.some((other) => isWithin(one, other))) }).toEqual({
      left,
      open: [],
    });
    keptWhatIsTheirs(before, after);
    const again = await pull({ ...request, actor: 'law', drifted: true });
    expect(again.manifests).toEqual([]);
    expect(filesIn(directory)).toEqual(after);
  } finally {
    await provider.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Warnings about what the live side is, whoever wrote it. */
const ofWhatIsLive = new Set(['no-identifier', 'needs-sync-all', 'sunset-mode', 'segment-of-model']);

function labelled(spec: JsonObject, index: number, label: 'own' | 'shared' | 'none'): JsonObject {
  if (label === 'none')
    return Object.fromEntries(Object.entries(spec).filter(([key]) => key !== 'label')) as JsonObject;
  return { ...spec, label: label === 'shared' ? 'Shared' : `Sync ${index} ${String(spec.label ?? '')}` };
}

/** The line as somebody may have touched it up: with a comment, or a variable that gives what stands there. */
function touched(line: string, { comments, variables }: PullWorld, index: number): string[] {
  const wanted = variables[index % variables.length] === true;
  const values: readonly (readonly [RegExp, string])[] = [
    [/^(\s+)operation: upsert$/, `$1operation: \${vars.op}`],
    [/^(\s+)operation: mirror$/, `$1operation: \${vars.mirror}`],
    [/connection: Bucket\b/, `connection: "\${vars.bucket}"`],
    [/connection: Warehouse$/, `connection: "\${vars.warehouse}"`],
  ];
  const [found] = wanted ? values.filter(([pattern]) => pattern.test(line)) : [];
  const text = found === undefined ? line : line.replace(...found);
  const indent = /^ {2}(?=\S)(?!- )/.exec(line);
  if (comments[index % comments.length] !== true || indent === null) return [text];
  return [`${indent[0]}# note ${index}`, text];
}

/** Every file below a folder, by its path, but for what Syncline remembers. */
function filesIn(root: string, folder = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (name.startsWith('.')) continue;
    if (statSync(join(root, path)).isDirectory()) for (const [file, text] of filesIn(root, path)) found.set(file, text);
    else found.set(path, readFileSync(join(root, path), 'utf8'));
  }
  return found;
}

/** Comments stand above fields, of which none goes; and a variable that was there goes only by a person's hand. */
function keptWhatIsTheirs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  for (const [file, text] of before) {
    const own = (pattern: RegExp, of: string) => [...of.matchAll(pattern)].map(([found]) => found);
    const next = after.get(file) ?? '';
    expect(own(/# note \d+/g, next)).toEqual(own(/# note \d+/g, text));
    if (file.endsWith('.yaml')) expect(own(/\$\{vars\.\w+\}/g, next)).toEqual(own(/\$\{vars\.\w+\}/g, text));
  }
}

/** Changes and blocks of a plan, an address with a path each. */
async function changesIn(planning: ReturnType<typeof plan>): Promise<readonly string[]> {
  const { changes, blocked } = await planning;
  return [...changes, ...blocked].flatMap(({ address, fields }) =>
    fields.length === 0 ? [`${address} (record)`] : fields.map(({ path }) => `${address} ${path}`),
  );
}

function isWithin(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

/** A checkout that has no file of it, with the same memory, deletes nothing of what was pulled. */
async function neverPruned(directory: string, request: Parameters<typeof plan>[0]): Promise<void> {
  writeFileSync(join(directory, 'syncline.yaml'), projectText.replace('[syncs/**/*.yaml]', '[]'));
  const { changes, blocked, notes } = await plan({ ...request, prune: true });
  expect([...changes, ...blocked]).toEqual([]);
  // That an API ends some day is said of every plan.
  const codes = notes.map(({ code }) => code).filter((code) => code !== 'api-retires');
  expect(new Set(codes)).toEqual(new Set(['pulled']));
  writeFileSync(join(directory, 'syncline.yaml'), projectText);
}

describe('what is live comes into files and back', () => {
  it('after any edits outside Git, a pull and then a plan agree', { timeout: 3_600_000 }, async () => {
    // A world waits for the disk most of its time: some of them are gone through side by side.
    const lanes = Array.from({ length: 4 }, (_, lane) =>
      fc.assert(fc.asyncProperty(anyPullWorld, obeyed), {
        numRuns: Math.ceil(Number(WORLDS) / 4),
        seed: Number(SEED) * 4 + lane,
        endOnFailure: true,
      }),
    );
    await Promise.all(lanes);
  });
});
