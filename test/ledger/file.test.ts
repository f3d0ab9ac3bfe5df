import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { thisProcess } from '../../src/ledger/process.ts';
import { type Journal, type LedgerStore, nothingDeclared } from '../../src/ledger/store.ts';
import { Exit } from '../../src/model/errors.ts';
import type { JournalLine, Ledger, Run } from '../../src/model/ledger.ts';
import { type Lock, lease } from '../../src/model/lock.ts';

const minute = 60_000;
const soon = { interval: 1 };
const start = Date.parse('2026-11-21T10:00:00Z');

let root: string;
/** What the clock of the stores shows. */
let time: number;
/** Done whenever a store looks at its clock: what others do between two steps of it. */
let meanwhile: () => void;
let begun: Journal[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'syncline-ledger-'));
  time = start;
  meanwhile = () => undefined;
  begun = [];
  return async () => {
    await Promise.allSettled(begun.map((journal) => journal.close(ledgerOf())));
    rmSync(root, { recursive: true, force: true });
  };
});

describe('the lock', () => {
  test('keeps a second run out, naming the first, until that is closed', async () => {
    const [first, second] = [open(), open()];
    const journal = await first.begin(ledgerOf(running('r1')), ada);
    expect(await read(second)).toMatchObject({ lock: { state: 'held', lock: { run: 'r1', actor: 'ada@box' } } });
    const refused = { code: 'locked', exit: Exit.refused, message: expect.stringMatching(/^ada@box .* run r1 on /) };
    await expect(second.begin(ledgerOf(running('r2')), bob)).rejects.toMatchObject(refused);
    await expect(open().begin(ledgerOf(running('r2')), bob)).rejects.toMatchObject(refused);
    await expect(open().save(ledgerOf(ended('r2')))).rejects.toMatchObject(refused);
    await journal.close(ledgerOf(ended('r1')));
    expect(await first.lock()).toBeUndefined();
    // What was read while the run went on may be half of it.
    await expect(second.begin(ledgerOf(running('r2')), bob)).rejects.toMatchObject(refused);
    expect(await read(second)).toMatchObject({ lock: undefined, ledger: { runs: [] } });
    await (await second.begin(ledgerOf(running('r2')), bob)).close(ledgerOf(ended('r2')));
    expect(await runsOf(second)).toEqual(['r2 applied', 'r1 applied']);
  });

  test('is readable JSON with the journal in it, and one file is left of it after many runs', async () => {
    const store = open();
    for (const run of ['r1', 'r2', 'r3']) {
      const journal = await store.begin(ledgerOf(running(run)), { run, actor: 'ada@box' });
      const at = new Date(start).toISOString();
      const until = new Date(start + lease.length).toISOString();
      const held = { run, actor: 'ada@box', at, until, journal: journalOf(run), pid: process.pid, released: null };
      expect(lockFile().content).toMatchObject(held);
      expect(existsSync(journalOf(run))).toBe(true);
      await journal.close(ledgerOf(ended(run)));
    }
    expect(names()).toEqual(['production.json', lockFile().name]);
    expect(lockFile().content).toMatchObject({ run: 'r3', released: new Date(start).toISOString() });
  });

  test('is one per target', async () => {
    await open('production').begin(ledgerOf(running('r1')), ada);
    const other = await open('production-eu').begin(ledgerOf(running('r2')), bob);
    await other.close(ledgerOf(ended('r2')));
    expect(await open('production').lock()).toMatchObject({ state: 'held' });
    expect(existsSync(journalOf('r1'))).toBe(true);
  });

  test.each<[string, Partial<Lock>, number, boolean]>([
    ['of a process that runs', {}, 0, false],
    ['of a process that has ended', { pid: 2 ** 22 + 1 }, 0, true],
    ['of a process that has ended, on another kernel', { pid: 2 ** 22 + 1, boot: 'another' }, 0, false],
    ['on another kernel, a moment before its end', { boot: 'another' }, lease.length - 1, false],
    ['on another kernel, at its end', { boot: 'another' }, lease.length, true],
  ])('%s', async (_what, other, passed, taken) => {
    await leave(other);
    time += passed;
    const taking = open().begin(ledgerOf(ended('r0'), running('r1')), ada);
    if (taken) expect((await taking).left()).toBeGreaterThan(lease.length - 10_000);
    else await expect(taking).rejects.toMatchObject({ code: 'locked', message: expect.stringContaining('eve@far') });
    expect(await runsOf(open())).toEqual(taken ? ['r1 running', 'r0 applied'] : []);
  });

  test.each([
    ['', 'it is no JSON: it is empty'],
    ['{"run":"r1"', 'it is no JSON'],
    ['[]', 'it must be an object, not a list'],
    ['{"run":"r1","released":null}', '/actor is missing'],
    [lockText({ until: 'soon' }), '/until must be a time'],
    [lockText({ pid: '7' }), '/pid must be a whole number, not "7"'],
  ])('that is %j holds, says what to do, and can be broken by hand', async (text, words) => {
    await open().save(ledgerOf(ended('r1')));
    writeFileSync(inLedger('production.lock-7.json'), text);
    const store = open();
    const unreadable = {
      code: 'lock-unreadable',
      exit: Exit.refused,
      message: expect.stringMatching(/production\.lock-7\.json/),
      hint: expect.stringContaining('syncline unlock'),
    };
    const warning = expect.stringContaining(words);
    expect(await read(store)).toMatchObject({ lock: undefined, refusal: unreadable, warnings: [warning] });
    await expect(store.begin(ledgerOf(running('r2')), ada)).rejects.toMatchObject(unreadable);
    await expect(store.lock()).rejects.toMatchObject({ ...unreadable, message: warning });
    await store.unlock(undefined);
    await expect(store.unlock(undefined)).rejects.toMatchObject({ code: 'ledger-moved' });
    await open().save(ledgerOf(ended('r2')));
    expect(await runsOf(open())).toEqual(['r2 applied', 'r1 applied']);
  });

  test('of twenty stores that take over a dead one at the same time goes to one', async () => {
    for (let round = 1; round <= 5; round++) {
      await leave({ pid: 2 ** 22 + 1 });
      const stores = Array.from({ length: 20 }, () => open());
      await Promise.all(stores.map(read));
      const tries = stores.map((store, n) => store.begin(ledgerOf(running(`r${n}`)), { ...ada, run: `r${n}` }));
      const settled = await Promise.allSettled(tries);
      const won = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const codes = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      expect(won).toHaveLength(1);
      expect(new Set(codes)).toEqual(new Set(['locked']));
      for (const journal of won) await journal.close(ledgerOf(ended('r')));
    }
  });
});

