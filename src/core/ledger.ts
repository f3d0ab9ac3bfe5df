import type { Address } from '../model/address.ts';
import type { Dead, Entry, JournalLine, Ledger, LedgerMeta, Run, RunChange } from '../model/ledger.ts';
import type { RemoteId } from '../model/live.ts';

/** A ledger that remembers nothing yet. */
export function emptyLedger(meta: LedgerMeta): Ledger {
  return { meta, syncs: {}, dead: {}, runs: [] };
}

/** What is known of an address once a change of it is done. */
export function entryOf(change: RunChange, id: RemoteId | null): Entry {
  const { label, protect, on_delete } = change;
  return { state: 'bound', id, spec: change.after, label, protect, on_delete, pending: null, retires: null };
}

/** The ledger after the journal's lines, in the order they were written. Total: a line that fits nothing changes nothing. */
export function fold(ledger: Ledger, lines: readonly JournalLine[]): Ledger {
  const run = ledger.runs.at(-1);
  if (run === undefined || lines.length === 0) return ledger;
  const draft: Draft = {
    syncs: { ...ledger.syncs },
    dead: { ...ledger.dead },
    changes: new Map(run.changes.map((change) => [change.address, change])),
  };
  for (const line of lines) foldLine(draft, line);
  const { syncs, dead } = draft;
  return { ...ledger, syncs, dead, runs: ledger.runs.with(-1, { ...run, changes: [...draft.changes.values()] }) };
}

/** One copy for all lines: a copy per line would make a long run over a large ledger quadratic. */
interface Draft {
  readonly syncs: Record<Address, Entry>;
  readonly dead: Record<RemoteId, Dead>;
  readonly changes: Map<Address, RunChange>;
}

function foldLine(draft: Draft, line: JournalLine): void {
  const change = draft.changes.get(line.address);
  if (change === undefined) return;
  const sent = line.spec === undefined ? change : { ...change, after: line.spec };
  const next = line.event === 'done' ? settled(sent, line) : sent;
  draft.changes.set(line.address, line.event === 'failed' ? { ...next, status: 'failed' } : next);
  if (line.event === 'sending') sending(draft, line);
  else if (line.event === 'done') done(draft, next, line);
  else failed(draft, line);
}

/** A replace is applied when its old sync has gone; everything else with its one answer. */
function settled(change: RunChange, line: JournalLine): RunChange {
  if (line.step === 'retire') return { ...change, status: 'applied' };
  if (line.step === 'ghost' || line.step === 'bury') return change;
  const id = line.step === 'create' || line.step === 'bind' ? line.id : change.id;
  return { ...change, id, status: change.action === 'replace' ? change.status : 'applied' };
}

function set(draft: Draft, address: Address, entry: Entry | undefined): void {
  if (entry === undefined) delete draft.syncs[address];
  else draft.syncs[address] = entry;
}

function bury(draft: Draft, line: JournalLine, reason: Dead['reason']): void {
  if (line.id !== null) draft.dead[line.id] = { address: line.address, reason, at: line.at };
}

function sending(draft: Draft, line: JournalLine): void {
  const entry = draft.syncs[line.address];
  if (entry === undefined) return;
  if (line.step === 'create' && entry.pending !== null) {
    const spec = line.spec ?? entry.pending.spec;
    set(draft, line.address, { ...entry, pending: { ...entry.pending, spec, sent_at: line.at } });
  }
  if (line.step === 'delete') set(draft, line.address, { ...entry, state: 'deleting' });
}

function done(draft: Draft, change: RunChange, line: JournalLine): void {
  const entry = draft.syncs[line.address];
  switch (line.step) {
    case 'create': {
      const made = entryOf(change, line.id);
      const retiring: Entry = { ...made, state: 'retiring', retires: change.retires };
      set(draft, line.address, change.action === 'replace' ? retiring : made);
      break;
    }
    case 'update':
    case 'bind': {
      const bound = entryOf(change, line.id);
      const retiring: Entry = { ...bound, state: 'retiring', retires: change.retires };
      set(draft, line.address, change.release ? undefined : change.action === 'replace' ? retiring : bound);
      break;
    }
    case 'delete':
      bury(draft, line, 'deleted');
      set(draft, line.address, undefined);
      break;
    case 'retire':
      bury(draft, line, 'replaced');
      if (entry !== undefined) set(draft, line.address, { ...entry, state: 'bound', retires: null });
      break;
    case 'ghost':
      bury(draft, line, 'ghost');
      break;
    case 'bury':
      bury(draft, line, 'deleted');
      break;
    default:
      line.step satisfies never;
  }
}

