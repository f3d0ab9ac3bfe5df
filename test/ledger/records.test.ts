import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { begin } from '../../src/core/memory/begin.ts';
import { fold, resume } from '../../src/core/memory/ledger.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { assertDistinct, decode, decodeMeta } from '../../src/ledger/decode.ts';
import { writeDocument } from '../../src/ledger/document.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import * as shapes from '../../src/ledger/records.ts';
import { Exit, SynclineError } from '../../src/model/errors.ts';
import type { Entry, JournalLine, Ledger, Run, RunChange } from '../../src/model/ledger.ts';
import type { Change } from '../../src/model/plan.ts';
import { anyWorld, byKey, entry, input, key, ledger, spec } from '../support/world.ts';
import { listRuns, openRepositories, type Repositories, read, ref, runOf, start } from './git-repositories.ts';

const at = '2026-11-21T10:00:00.000Z';

const create = {
  action: 'create',
  address: 'CensusSync/plans',
  id: null,
  status: 'intended',
  label: 'Plans',
  before: null,
  after: spec(),
  protect: false,
  on_delete: 'delete',
  release: false,
  sends: true,
  retires: null,
} as const satisfies RunChange;

const pending = { label: 'Plans', spec: spec(), before: ['7'], sent_at: at };

/** One of everything that a ledger can hold. */
const whole: Ledger = {
  ...ledger({
    users: entry('1'),
    orders: entry('2', null, { state: 'retiring', retires: '3', label: 'Orders' }),
    plans: entry('4', spec(), { state: 'pending', id: null, pending }),
  }),
  dead: { [key('9')]: { address: 'CensusSync/old', reason: 'deleted', at } },
  runs: [runOf('r1', 'running', { changes: [create] })],
};

type Parts = Record<string, unknown>;

const users = 'syncs/CensusSync/users.json';

/** A record, what is put in its place or what of it is changed, and what the message says of it. */
const rows: readonly (readonly [string, Parts | string, string])[] = [
  [users, { id: '../x' }, '/id must be an id, not "../x"'],
  [users, { id: 7 }, '/id must be an id, not 7'],
  [users, { id: null }, '/id is missing while the state is bound'],
  [users, { state: 'lost' }, '/state must be one of bound, pending, deleting, retiring, not "lost"'],
  [users, { state: 'pending', id: null }, '/pending is missing while the state is pending'],
  [users, { state: 'retiring' }, '/retires is missing while the state is retiring'],
  [users, { spec: [] }, '/spec must be an object, not a list'],
  [users, { label: 5 }, '/label must be text, not 5'],
  [users, { protect: 'no' }, '/protect must be true or false, not "no"'],
  [users, { on_delete: 'burn' }, '/on_delete must be one of'],
  [users, { pending: { ...pending, sent_at: 'soon' } }, '/pending/sent_at must be a time'],
  [users, { pending: { ...pending, sent_at: '2026-02-30T10:00:00Z' } }, '/pending/sent_at must be a time'],
  [users, { pending: { ...pending, before: ['1', {}] } }, '/pending/before/1 must be an id, not an object'],
  [users, { extra: 1 }, 'has a key "extra" that this version does not know'],
  [users, 'null', 'it must be an object, not null'],
  [users, '[]', 'it must be an object, not a list'],
  [users, '{', 'is no JSON'],
  [users, '', 'is no JSON'],
  [users, JSON.stringify(entry('1')).replace('"spec":{', '"spec":{"__proto__":{"id":"5"},'), 'has a key "__proto__"'],
  [users, JSON.stringify(entry('1')).replace('{', '{"__proto__":{},'), 'has a key "__proto__"'],
  [
    users,
    JSON.stringify(entry('1')).replace('"spec":', `"spec":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)},"more":`),
    'is nested more than 200 levels deep',
  ],
  ['syncs/CensusSync/Users!.json', JSON.stringify(entry('8')), 'syncs/CensusSync/Users!'],
  ['syncs/users.json', JSON.stringify(entry('8')), 'syncs/users'],
  [
    'syncs/CensusSync/copy.json',
    JSON.stringify(entry('1')),
    'CensusSync/copy and CensusSync/users both hold CensusSync#1',
  ],
  [
    'syncs/CensusSync/copy.json',
    JSON.stringify(entry('3')),
    'CensusSync/copy and CensusSync/orders both hold CensusSync#3',
  ],
  ['dead/CensusSync/9.json', { reason: 'bored' }, '/reason must be one of'],
  ['dead/CensusSync/9.json', { at: '2026-11-20' }, '/at must be a time'],
  ['dead/CensusSync/9.json', { address: '../x' }, '/address must be an address or empty'],
  ['dead/CensusSync/..%2Fx.json', '{}', 'dead/CensusSync/..'],
  ['meta.json', { format: 4 }, 'of format 4, which a newer version of Syncline has written'],
  ['meta.json', { format: '1' }, 'meta'],
  ['meta.json', { workspace: [] }, '/workspace must be a number, a text or null, not a list'],
  ['meta.json', 'null', 'meta'],
  ['run.json', { at: 'noon' }, '/at must be a time'],
  ['run.json', { changes: {} }, '/changes must be a list, not an object'],
  ['run.json', { changes: [{ ...create, address: '../x' }] }, '/changes/0/address must be an address'],
  ['run.json', { changes: [{ ...create, action: 'explode' }] }, '/changes/0/action must be one of'],
  ['run.json', { changes: [{ ...create, action: 'update' }] }, '/changes/0/id must not be null where the action is'],
];