describe('a process that sleeps between two steps', () => {
  test('takes no turn that others have long been through', async () => {
    await open().save(ledgerOf(ended('r1')));
    await leave({ pid: 2 ** 22 + 1 });
    const store = open();
    await read(store);
    meanwhile = () => {
      const old = inLedger('production.lock-2.json');
      if (!existsSync(old)) return;
      const released = new Date(start).toISOString();
      const lock = { ...JSON.parse(readFileSync(old, 'utf8')), released };
      writeFileSync(inLedger('production.lock-4.json'), JSON.stringify(lock));
      rmSync(old);
    };
    await store.begin(ledgerOf(running('r2')), bob);
    expect(locks()).toEqual(['production.lock-1.json', 'production.lock-4.json', 'production.lock-5.json']);
    expect(await store.lock()).toMatchObject({ lock: { run: 'r2' } });
  });

  test('puts no document in place once another has the lock', async () => {
    const journal = await open().begin(ledgerOf(running('r1')), ada);
    const before = document();
    meanwhile = () => {
      const temporary = names().find((name) => name.startsWith('production.json.') && name.endsWith('.tmp'));
      if (temporary === undefined) return;
      writeFileSync(inLedger('production.lock-2.json'), JSON.stringify({ ...Object(lockFile().content), run: 'r2' }));
      rmSync(inLedger(temporary));
    };
    const lost = { code: 'lock-lost', message: expect.stringContaining('run r2') };
    await expect(journal.close(ledgerOf(ended('r1')))).rejects.toMatchObject(lost);
    expect(document()).toBe(before);
  });

  test('does not trust a renewal that came after the end of its lease', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const journal = await open().begin(ledgerOf(running('r1')), ada);
    const lost = once(journal.lost, 'abort');
    time += minute;
    meanwhile = () => {
      // The renewed lease is on disk.
      if (!JSON.stringify(lockFile().content).includes('10:10:00.000Z')) time = start + lease.length;
    };
    vi.advanceTimersByTime(minute);
    await lost;
    expect(journal.left()).toBe(0);
  });
});

