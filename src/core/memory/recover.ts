import { type Address, kindOf } from '../../model/address.ts';
import { hiding } from '../../model/hidden.ts';
import { pointer, type Spec } from '../../model/json.ts';
import type { Bound, Entry, Ledger, PendingCreate, Retiring, RunChange } from '../../model/ledger.ts';
import { type Key, keyAt, keyOf, type Live, type RemoteId } from '../../model/live.ts';
import type { FieldChange, Note } from '../../model/plan.ts';
import type { Capabilities } from '../../model/provider.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import { boundTo } from '../live-index.ts';
import { appearance } from '../look-alike.ts';
import { openPlaces, withIds } from '../references/fill.ts';
import { diff } from '../spec/diff.ts';
import { retired, retiring, undeleted } from './entry.ts';
import { runStatus } from './ledger.ts';
import { intents, withoutLatest } from './pending.ts';

export interface Recovered {
  readonly ledger: Ledger;
  readonly notes: readonly Note[];
  /** Creates that were given up because nothing they could have made is listed, by address. */
  readonly forgotten: ReadonlyMap<Address, PendingCreate>;
}

/** What became of one entry. */
interface Settled extends Pick<Recovered, 'ledger' | 'notes'> {
  readonly forgotten?: PendingCreate;
}

interface Evidence {
  readonly traitsOf: TraitsOf;
  readonly capabilitiesOf: (kind: string) => Pick<Capabilities, 'deletions' | 'ghosts'>;
  readonly live: readonly Live[];
  /** Ids that no list shows and that the provider proved not to exist. */
  readonly gone: ReadonlySet<Key>;
  /** ISO 8601. */
  readonly now: string;
  readonly settleSeconds: number;
}

/**
 * Settles what an earlier run left in doubt, by what it meant to do and never by today's manifests. A lost create is bound to
 * the one sync that bears its label and body and was not there before; a lost delete is looked up. Pure: the caller decides
 * whether the result is kept.
 */
export function recover(ledger: Ledger, evidence: Evidence): Recovered {
  let next = ledger;
  const notes: Note[] = [];
  const forgotten = new Map<Address, PendingCreate>();
  for (const address of parentsFirst(ledger, evidence.traitsOf)) {
    const entry = next.syncs[address];
    const settled = entry === undefined ? undefined : settle(next, evidence, address, entry);
    if (settled === undefined) continue;
    next = settled.ledger;
    notes.push(...settled.notes);
    if (settled.forgotten !== undefined) forgotten.set(address, settled.forgotten);
  }
  return { ledger: next, notes, forgotten };
}

/** Every address; a create that was to wait for another one comes after it, whose id may be known by then. */
function parentsFirst({ syncs }: Ledger, traitsOf: TraitsOf): Address[] {
  const owners = (address: Address): Address[] =>
    openPlaces(traitsOf(kindOf(address)), syncs[address]?.pending?.spec ?? {}).map((place) => place.address);
  const sorted = new Set<Address>();
  const visit = (address: Address, above: ReadonlySet<Address>): void => {
    if (sorted.has(address) || above.has(address) || syncs[address] === undefined) return;
    const inside = new Set([...above, address]);
    for (const owner of owners(address)) visit(owner, inside);
    sorted.add(address);
  };
  for (const [address, { pending }] of Object.entries(syncs)) {
    if (pending === null) sorted.add(address);
    else visit(address, new Set());
  }
  return [...sorted];
}

/** The body that was sent: by then the creates that it waited for had an id. */
function filled(ledger: Ledger | null, traits: KindTraits, spec: Spec): Spec {
  return withIds(traits, spec, (address) => ledger?.syncs[address]?.id);
}

function settle(ledger: Ledger, evidence: Evidence, address: Address, entry: Entry): Settled | undefined {
  if (entry.pending !== null) return settleCreate(ledger, evidence, address, entry, entry.pending);
  if (entry.state === 'deleting') return settleDelete(ledger, evidence, address, entry, entry.id);
  if (entry.state !== 'retiring') return undefined;
  if (evidence.gone.has(keyAt(address, entry.retires))) {
    const dead = {
      ...ledger.dead,
      [keyAt(address, entry.retires)]: { address, reason: 'replaced' as const, at: evidence.now },
    };
    return { ledger: { ...put(ledger, address, retired(entry)), dead }, notes: [] };
  }
  return evidence.gone.has(keyAt(address, entry.id)) ? takeBack(ledger, evidence, address, entry) : undefined;
}