/** A ledger with something else in the place of one record, as either store would find it. */
type Put = (path: string, text: (old: string) => string) => Promise<void> | void;

interface Place {
  readonly put: Put;
  read(): Promise<unknown>;
  /** Puts everything back that has been put in the place of something else. */
  restore(): void;
  close(): void;
}

function changed(old: string, to: Parts | string): string {
  return typeof to === 'string' ? to : JSON.stringify({ ...JSON.parse(old), ...to });
}

async function inGit(): Promise<Place> {
  const repositories: Repositories = openRepositories();
  const root = repositories.clone('a');
  await (await start(repositories.store(root), 'r0')).end({});
  const write = repositories.store(root);
  await read(write);
  await write.begin(whole, { run: 'r1', actor: 'ann' });
  const sound = repositories.git(repositories.shared, 'rev-parse', ref);
  return {
    restore: () => repositories.git(repositories.shared, 'update-ref', ref, sound),
    put: (path, text) => repositories.tamper(repositories.shared, path, text),
    read: () => read(repositories.store(root)),
    close: repositories.close,
  };
}

function inFile(): Place {
  const root = mkdtempSync(join(tmpdir(), 'syncline-records-'));
  const path = join(root, '.syncline', 'ledger', 'production.json');
  mkdirSync(dirname(path), { recursive: true });
  const lines = writeDocument({ ledger: whole, past: [] }).split('\n');
  return {
    put: (record, text) => writeFileSync(path, withRecord(lines, record, text).join('\n')),
    restore: () => rmSync(path),
    read: () => read(fileLedger(root, 'production')),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The lines of a document with another text in the place of a record, or with one more. */
function withRecord(lines: readonly string[], path: string, text: (old: string) => string): string[] {
  const key = decodeURIComponent(path.slice(path.indexOf('/') + 1, -5));
  const section = path.startsWith('syncs/') ? '"syncs":{' : '"dead":{';
  if (path === 'meta.json') return lines.with(0, `{"meta":${text(JSON.stringify(whole.meta))},`);
  if (path === 'run.json') return lines.map((line) => (line.startsWith('{"run"') ? text(line) : line));
  const name = `${JSON.stringify(key)}:`;
  const found = lines.findIndex((line) => line.startsWith(name));
  if (found < 0) return lines.flatMap((line) => (line === section ? [line, `${name}${text('')},`] : [line]));
  const old = lines[found] ?? '';
  const comma = old.endsWith(',') ? ',' : '';
  return lines.with(found, `${name}${text(old.slice(name.length, old.length - comma.length))}${comma}`);
}

describe.each([
  ['a ledger in Git', inGit],
  ['a ledger in a file', inFile],
] as const)('%s', (where, open) => {
  let place: Place;
  beforeAll(async () => {
    place = await open();
  });
  afterEach(() => place.restore());
  afterAll(() => place.close());

  test('that is sound is read as it was written', async () => {
    await place.put('meta.json', (old) => old);
    expect(await place.read()).toMatchObject({ ledger: { syncs: whole.syncs, dead: whole.dead, runs: whole.runs } });
  });

  test.each(rows.map(([path, to, words]) => [path, words, to] as const))(
    'with a wrong %s is unreadable: %s',
    async (path, words, to) => {
      await place.put(path, (old) => changed(old, to));
      const error = await place.read().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(SynclineError);
      expect(error).toMatchObject({ exit: Exit.refused, message: expect.stringContaining(words) });
      if (words.includes('newer')) expect(error).toMatchObject({ code: 'ledger-newer', hint: 'Upgrade syncline.' });
      else expect(error).toMatchObject({ code: 'ledger-unreadable' });
      // Broken JSON in a file has only its line for a name.
      const record = path.replace(/\.json$/, '');
      const named = where.includes('Git') ? path : record === 'run' ? 'run 1' : record;
      const nameless = words.includes('both hold') || words.includes('newer') || words.includes('no JSON');
      if (!nameless && !path.includes('%')) expect(error).toMatchObject({ message: expect.stringContaining(named) });
      expect(({} as Parts).id).toBeUndefined();
    },
  );
});

const sent = { id: '7', before: spec(), after: spec(), sends: true } as const;
const noted = { id: '7', before: null, after: null, sends: false, status: 'applied' } as const;

describe('a change of a run', () => {
  const read = (change: object) =>
    decode(shapes.run, runOf('r1', 'applied', { changes: [change as RunChange] }), { ledger: 'l', record: 'r' });

  test.each<readonly [string, RunChange]>([
    ['a create that is not answered', create],
    ['a create in the place of what is gone', { ...create, id: '8', retires: '7' }],
    ['a create that has been carried out', { ...create, id: '8', status: 'applied', after: null }],
    ['an update', { ...create, ...sent, action: 'update' }],
    ['an update of what nobody had read', { ...create, ...sent, action: 'update', before: null }],
    ['an update of the entry alone', { ...create, ...noted, action: 'update' }],
    ['a release', { ...create, ...noted, action: 'update', release: true }],
    ['an adoption', { ...create, ...noted, action: 'adopt' }],
    ['an adoption that sends something', { ...create, ...sent, action: 'adopt' }],
    ['a delete of what was never applied', { ...create, ...sent, action: 'delete', after: null }],
    ['a replace', { ...create, ...sent, action: 'replace', id: null, retires: '7' }],
    ['an address that is let go', { ...create, ...noted, action: 'forget', release: true }],
    ['an address that held nothing', { ...create, ...noted, action: 'forget', id: null, release: true }],
    ['a row that is dead', { ...create, ...noted, action: 'forget', address: 'CensusSync', release: true }],
  ])('may be %s', (_name, change) => {
    expect(read(change).changes).toEqual([change]);
  });

  test.each<readonly [string, object, string]>([
    ['a create of what was there', { ...create, before: {} }, '/before must be null'],
    ['a create that lets go', { ...create, release: true }, '/release must be false'],
    ['a create that sends nothing', { ...create, sends: false }, '/sends must be true'],
    ['an update of nothing', { ...create, ...sent, action: 'update', id: null }, '/id must not be null'],
    ['an update that replaces', { ...create, ...sent, action: 'update', retires: '8' }, '/retires must be null'],
    ['an update without a body', { ...create, ...sent, action: 'update', after: null }, '/after must not be null'],
    ['an adoption that lets go', { ...create, ...noted, action: 'adopt', release: true }, '/release must be false'],
    ['an adoption without a body', { ...create, ...sent, action: 'adopt', after: null }, '/after must not be null'],
    ['a delete of nothing', { ...create, ...sent, action: 'delete', id: null }, '/id must not be null'],
    ['a replace of nothing', { ...create, ...sent, action: 'replace' }, '/retires must not be null'],
    ['what is let go and kept', { ...create, ...noted, action: 'forget' }, '/release must be true'],
    ['what is let go later', { ...create, ...noted, action: 'forget', status: 'intended' }, '/status must be applied'],
  ])('is not %s', (_name, change, words) => {
    expect(() => read(change)).toThrow(`/changes/0${words}`);
  });
});

/** Either a ledger, or the one error that is foreseen. */
async function isReadOrRefused(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return;
  expect(error).toBeInstanceOf(SynclineError);
  expect(error).toMatchObject({ exit: Exit.refused });
}

describe('a ledger in a file', () => {
  let root: string;
  let path: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'syncline-records-'));
    path = join(root, '.syncline', 'ledger', 'production.json');
    mkdirSync(dirname(path), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const past: Run = runOf('r0', 'applied');
  const text = writeDocument({ ledger: whole, past: [JSON.stringify(past)] });

  test('that is cut off anywhere is unreadable, or the same', async () => {
    writeFileSync(path, text);
    const sound = await read(fileLedger(root, 'production'));
    for (let length = 0; length < text.length; length += 1) {
      writeFileSync(path, text.slice(0, length));
      const found = await read(fileLedger(root, 'production')).catch((error: unknown) => error);
      if (length === text.length - 1) expect(found).toEqual(sound);
      else expect(found, text.slice(0, length)).toMatchObject({ code: 'ledger-unreadable', exit: Exit.refused });
    }
  });

  test('with any JSON in the place of any record is a ledger or unreadable', async () => {
    const lines = text.split('\n');
    const anything = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string(),
      mangled,
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(lines.length - 1), anything, async (index, other) => {
        const line = lines[index] ?? '';
        const name = /^"[^"]*":/.exec(line)?.[0] ?? '';
        writeFileSync(path, lines.with(index, `${name}${other}${line.endsWith(',') ? ',' : ''}`).join('\n'));
        await isReadOrRefused(read(fileLedger(root, 'production')));
        await isReadOrRefused(listRuns(fileLedger(root, 'production')));
      }),
      { numRuns: 300 },
    );
  });

  test('with any JSON as its whole is a ledger or unreadable', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ meta: fc.oneof(fc.constant(whole.meta), fc.jsonValue()), syncs: part, dead: part, runs: part }),
        async (value) => {
          writeFileSync(path, JSON.stringify(value, null, 1));
          await isReadOrRefused(read(fileLedger(root, 'production')));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('that an older version wrote, in one line or in many, is read', async () => {
    const { runs, meta, syncs } = whole;
    const older = { meta: { ...meta, format: 1 }, syncs, dead: { 9: whole.dead[key('9')] }, runs: [past, ...runs] };
    for (const layout of [0, 2]) {
      writeFileSync(path, JSON.stringify(older, null, layout));
      expect(await read(fileLedger(root, 'production'))).toMatchObject({ ledger: { ...whole, meta: older.meta } });
    }
  });
});