describe('processes', () => {
  let script: string;
  let limited: string;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-runner-'));
    script = join(folder, 'runner.js');
    limited = join(folder, 'limited-runner.js');
    const entryPoints = [new URL('./runner.ts', import.meta.url), new URL('./limited-runner.ts', import.meta.url)].map(
      (url) => fileURLToPath(url),
    );
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    buildSync({ entryPoints, outdir: folder, bundle: true, platform: 'node', format: 'esm' });
    return () => rmSync(folder, { recursive: true, force: true });
  });

  test('what a killed one has left is read, taken over and swept away', async () => {
    await killed('r1');
    const store = fileLedger(root, 'production');
    const line = { event: 'sending', step: 'create', address: 'CensusSync/a' };
    const found = { complete: true, journal: [line], lock: { state: 'dead', lock: { run: 'r1' } } };
    expect(await read(store)).toMatchObject({ ...found, ledger: { runs: [{ run: 'r1', status: 'running' }] } });
    const journal = await store.begin(ledgerOf(ended('r1'), running('r2')), bob);
    expect(names().filter((name) => name.endsWith('.journal'))).toEqual(['production.json.r2.journal']);
    await journal.close(ledgerOf(ended('r1'), ended('r2')));
    expect(await runsOf(store)).toEqual(['r2 applied', 'r1 applied']);
  });

  test('of twenty that take over from a killed one at the same time one wins', async () => {
    await killed('r0');
    const runners = Array.from({ length: 20 }, (_, n) => runner(`r${n + 1}`));
    for (const one of runners) expect(await one.said()).toBe('ready');
    for (const one of runners) one.process.stdin.write('go\n');
    const said = await Promise.all(runners.map((one) => one.said()));
    expect(said.filter((word) => word === 'begun')).toHaveLength(1);
    expect(said.filter((word) => word === 'locked')).toHaveLength(19);
    const winner = `r${said.indexOf('begun') + 1}`;
    expect(await fileLedger(root, 'production').lock()).toMatchObject({ state: 'held', lock: { run: winner } });
  });

  async function killed(run: string): Promise<void> {
    const child = runner(run);
    expect(await child.said()).toBe('ready');
    child.process.stdin.write('go\n');
    expect(await child.said()).toBe('begun');
    child.process.kill('SIGKILL');
    await once(child.process, 'close');
  }

  test('whose disk is full has on it every line that was promised, and no half of another', async () => {
    // Files of this process may grow to 4 KiB: then the system takes part of a text, and after that nothing.
    const child = spawn('bash', [
      '-c',
      'trap "" XFSZ; ulimit -f 4; exec "$@"',
      'limited',
      process.execPath,
      limited,
      root,
    ]);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const promised: string[] = JSON.parse(String((await lines.next()).value));
    await once(child, 'close');
    const stored = await read(open());
    expect(stored?.journal.map((line) => line.address)).toEqual(promised);
    expect(stored).toMatchObject({ complete: true, lock: { state: 'dead' } });
    expect(promised.length).toBeGreaterThan(6);
    expect(promised.length).toBeLessThan(60);
  });

  function runner(run: string): { process: ChildProcessWithoutNullStreams; said: () => Promise<string> } {
    const child = spawn(process.execPath, [script, root, run]);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { process: child, said: async () => String((await lines.next()).value) };
  }
});

