import { type Address, kindOf } from '../../model/address.ts';
import { isObject, type Json, type Pointer, type Spec, tokens } from '../../model/json.ts';
import { type Key, keyAt, keyOf, type Live } from '../../model/live.ts';
import type { Change } from '../../model/plan.ts';
import type { Reference, TraitsOf } from '../../model/traits.ts';
import { isDeleting, isRemoval } from '../actions.ts';
import { byCodePoint } from '../stable.ts';
import { applies, awaited, idAt } from './fill.ts';

/** What is live, and what a plan makes of it. */
export interface Usage {
  readonly traitsOf: TraitsOf;
  readonly live: readonly Live[];
  readonly changes: readonly Change[];
  /** The address that holds a live thing. */
  readonly boundTo: ReadonlyMap<Key, Address>;
}

/**
 * Who goes on using what these changes delete, by the address of the delete: an address where one holds it, else the noun, id
 * and label of a live thing. A trigger is no use: what has lost it only runs less often.
 */
export function usersLeft({ traitsOf, live, changes, boundTo }: Usage): ReadonlyMap<Address, readonly string[]> {
  const deleted = deletedBy(changes, boundTo);
  const kinds = new Set([...deleted.keys()].map((key) => key.slice(0, key.indexOf('#'))));
  const users = new Map<Address, string[]>();
  const note = (key: Key | undefined, user: string) => {
    const address = key === undefined ? undefined : deleted.get(key);
    if (address !== undefined && address !== user) users.set(address, [...(users.get(address) ?? []), user]);
  };
  if (kinds.size === 0) return users;
  const byKey = new Map(
    changes.flatMap((one) => (one.id === null ? [] : [[keyAt(one.address, one.id), one] as const])),
  );
  for (const one of live) {
    const key = keyOf(one.kind, one.id);
    const change = byKey.get(key);
    const user = change?.address ?? boundTo.get(key) ?? spoken(traitsOf, one);
    if (change?.action === 'delete') continue;
    for (const reference of needs(traitsOf, one.kind, kinds))
      note(referent(reference, one.spec, change?.desired ?? {}), user);
  }
  for (const { action, address, desired } of changes) {
    if (action !== 'create') continue;
    for (const reference of needs(traitsOf, kindOf(address), kinds)) note(referent(reference, {}, desired), address);
  }
  return new Map([...users].map(([address, all]) => [address, [...new Set(all)].sort(byCodePoint)]));
}

/** What these changes delete, and for which address: with what an address gives up goes what a replace of an earlier run has left. */
function deletedBy(changes: readonly Change[], boundTo: Usage['boundTo']): ReadonlyMap<Key, Address> {
  const deleted = new Map(changes.filter(isDeleting).map(({ address, id }) => [keyAt(address, id), address]));
  const kept = new Set(changes.flatMap(({ address, id }) => (id === null ? [] : [keyAt(address, id)])));
  const givenUp = new Set(changes.filter(isRemoval).map(({ address }) => address));
  if (givenUp.size === 0) return deleted;
  for (const [key, address] of boundTo) if (givenUp.has(address) && !kept.has(key)) deleted.set(key, address);
  return deleted;
}

/** References of a kind to one of these, without which a thing is nothing. */
function needs(traitsOf: TraitsOf, kind: string, kinds: ReadonlySet<string>): readonly Reference[] {
  return traitsOf(kind).references.filter(
    ({ manifest, optional }) => manifest !== undefined && kinds.has(manifest) && optional !== true,
  );
}

/** What a thing will refer to: as declared, or where that is silent as it is. */
function referent(reference: Reference, live: Spec, desired: Spec): Key | undefined {
  const said = saidAt(desired, reference.into);
  if (awaited(said) !== undefined) return undefined;
  const spec = said === undefined ? live : desired;
  const id = applies(reference, spec) ? idAt(reference, spec) : undefined;
  return id === undefined || reference.manifest === undefined ? undefined : keyOf(reference.manifest, id);
}

/** The value at a place; undefined where the spec says nothing of it. What holds it is one value, so silence inside is none. */
function saidAt(spec: Spec, path: Pointer): Json | undefined {
  let here: Json | undefined = spec;
  for (const [index, token] of tokens(path).entries()) {
    if (!isObject(here) || !Object.hasOwn(here, token)) return index === 0 ? undefined : null;
    here = here[token];
  }
  return here;
}

function spoken(traitsOf: TraitsOf, { kind, id, label }: Live): string {
  return `the ${traitsOf(kind).noun} ${id}${label === undefined ? '' : ` ("${label}")`}`;
}