/** Records that are nearly sound. */
const mangled = fc
  .tuple(
    fc.constantFrom<Entry>(entry('1'), entry('1', null)),
    fc.dictionary(fc.constantFrom(...Object.keys(entry('1'))), fc.jsonValue()),
  )
  .map(([sound, parts]) => JSON.stringify({ ...sound, ...parts }));

const part = fc.oneof(
  fc.constant({}),
  fc.constant([]),
  fc.constant(whole.syncs),
  fc.constant(whole.runs),
  fc.jsonValue(),
);

test('a ledger in Git with any JSON in the place of any record is a ledger or unreadable', {
  timeout: 60_000,
}, async () => {
  const place = await inGit();
  const paths = ['meta.json', 'lock.json', 'run.json', users, 'dead/CensusSync/9.json'];
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.oneof(
          fc.jsonValue().map((value) => JSON.stringify(value)),
          mangled,
        ),
        async (path, other) => {
          await place.put(path, () => other);
          await isReadOrRefused(place.read());
          await place.put('meta.json', () => JSON.stringify(whole.meta));
        },
      ),
      { numRuns: 25 },
    );
  } finally {
    place.close();
  }
});

/** How far each step of a run got. */
const anyEnds = fc.array(fc.constantFrom('nothing', 'sending', 'refused', 'unsent', 'unknown', 'done'), {
  maxLength: 30,
});