describe('the lease', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    return () => vi.useRealTimers();
  });

  test('is renewed every minute and ends ten minutes after the last renewal', async () => {
    const store = open();
    const journal = await store.begin(ledgerOf(running('r1')), ada);
    for (let passed = 1; passed <= 12; passed++) {
      time += minute;
      vi.advanceTimersByTime(minute);
      await vi.waitFor(() => expect(journal.left()).toBeGreaterThan(lease.length - minute / 2), soon);
      const until = new Date(time + lease.length).toISOString();
      expect(lockFile().content).toMatchObject({ until });
    }
    time += lease.length - 1;
    expect(await open().lock()).toMatchObject({ state: 'held' });
    time += 1;
    expect(await open().lock()).toMatchObject({ state: 'expired' });
    expect(journal.left()).toBeLessThanOrEqual(0);
    expect(journal.lost.aborted).toBe(false);
  });

  test('that has run out cannot be renewed, though nobody has taken over', async () => {
    const journal = await open().begin(ledgerOf(running('r1')), ada);
    const lost = once(journal.lost, 'abort');
    time += lease.length;
    vi.advanceTimersByTime(minute);
    await lost;
    expect(journal.lost.reason).toMatchObject({ code: 'lock-lost', message: expect.stringContaining('ran out') });
    const before = document();
    await expect(journal.close(ledgerOf(ended('r1')))).rejects.toBe(journal.lost.reason);
    expect(document()).toBe(before);
  });

  test('that another has taken over ends at the next renewal', async () => {
    const journal = await open().begin(ledgerOf(running('r1')), ada);
    const lost = once(journal.lost, 'abort');
    time += lease.length;
    await open().begin(ledgerOf(ended('r1'), running('r2')), bob);
    // Even where the clock is set back.
    time = start;
    vi.advanceTimersByTime(minute);
    await lost;
    expect(journal.left()).toBe(0);
    expect(journal.lost.reason).toMatchObject({
      exit: Exit.refused,
      message: expect.stringMatching(/^bob@box has taken over the lock: run r2 on /),
    });
  });

  test.each([
    ['nothing was sent', [], Exit.refused],
    ['something may have been sent', [sending], Exit.partial],
  ])('that another has taken over stops the close; %s', async (_what, lines, exit) => {
    const journal = await open().begin(ledgerOf(running('r1')), ada);
    for (const line of lines) await journal.append(line);
    time += lease.length;
    await open().begin(ledgerOf(ended('r1'), running('r2')), bob);
    const before = document();
    await expect(journal.close(ledgerOf(ended('r1')))).rejects.toMatchObject({ code: 'lock-lost', exit });
    expect(document()).toBe(before);
    expect(journal.lost.aborted).toBe(true);
    expect(await open().lock()).toMatchObject({ lock: { run: 'r2' } });
  });

  test('ends where somebody removes the file of the lock', async () => {
    const journal = await open().begin(ledgerOf(running('r1')), ada);
    rmSync(inLedger(lockFile().name));
    await expect(journal.close(ledgerOf(ended('r1')))).rejects.toMatchObject({
      code: 'lock-lost',
      message: expect.stringContaining('removed'),
    });
  });
});

describe('a ledger that has moved', () => {
  test.each([
    ['is not overwritten', [ended('r1')]],
    ['is not overwritten where there was none', []],
  ])('%s', async (_what, runs) => {
    if (runs.length > 0) await open().save(ledgerOf(...runs));
    const [first, second] = [open(), open()];
    await Promise.all([read(first), read(second)]);
    await first.save(ledgerOf(ended('r2')));
    const moved = { code: 'ledger-moved', exit: Exit.refused, message: expect.stringContaining(second.place) };
    await expect(second.begin(ledgerOf(running('r3')), bob)).rejects.toMatchObject(moved);
    await expect(second.save(ledgerOf(ended('r3')))).rejects.toMatchObject(moved);
    expect(await second.lock()).toBeUndefined();
    expect(names()).not.toContain('production.json.r3.journal');
    await read(second);
    await second.save(ledgerOf(ended('r3')));
    expect(await runsOf(second)).toEqual(['r3 applied', 'r2 applied', ...runs.map(({ run }) => `${run} applied`)]);
  });

  test('is one whose journal got another line after it was read, too', async () => {
    const journal = await open().begin(ledgerOf(running('r1')), ada);
    time += lease.length;
    const store = open();
    expect(await read(store)).toMatchObject({ journal: [], lock: { state: 'expired' } });
    await journal.append(sending);
    const begin = () => store.begin(ledgerOf(ended('r1'), running('r2')), bob);
    await expect(begin()).rejects.toMatchObject({ code: 'ledger-moved' });
    expect((await read(store))?.journal).toEqual([sending]);
    await begin();
  });

  test('cannot be brought about by one who prepares a document without the lock', async () => {
    await open().save(ledgerOf(ended('r1')));
    for (const name of ['production.json.1.tmp', 'staging.json.1.tmp']) writeFileSync(inLedger(name), 'late');
    await open().begin(ledgerOf(running('r2')), ada);
    expect(names().filter((name) => name.endsWith('.tmp'))).toEqual(['staging.json.1.tmp']);
  });
});

