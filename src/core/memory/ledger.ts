import type { Address } from '../../model/address.ts';
import type { Json, Spec } from '../../model/json.ts';
import type {
  Dead,
  Entry,
  JournalLine,
  Ledger,
  LedgerMeta,
  PendingCreate,
  Run,
  RunChange,
  RunForget,
} from '../../model/ledger.ts';
import { type Key, keyAt, type RemoteId } from '../../model/live.ts';
import { boundBy, deleting, emptied, keptOf, retired, retiring, undeleted } from './entry.ts';
import { sent, settledLatest, withoutLatest } from './pending.ts';

/** A ledger that remembers nothing yet. */
export function emptyLedger(meta: LedgerMeta): Ledger {
  return { meta, syncs: {}, dead: {}, runs: [] };
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
  readonly dead: Record<Key, Dead>;
  readonly changes: Map<Address, RunChange>;
}

/** A change that the journal may tell of. */
type Journaled = Exclude<RunChange, RunForget>;

function foldLine(draft: Draft, line: JournalLine): void {
  const change = draft.changes.get(line.address);
  // What ends by command sends nothing, and no line tells of it.
  if (change === undefined || change.action === 'forget') return;
  const meant = line.spec === undefined ? change : { ...change, after: line.spec };
  const next = line.event === 'done' ? settled(meant, line) : meant;
  draft.changes.set(line.address, line.event === 'failed' ? { ...next, status: 'failed' } : next);
  if (line.event === 'sending') sending(draft, meant, line);
  else if (line.event === 'done') done(draft, next, line);
  else {
    if (line.step === 'update') notUpdated(draft, line);
    if (change.status !== 'failed') failed(draft, line);
  }
}

/** A replace is applied when its old sync has gone; everything else with its one answer. */
function settled(change: Journaled, line: JournalLine): Journaled {
  if (line.step === 'retire') return { ...change, status: 'applied' };
  if (line.step === 'ghost' || line.step === 'bury') return change;
  const told = line.step === 'create' || line.step === 'bind' || line.step === 'swap' ? named(change, line) : change;
  return line.step === 'swap' || change.action === 'replace' ? told : { ...told, status: 'applied' };
}

function named(change: Journaled, { id }: JournalLine): Journaled {
  return id === null ? change : { ...change, id };
}

function set(draft: Draft, address: Address, entry: Entry | undefined): void {
  if (entry === undefined) delete draft.syncs[address];
  else draft.syncs[address] = entry;
}

function bury(draft: Draft, line: JournalLine, reason: Dead['reason']): void {
  if (line.id !== null) draft.dead[keyAt(line.address, line.id)] = { address: line.address, reason, at: line.at };
}

function sending(draft: Draft, change: Journaled, line: JournalLine): void {
  const entry = draft.syncs[line.address];
  if (entry === undefined) return;
  // Lines may be folded twice: a ledger that was saved on the way has some of them in it already.
  if (line.step === 'create' && entry.pending?.sent_at === null) {
    const pending = sent(entry.pending, line.spec ?? entry.pending.spec, line.at);
    set(draft, line.address, { ...entry, pending });
  }
  if (line.step === 'delete') set(draft, line.address, deleting(entry));
  if (line.step === 'update' && entry.spec !== null && change.after !== null) {
    const replaced = entry.replaced ?? entry.spec;
    set(draft, line.address, { ...entry, spec: certain(replaced, change.after), replaced });
  }
}

/**
 * What is so whether an update was carried out or not: single values that it changes are left out. Where an answer does not show them,
 * the next plan sends them again.
 */
function certain(before: Spec, after: Spec): Spec {
  const kept: Record<string, Json> = {};
  for (const [key, value] of Object.entries(before)) {
    const other = after[key];
    const isSingle = !isNested(value) && !isNested(other);
    if (value !== undefined && !(isSingle && other !== undefined && other !== value)) kept[key] = value;
  }
  return kept;
}

function isNested(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null;
}

function notUpdated(draft: Draft, { address, fate }: JournalLine): void {
  const entry = draft.syncs[address];
  if (entry?.replaced === undefined) return;
  set(draft, address, withSpec(entry, fate === 'unknown' ? entry.spec : entry.replaced));
}

/** The entry once it is known what became of an update: `spec` is what it says then. */
function withSpec({ replaced: _, ...entry }: Entry, spec: Spec | null): Entry {
  return { ...entry, spec };
}

function done(draft: Draft, change: Journaled, line: JournalLine): void {
  const entry = draft.syncs[line.address];
  switch (line.step) {
    case 'create': {
      if (line.id === null) break;
      const made = { ...boundBy(change, line.id), pending: unjudged(entry, line.id) };
      if (change.action === 'create') bury(draft, { ...line, id: change.retires }, 'gone');
      set(draft, line.address, change.action === 'replace' ? retiring(made, change.retires) : made);
      break;
    }
    case 'update':
    case 'bind': {
      if (change.release) set(draft, line.address, undefined);
      else if (line.id !== null) {
        const bound = { ...boundBy(change, line.id), ...keptOf(entry, line.id) };
        set(draft, line.address, change.action === 'replace' ? retiring(bound, change.retires) : bound);
      }
      break;
    }
    case 'swap':
      if (line.id !== null) set(draft, line.address, retiring(boundBy(change, line.id), entry?.id ?? null));
      break;
    case 'delete':
      bury(draft, line, 'deleted');
      set(draft, line.address, emptied(entry));
      break;
    case 'retire':
      bury(draft, line, 'replaced');
      if (entry !== undefined) set(draft, line.address, retired(entry));
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

/** What earlier creates may have left, once the latest one has been answered. */
function unjudged(entry: Entry | undefined, made: RemoteId | null): PendingCreate | null {
  if (entry?.pending == null) return null;
  return entry.id === made ? entry.pending : settledLatest(entry.pending);
}

function failed(draft: Draft, line: JournalLine): void {
  const entry = draft.syncs[line.address];
  if (entry === undefined || line.fate === 'unknown') return;
  if (line.step === 'create') set(draft, line.address, withoutLatest(entry));
  if (line.step === 'delete') set(draft, line.address, undeleted(entry));
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
      syncs[address] = { ...entry, pending: sent(entry.pending, entry.pending.spec, sentBy) };
    else if (action === 'delete') syncs[address] = deleting(entry);
  }
  return { ...ledger, syncs };
}

/** Ends the last run: creates that never left this machine are forgotten, and nothing else; the run says how it went. */
export function finish(ledger: Ledger): Ledger {
  const run = ledger.runs.at(-1);
  const syncs: Record<Address, Entry> = {};
  for (const [address, entry] of Object.entries(ledger.syncs)) {
    const told = entry.replaced === undefined ? entry : withSpec(entry, entry.spec);
    const kept = told.pending !== null && told.pending.sent_at === null ? withoutLatest(told) : told;
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

/** Everything that an entry binds. */
export function boundKeys(ledger: Ledger): Key[] {
  return Object.entries(ledger.syncs).flatMap(([address, { id, retires }]) =>
    [id, retires].flatMap((one) => (one === null ? [] : [keyAt(address, one)])),
  );
}
