import type { Address } from '../model/address.ts';
import type { Ledger } from '../model/ledger.ts';
import { type Key, keyAt, keyOf, type Live } from '../model/live.ts';
import { appearance } from './look-alike.ts';
import { byCodePoint } from './stable.ts';

/** The live side and who holds what of it, indexed once. Labels and ids are told apart by kind. */
export interface LiveIndex {
  readonly byKey: ReadonlyMap<Key, Live>;
  /** The address that holds a live thing. */
  readonly boundTo: ReadonlyMap<Key, Address>;
  /** Things that bear this label, by id; without tombstones and ghosts. */
  bearers(kind: string, label: string): readonly Live[];
  /** Things whose label looks the same: a service may trim it, or compose its accents. Likewise. */
  alike(kind: string, label: string): readonly Live[];
}

/** Indexes what is live. Without a ledger nothing is dead and nothing is bound. */
export function indexLive(live: readonly Live[], ledger: Ledger | null): LiveIndex {
  const isDead = ({ kind, id }: Live) => ledger?.dead[keyOf(kind, id)] !== undefined;
  const sorted = once(() => live.toSorted((one, other) => byCodePoint(one.id, other.id)).filter((one) => !isDead(one)));
  const byLabel = once(() => grouped(sorted(), (label) => label));
  const byLook = once(() => grouped(sorted(), appearance));
  return {
    byKey: new Map(live.map((one) => [keyOf(one.kind, one.id), one])),
    boundTo: boundTo(ledger),
    bearers: (kind, label) => byLabel().get(entryFor(kind, label)) ?? [],
    alike: (kind, label) => byLook().get(entryFor(kind, appearance(label))) ?? [],
  };
}

/** The address that holds each thing: what it binds, and the old one of a replace that is under way. */
export function boundTo(ledger: Ledger | null): ReadonlyMap<Key, Address> {
  const bound = new Map<Key, Address>();
  for (const [address, { id, retires }] of Object.entries(ledger?.syncs ?? {})) {
    if (id !== null) bound.set(keyAt(address, id), address);
    if (retires !== null) bound.set(keyAt(address, retires), address);
  }
  return bound;
}

function grouped(live: readonly Live[], labelOf: (label: string) => string): ReadonlyMap<string, readonly Live[]> {
  const groups = new Map<string, Live[]>();
  for (const one of live) {
    if (one.label === undefined) continue;
    const entry = entryFor(one.kind, labelOf(one.label));
    const group = groups.get(entry);
    if (group === undefined) groups.set(entry, [one]);
    else group.push(one);
  }
  return groups;
}

function entryFor(kind: string, label: string): string {
  return `${kind} ${label}`;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