describe('unlock', () => {
  test('ends the lease now: the next run takes over what was meant and done, the old one saves nothing', async () => {
    const store = open();
    const journal = await store.begin(ledgerOf(running('r1')), ada);
    await journal.append(sending);
    const shown = await lockOf(store);
    time += minute;
    await open().unlock(shown);
    const until = new Date(time).toISOString();
    const next = open();
    expect(await read(next)).toMatchObject({
      ledger: { runs: [{ run: 'r1', status: 'running' }] },
      journal: [sending],
      lock: { state: 'expired', lock: { ...shown, until } },
    });
    const message = expect.stringContaining('broken by hand');
    await expect(journal.close(ledgerOf(ended('r1')))).rejects.toMatchObject({ code: 'lock-lost', message });
    await next.begin(ledgerOf(ended('r1'), running('r2')), bob);
    expect(await runsOf(next)).toEqual(['r2 running', 'r1 applied']);
  });

  test('breaks the lock that was shown, and no other', async () => {
    const store = open();
    const journal = await store.begin(ledgerOf(running('r1')), ada);
    const shown = await lockOf(store);
    await journal.close(ledgerOf(ended('r1')));
    await expect(store.unlock(shown)).rejects.toMatchObject({ code: 'ledger-moved', exit: Exit.refused });
    await open().begin(ledgerOf(running('r2')), bob);
    await expect(store.unlock(shown)).rejects.toMatchObject({ code: 'ledger-moved', exit: Exit.refused });
    expect(await store.lock()).toMatchObject({ state: 'held', lock: { run: 'r2' } });
  });

  test('does not lengthen a lease that has run out', async () => {
    await leave({ boot: 'another' });
    time += 2 * lease.length;
    await open().unlock(await lockOf(open()));
    expect((await lockOf(open())).until).toBe(new Date(start + lease.length).toISOString());
  });
});

describe('the document', () => {
  test('whose unfinished run has lost its journal is not complete', async () => {
    await open().begin(ledgerOf(running('r1')), ada);
    expect(await read(open())).toMatchObject({ complete: true, journal: [] });
    rmSync(journalOf('r1'));
    expect(await read(open())).toMatchObject({ complete: false, journal: [] });
  });

  test('keeps earlier runs, whether or not they are handed back, and fifty in all', async () => {
    const store = open();
    await store.save(ledgerOf(...Array.from({ length: 60 }, (_, n) => ended(`a${n}`))));
    expect(await runsOf(store)).toHaveLength(60);
    await store.save(ledgerOf(ended('a59'), ended('b')));
    await open().save(ledgerOf());
    const kept = await runsOf(store);
    expect(kept).toHaveLength(50);
    expect(kept.slice(0, 3)).toEqual(['b applied', 'a59 applied', 'a58 applied']);
  });

  test('is as it was after a run that could not begin', async () => {
    await open().save(ledgerOf(ended('r1')));
    const before = document();
    mkdirSync(journalOf('r2'));
    const store = open();
    const beginning = store.begin(ledgerOf(running('r2')), bob);
    const message = expect.stringMatching(/production\.json cannot be written: EISDIR/);
    await expect(beginning).rejects.toMatchObject({ code: 'ledger-unwritable', exit: Exit.refused, message });
    expect(document()).toBe(before);
    expect(await store.lock()).toBeUndefined();
  });

  test('where its folder cannot be is a clear refusal', async () => {
    writeFileSync(join(root, '.syncline'), '');
    await expect(read(open())).rejects.toMatchObject({ code: 'ledger-unreadable', exit: Exit.refused });
    const unwritable = { code: 'ledger-unwritable', exit: Exit.refused, message: expect.stringContaining('ENOTDIR') };
    await expect(open().begin(ledgerOf(running('r1')), ada)).rejects.toMatchObject(unwritable);
    await expect(open().save(ledgerOf())).rejects.toMatchObject(unwritable);
  });

  test.each([
    ['as it was written', (text: string) => text],
    ['with the line ends of another system', (text: string) => text.replaceAll('\n', '\r\n')],
    ['laid out anew', (text: string) => JSON.stringify(JSON.parse(text), null, 2)],
  ])('holds text of any kind and length, %s', async (_how, change) => {
    const label = `${'ü\u{1f600}'.repeat(40_000)}\u2028\u2029\u0085\r\n"{`;
    const entry = { ...bound, label, spec: { label } };
    const ledger = { ...ledgerOf(), syncs: { 'CensusSync/a': entry, 'CensusSync/b': { ...entry, id: '8' } } };
    await open().save(ledger);
    writeFileSync(inLedger('production.json'), change(document()));
    expect((await read(open()))?.ledger).toEqual(ledger);
  });

  test('is closed, and read again, where nobody can say what is declared', async () => {
    const store = open();
    await store.save({
      ...ledgerOf(ended('r1')),
      syncs: { 'CensusSync/a': { ...bound, label: null, spec: { label: 'A' } } },
    });
    const specOf = () => {
      throw new Error('no manifest');
    };
    await expect(store.read({ ...nothingDeclared, specOf })).rejects.toThrow('no manifest');
    expect(await read(store)).toMatchObject({ ledger: { syncs: { 'CensusSync/a': bound } } });
  });
});