/** The journal of a run whose steps ended so, in order. */
function linesOf(changes: readonly Change[], ends: readonly string[]): JournalLine[] {
  const left = [...ends];
  let made = 900;
  const step = (change: Change, name: JournalLine['step'], id: string | null): JournalLine[] => {
    const end = left.shift() ?? 'done';
    const line = { at, step: name, address: change.address, id };
    const sending: JournalLine = { ...line, event: 'sending' };
    if (end === 'nothing') return [];
    if (end === 'sending') return [sending];
    if (end === 'done') return [sending, { ...line, event: 'done', id: name === 'create' ? String(made++) : id }];
    return [sending, { ...line, event: 'failed', fate: end === 'refused' || end === 'unsent' ? end : 'unknown' }];
  };
  return changes.flatMap((change): JournalLine[] => {
    if (change.action === 'create' || change.action === 'delete') return step(change, change.action, change.id);
    if (change.action !== 'replace') return step(change, change.fields.length > 0 ? 'update' : 'bind', change.id);
    const create = change.fields.length === 0 ? [] : step(change, 'create', null);
    const goesOn = create.length === 0 ? change.fields.length === 0 : create.at(-1)?.event === 'done';
    return goesOn ? [...create, ...step(change, 'retire', change.id)] : create;
  });
}