/** A replace whose new sync somebody has deleted: the old one, which still lives, is what the address has. */
function takeBack(
  ledger: Ledger,
  { live, traitsOf, capabilitiesOf, now }: Evidence,
  address: Address,
  entry: Retiring,
): Settled | undefined {
  const kind = kindOf(address);
  const { id: made, retires: old } = entry;
  const found = live.find((one) => one.kind === kind && one.id === old);
  if (found === undefined) return undefined;
  // Its delete may have been sent; where a deleted sync stays listed, that is still in doubt.
  const state = capabilitiesOf(kind).deletions === 'invisible' ? 'deleting' : 'bound';
  const kept: Entry = { ...entry, state, id: old, retires: null, spec: null, label: found.label ?? null };
  const dead = { ...ledger.dead, [keyAt(address, made)]: { address, reason: 'gone' as const, at: now } };
  const message = `The ${traitsOf(kind).noun} ${made}, which was to replace ${old}, no longer exists; ${old} is bound as before.`;
  return { ledger: { ...put(ledger, address, kept), dead }, notes: [{ address, code: 'recovered', message }] };
}

function settleCreate(
  ledger: Ledger,
  evidence: Evidence,
  address: Address,
  entry: Entry,
  pending: PendingCreate,
): Settled | undefined {
  const before = entry.id === null ? undefined : { ...entry, pending: null };
  // What was only meant to be sent has left nothing behind, whatever else bears its label by now.
  if (pending.sent_at === null) return { ledger: put(ledger, address, withoutLatest(entry)), notes: [] };
  const kind = kindOf(address);
  const { noun } = evidence.traitsOf(kind);
  const rows = rowsOf(ledger, evidence, kind, pending);
  // A row that may be a ghost proves nothing by being there: only a write tells, and that is for an apply to send.
  if (evidence.capabilitiesOf(kind).ghosts && rows.length > 0) return undefined;
  const [only] = rows;
  if (only !== undefined && rows.length === 1) {
    const stays = staying(ledger, evidence, address, entry, only);
    if (stays !== undefined) return stays;
    const message = `The ${noun} ${only.id}, made by an earlier run whose answer was lost, was found and bound.`;
    const bound = credit(bind(ledger, evidence, address, entry, pending, only), address, 'create', only.id);
    return { ledger: bound, notes: [{ address, code: 'recovered', message }] };
  }
  const age = (Date.parse(evidence.now) - Date.parse(pending.sent_at)) / 1000;
  if (age < evidence.settleSeconds) return undefined;
  const message =
    rows.length === 0
      ? `A create of an earlier run was never answered and left no ${noun} behind; it is forgotten.`
      : `A create of an earlier run was never answered, and Syncline cannot tell which of the ${noun}s ${rows.map((one) => one.id).join(', ')} it made; it is forgotten.`;
  const lost = rows.length === 0 ? { forgotten: pending } : {};
  return { ledger: put(ledger, address, before), notes: [{ address, code: 'recovered', message }], ...lost };
}

/**
 * What was taken to be gone lives, and is not made anew where others use it: it stays bound, and the new one goes, which nobody has
 * used yet. undefined where the new one takes its place.
 */
function staying(
  ledger: Ledger,
  { traitsOf, gone }: Evidence,
  address: Address,
  entry: Entry,
  made: Live,
): Settled | undefined {
  const { replaceable, noun } = traitsOf(made.kind);
  if (replaceable || entry.id === null || entry.state === 'retiring' || gone.has(keyAt(address, entry.id)))
    return undefined;
  const message = `The ${noun} ${made.id}, made by an earlier run whose answer was lost, was found; ${entry.id}, which had seemed to be gone, still exists and stays bound, and ${made.id} will be deleted.`;
  const kept = retiring({ ...entry, state: 'bound', pending: null }, made.id);
  return { ledger: put(ledger, address, kept), notes: [{ address, code: 'recovered', message }] };
}

/** The ledger with a lost create bound to its row: beside what it replaces, or in the place of what is gone. */
function bind(
  ledger: Ledger,
  { traitsOf, gone, now }: Evidence,
  address: Address,
  entry: Entry,
  pending: PendingCreate,
  row: Live,
): Ledger {
  const { id } = row;
  const { id: old } = entry;
  const traits = traitsOf(row.kind);
  const meant = intents(pending).find((one) => candidates(ledger, traits, [row], one).length > 0) ?? pending;
  const run = ledger.runs.at(-1)?.changes.find((change) => change.address === address);
  const protect = entry.protect || run?.protect === true;
  const made: Bound = {
    state: 'bound',
    id,
    spec: filled(ledger, traits, meant.spec),
    label: meant.label,
    protect,
    on_delete: entry.on_delete,
    ...hiding(entry),
    pending: null,
    retires: null,
  };
  if (old === null) return put(ledger, address, made);
  if (!gone.has(keyAt(address, old))) return put(ledger, address, retiring(made, old));
  const dead = { ...ledger.dead, [keyAt(address, old)]: { address, reason: 'gone' as const, at: now } };
  return { ...put(ledger, address, retiring(made, entry.retires)), dead };
}