function failed(draft: Draft, line: JournalLine): void {
  const entry = draft.syncs[line.address];
  if (entry === undefined || line.fate === 'unknown') return;
  if (line.step === 'create') set(draft, line.address, withoutPending(entry));
  if (line.step === 'delete') set(draft, line.address, { ...entry, state: 'bound' });
}

/** An entry whose create did not happen: bound as before where it replaces something, else nothing at all. */
function withoutPending(entry: Entry): Entry | undefined {
  return entry.id === null ? undefined : { ...entry, state: 'bound', pending: null };
}

/**
 * The ledger as an unfinished run has left it. Where the run's journal is not at hand, what it only meant to send may have
 * been sent, at the latest at `sentBy` (ISO 8601).
 */
export function resume(ledger: Ledger, journal: readonly JournalLine[], lost?: { readonly sentBy: string }): Ledger {
  const folded = fold(ledger, journal);
  return finish(lost === undefined || !isRunning(folded) ? folded : presumeSent(folded, lost.sentBy));
}

/** Is there a run that did not come to its end? */
export function isRunning(ledger: Ledger): boolean {
  return ledger.runs.at(-1)?.status === 'running';
}

function presumeSent(ledger: Ledger, sentBy: string): Ledger {
  const syncs: Record<Address, Entry> = { ...ledger.syncs };
  for (const { address, action, status } of ledger.runs.at(-1)?.changes ?? []) {
    const entry = syncs[address];
    if (entry === undefined || status !== 'intended') continue;
    if (entry.pending !== null && entry.pending.sent_at === null)
      syncs[address] = { ...entry, pending: { ...entry.pending, sent_at: sentBy } };
    else if (action === 'delete') syncs[address] = { ...entry, state: 'deleting' };
  }
  return { ...ledger, syncs };
}

/** Ends the last run: creates that never left this machine are forgotten, and the run says how it went. */
export function finish(ledger: Ledger): Ledger {
  const run = ledger.runs.at(-1);
  const syncs: Record<Address, Entry> = {};
  for (const [address, entry] of Object.entries(ledger.syncs)) {
    const kept = entry.pending !== null && entry.pending.sent_at === null ? withoutPending(entry) : entry;
    if (kept !== undefined) syncs[address] = kept;
  }
  const next = { ...ledger, syncs };
  if (run?.status !== 'running') return next;
  const status = runStatus(run.changes);
  return { ...next, runs: next.runs.with(-1, { ...run, status, changes: run.changes.map(withoutRepeats) }) };
}

/** How a run went that has come to its end. */
export function runStatus(changes: readonly RunChange[]): Run['status'] {
  const applied = changes.filter((change) => change.status === 'applied').length;
  return applied === changes.length ? 'applied' : applied > 0 ? 'partial' : 'failed';
}

/** A change that only bound, or only made, has no body that its entry does not hold: ten thousand of them need no second copy. */
function withoutRepeats(change: RunChange): RunChange {
  if (change.status !== 'applied') return change;
  if (change.action === 'create') return { ...change, after: null };
  return change.sends ? change : { ...change, before: null, after: null };
}

/** Entries whose sync is in doubt because an answer was lost. */
export function inDoubt(ledger: Ledger): boolean {
  return Object.values(ledger.syncs).some((entry) => entry.state !== 'bound' || entry.pending !== null);
}

/** Every id that an entry binds. */
export function boundIds(ledger: Ledger): RemoteId[] {
  return Object.values(ledger.syncs).flatMap((entry) => [entry.id, entry.retires].filter((id) => id !== null));
}