const ada = { run: 'r1', actor: 'ada@box' };
const bob = { run: 'r2', actor: 'bob@box' };

const sending: JournalLine = {
  at: new Date(start).toISOString(),
  event: 'sending',
  step: 'create',
  address: 'CensusSync/a',
  id: null,
};

function lockText(parts: object): string {
  const at = new Date(start).toISOString();
  const names = { run: 'r1', actor: 'eve@far', host: 'far', boot: null, pid_namespace: null, pid: 7, started: null };
  return JSON.stringify({ ...names, at, until: at, journal: null, released: null, ...parts });
}

const bound = {
  state: 'bound',
  id: '7',
  protect: false,
  on_delete: 'delete',
  pending: null,
  retires: null,
} as const;

function open(target = 'production'): LedgerStore {
  const now = () => {
    meanwhile();
    return new Date(time);
  };
  const store = fileLedger(root, target, { now });
  const begin: LedgerStore['begin'] = async (ledger, holder) => {
    const journal = await store.begin(ledger, holder);
    begun.push(journal);
    return journal;
  };
  return { ...store, begin };
}

function read(store: LedgerStore) {
  return store.read(nothingDeclared);
}

async function lockOf(store: LedgerStore): Promise<Lock> {
  const found = await store.lock();
  if (found === undefined) throw new Error('Nobody holds the lock.');
  return found.lock;
}

async function runsOf(store: LedgerStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { run, status } of store.runs()) found.push(`${run} ${status}`);
  return found;
}

function ledgerOf(...runs: readonly Run[]): Ledger {
  const meta = { format: 1, provider: 'census', host: 'localhost', workspace: 4321, project: 'crm' } as const;
  return { meta, syncs: {}, dead: {}, runs };
}

function running(run: string): Run {
  return {
    run,
    at: new Date(start).toISOString(),
    actor: 'ada@box',
    commit: null,
    digest: null,
    status: 'running',
    changes: [],
  };
}

function ended(run: string): Run {
  return { ...running(run), status: 'applied' };
}

/** Leaves a lock as a process of this machine has it that runs now, but for `other`. */
async function leave(other: Partial<Lock>): Promise<void> {
  const until = new Date(start + lease.length).toISOString();
  const who = { run: 'r0', actor: 'eve@far', at: new Date(start).toISOString(), until, journal: null, released: null };
  mkdirSync(dirname(inLedger('x')), { recursive: true });
  const number = Math.max(0, ...locks().map((name) => Number(/\d+/.exec(name)?.[0]))) + 1;
  const lock = { ...who, ...(await thisProcess()), ...other };
  writeFileSync(inLedger(`production.lock-${number}.json`), JSON.stringify(lock));
}

function inLedger(name: string): string {
  return join(root, '.syncline', 'ledger', name);
}

function names(): string[] {
  return readdirSync(inLedger('.')).sort();
}

function locks(): string[] {
  return names().filter((name) => name.startsWith('production.lock-'));
}

/** The file of the lock that counts. */
function lockFile(): { readonly name: string; readonly content: unknown } {
  const name = locks().at(-1);
  if (name === undefined) throw new Error('There is no lock.');
  return { name, content: JSON.parse(readFileSync(inLedger(name), 'utf8')) };
}

function journalOf(run: string): string {
  return inLedger(`production.json.${run}.journal`);
}

function document(): string {
  return readFileSync(inLedger('production.json'), 'utf8');
}