/** Rows that the unanswered creates of one address may have made. */
function rowsOf(
  ledger: Ledger,
  { traitsOf, live }: Pick<Evidence, 'traitsOf' | 'live'>,
  kind: string,
  pending: PendingCreate,
): Live[] {
  return [...new Set(intents(pending).flatMap((one) => candidates(ledger, traitsOf(kind), live, one)))];
}

/**
 * Rows that an unanswered create may have left behind, by address, once the time is over in which a slow server may still
 * carry it out. Only for services with ghosts: whether such a row is a sync has to be asked.
 */
export function suspects(
  ledger: Ledger | null,
  evidence: Pick<Evidence, 'traitsOf' | 'capabilitiesOf' | 'live' | 'now' | 'settleSeconds'>,
): Map<Address, readonly Live[]> {
  const found = new Map<Address, readonly Live[]>();
  if (ledger === null) return found;
  for (const [address, { pending }] of Object.entries(ledger.syncs)) {
    if (pending?.sent_at == null || !evidence.capabilitiesOf(kindOf(address)).ghosts) continue;
    if ((Date.parse(evidence.now) - Date.parse(pending.sent_at)) / 1000 < evidence.settleSeconds) continue;
    const rows = rowsOf(ledger, evidence, kindOf(address), pending);
    if (rows.length > 0) found.set(address, rows);
  }
  return found;
}

/**
 * Live syncs that a create whose answer was lost may have made: its label, as sent or as a service rewrites it for the eye to
 * see no difference, its body, not there before, nobody's.
 */
export function candidates(
  ledger: Ledger | null,
  traits: KindTraits,
  live: readonly Live[],
  pending: Pick<PendingCreate, 'label' | 'spec' | 'before'>,
): Live[] {
  const bound = boundTo(ledger);
  const look = appearance(pending.label);
  const spec = filled(ledger, traits, pending.spec);
  const isLabel = ({ path }: FieldChange) => traits.label.some((field) => path === pointer([field]));
  return live.filter((one) => {
    if (one.kind !== traits.kind || one.label === undefined || appearance(one.label) !== look) return false;
    const key = keyOf(one.kind, one.id);
    if (pending.before.includes(one.id) || bound.has(key) || ledger?.dead[key] !== undefined) return false;
    return diff(traits, one.spec, spec, { applied: spec, memory: true }).changes.every(isLabel);
  });
}

function settleDelete(
  ledger: Ledger,
  evidence: Evidence,
  address: Address,
  entry: Entry,
  id: RemoteId,
): Settled | undefined {
  const kind = kindOf(address);
  const key = keyOf(kind, id);
  if (evidence.live.some((one) => one.kind === kind && one.id === id)) {
    // Where deleted syncs stay listed, being listed says nothing.
    if (evidence.capabilitiesOf(kind).deletions === 'invisible') return undefined;
    const message = `The delete of ${id} that an earlier run sent was not carried out; it is bound as before.`;
    return {
      ledger: put(ledger, address, undeleted(entry)),
      notes: [{ address, code: 'recovered', message }],
    };
  }
  if (!evidence.gone.has(key)) return undefined;
  const dead = { ...ledger.dead, [key]: { address, reason: 'deleted' as const, at: evidence.now } };
  return { ledger: credit({ ...put(ledger, address, undefined), dead }, address, 'delete', id), notes: [] };
}

/** The run that died has done it after all: its record says so, for the log and for whoever undoes it. */
function credit(ledger: Ledger, address: Address, action: 'create' | 'delete', id: RemoteId): Ledger {
  const run = ledger.runs.at(-1);
  if (run === undefined) return ledger;
  const changes = run.changes.map((change): RunChange => {
    if (change.address !== address || change.action !== action) return change;
    const done = { ...change, id, status: 'applied' } as const;
    return done.action === 'create' ? { ...done, after: null } : done;
  });
  return { ...ledger, runs: ledger.runs.with(-1, { ...run, status: runStatus(changes), changes }) };
}

function put(ledger: Ledger, address: Address, entry: Entry | undefined): Ledger {
  const syncs = { ...ledger.syncs };
  if (entry === undefined) delete syncs[address];
  else syncs[address] = entry;
  return { ...ledger, syncs };
}