function assertReadable(value: Ledger): void {
  const place = { ledger: 'ledger', record: 'record' };
  const known: Ledger = JSON.parse(JSON.stringify(value));
  decodeMeta(known.meta, place);
  for (const [address, one] of Object.entries(known.syncs)) decode(shapes.entry, one, { ...place, record: address });
  for (const one of Object.values(known.dead)) decode(shapes.dead, one, place);
  for (const one of known.runs) decode(shapes.run, one, place);
  assertDistinct(known, 'ledger');
}

test('whatever a run leaves at whatever moment can be read back', () => {
  fc.assert(
    fc.property(anyWorld, anyEnds, fc.nat(60), (world, ends, cut) => {
      const from = input(world);
      fc.pre(from.ledger !== null && isSound(from.ledger));
      const before = from.ledger ?? ledger();
      const plan = makePlan(from);
      const header = { run: 'r1', at, actor: 'ann', commit: '0123456', whole: true };
      const live = byKey(from.live);
      const begun = begin(from.traitsOf, before, plan, header, live, () => ['7']);
      const lines = linesOf(plan.changes, ends).slice(0, cut);
      for (const line of lines)
        decode(shapes.journalLine, JSON.parse(JSON.stringify(line)), { ledger: 'j', record: 'l' });
      for (const one of [begun, fold(begun, lines), resume(begun, lines), resume(begun, lines, { sentBy: at })])
        assertReadable(one);
    }),
    { numRuns: 500 },
  );
});

/** Worlds of tests hold states, too, that no run has ever left. */
function isSound(value: Ledger): boolean {
  try {
    assertReadable(value);
    return true;
  } catch {
    return false;
  }
}

test('of two formats the newer one explains everything that is broken', async () => {
  const place = await inGit();
  await place.put('dead/CensusSync/9.json', () => '{"buried":true}');
  await place.put('meta.json', (old) => changed(old, { format: 4 }));
  await expect(place.read()).rejects.toMatchObject({ code: 'ledger-newer', message: expect.stringContaining(ref) });
  place.close();
});
