import { type Address, kindOf } from '../../model/address.ts';
import type { Spec } from '../../model/json.ts';
import type { Dead, Entry, Ledger, PendingCreate, Run, RunChange } from '../../model/ledger.ts';
import { type Key, keyOf, partsOf, type RemoteId } from '../../model/live.ts';
import { type Dictionary, type Grammar, translated } from './translate.ts';

/** From which API to which, and by what words. */
export interface Words {
  readonly from: string;
  readonly to: string;
  readonly dictionary: Dictionary;
  readonly grammarOf: (kind: string) => Grammar;
}

/**
 * A memory in the words of another API: ids, specs, tombstones and creates without an answer. Each record keeps the id that it had,
 * so that the way back needs no guess. Runs are left as they were recorded; `runIn` has the words for them.
 */
export function ledgerIn(ledger: Ledger, words: Words): Ledger {
  const syncs: Record<Address, Entry> = {};
  for (const [address, entry] of Object.entries(ledger.syncs)) syncs[address] = entryIn(address, entry, words);
  const dead: Record<Key, Dead> = {};
  for (const [key, one] of Object.entries(ledger.dead)) {
    const { kind, id } = partsOf(key as Key);
    dead[keyOf(kind, recordedId(words, kind, id, one))] = keeping(one, words, id);
  }
  return { ...ledger, syncs, dead };
}

function entryIn(address: Address, entry: Entry, words: Words): Entry {
  const kind = kindOf(address);
  const specOf = (spec: Spec) => specIn(words, kind, spec);
  const parts = {
    spec: entry.spec === null ? null : specOf(entry.spec),
    ...(entry.replaced !== undefined && { replaced: specOf(entry.replaced) }),
  };
  if (entry.state === 'pending') return { ...entry, ...parts, pending: pendingIn(words, kind, entry.pending) };
  const pending = entry.pending === null ? null : pendingIn(words, kind, entry.pending);
  const bound = { ...parts, id: recordedId(words, kind, entry.id, entry), pending };
  if (entry.state === 'retiring')
    return keeping({ ...entry, ...bound, retires: idIn(words, kind, entry.retires) }, words, entry.id);
  return keeping({ ...entry, ...bound }, words, entry.id);
}

function pendingIn(words: Words, kind: string, { earlier, ...own }: PendingCreate): PendingCreate {
  const before = own.before.map((id) => idIn(words, kind, id));
  const next = { ...own, before, spec: specIn(words, kind, own.spec) };
  return earlier === undefined ? next : { ...next, earlier: earlier.map((one) => pendingIn(words, kind, one)) };
}

function specIn({ grammarOf, dictionary }: Words, kind: string, spec: Spec): Spec {
  return translated(grammarOf(kind), spec, dictionary).spec;
}

/** The id that a record has at the other API: the one that it had there, or what the pairs say. */
function recordedId(words: Words, kind: string, id: RemoteId, record: object): RemoteId {
  return keptId(record, words.to) ?? idIn(words, kind, id);
}

/**
 * An id at the other API. One without a pair is of something that is gone: where ids were counted anew, it is marked with the API
 * that gave it, so that it names nothing there.
 */
function idIn({ from, to, dictionary }: Words, kind: string, id: RemoteId): RemoteId {
  if (id.startsWith(`${to}:`)) return id.slice(to.length + 1);
  return dictionary.idOf(kind, id, undefined) ?? (dictionary.keeps(kind) ? id : `${from}:${id}`);
}

/** The id that a record has kept from an API. */
export function keptId(record: object, api: string): RemoteId | undefined {
  const kept = Object.hasOwn(record, api)
    ? (record as Record<string, { readonly id?: unknown } | undefined>)[api]
    : undefined;
  return typeof kept?.id === 'string' ? kept.id : undefined;
}

/** A record that keeps the id it had before, and forgets the one that it has again. */
function keeping<Kept extends object>(record: Kept, { from, to }: Words, id: RemoteId): Kept {
  const { [to]: _, ...rest } = record as Record<string, unknown>;
  return { ...rest, [from]: { id } } as unknown as Kept;
}

/** A run in the words of another API, for whoever takes it back there. What has no word stays, and is in `unknown`. */
export function runIn(run: Run, words: Words): { readonly run: Run; readonly unknown: ReadonlySet<Address> } {
  const unknown = new Set<Address>();
  const changes = run.changes.map((change): RunChange => {
    const kind = kindOf(change.address);
    const specOf = (spec: Spec) => {
      const { spec: said, unknown: lost } = translated(words.grammarOf(kind), spec, words.dictionary);
      if (lost.some(({ space }) => !words.dictionary.keeps(space))) unknown.add(change.address);
      return said;
    };
    const idOf = (id: RemoteId) => idIn(words, kind, id);
    return changeIn(change, specOf, idOf);
  });
  return { run: { ...run, changes }, unknown };
}

function changeIn(change: RunChange, specOf: (spec: Spec) => Spec, idOf: (id: RemoteId) => RemoteId): RunChange {
  const within = (spec: Spec | null) => (spec === null ? null : specOf(spec));
  const maybe = (id: RemoteId | null) => (id === null ? null : idOf(id));
  switch (change.action) {
    case 'forget':
      return { ...change, id: maybe(change.id) };
    case 'create':
      return { ...change, id: maybe(change.id), after: within(change.after), retires: maybe(change.retires) };
    case 'replace': {
      const ids = { id: maybe(change.id), retires: idOf(change.retires) };
      return { ...change, ...ids, before: within(change.before), after: specOf(change.after) };
    }
    case 'delete':
      return { ...change, id: idOf(change.id), before: within(change.before), after: within(change.after) };
    default: {
      const common = { id: idOf(change.id), before: within(change.before) };
      return change.sends
        ? { ...change, ...common, after: specOf(change.after) }
        : { ...change, ...common, after: within(change.after) };
    }
  }
}
