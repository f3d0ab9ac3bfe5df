import { type Address, kindOf } from '../../model/address.ts';
import type { Ledger } from '../../model/ledger.ts';
import { keyOf } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { boundTo } from '../live-index.ts';
import { equal } from '../spec/equal.ts';
import { inOneOrder } from '../spec/fingerprint.ts';
import { byCodePoint } from '../stable.ts';
import { type DeclaredIndex, indexDeclared, namedManifests } from './declared.ts';
import { idAt } from './fill.ts';

/** What is declared of one target, then and now, before any name is resolved. */
export interface Sides {
  readonly traitsOf: TraitsOf;
  readonly before: readonly Manifest[];
  readonly now: readonly Manifest[];
  /** Who holds an id that a manifest writes instead of a name. */
  readonly ledger: Ledger | null;
}

/**
 * Addresses whose manifest says something else than before, or is on one side only, and those that refer to one of them, directly
 * or not. Where in the files a manifest stands makes no difference.
 */
export function differing(sides: Sides): ReadonlySet<Address> {
  const found = changed(sides);
  if (found.size === 0) return found;
  const users = usersOf(sides);
  // A set goes on to what is added to it on the way.
  for (const address of found) for (const user of users.get(address) ?? []) found.add(user);
  return found;
}

function changed({ traitsOf, before, now }: Sides): Set<Address> {
  const old = new Map(before.map((one) => [one.address, one]));
  const declared = new Set(now.map((one) => one.address));
  const isSame = (one: Manifest) => {
    const other = old.get(one.address);
    return other !== undefined && saysTheSame(traitsOf, one, other);
  };
  return new Set([
    ...now.filter((one) => !isSame(one)).map((one) => one.address),
    ...before.filter((one) => !declared.has(one.address)).map((one) => one.address),
  ]);
}

function saysTheSame(traitsOf: TraitsOf, one: Manifest, other: Manifest): boolean {
  const traits = traitsOf(one.kind);
  const isEqual = equal(one.spec, other.spec) || equal(inOneOrder(traits, one.spec), inOneOrder(traits, other.spec));
  return isEqual && equal(lifecycleOf(one), lifecycleOf(other)) && equal(namesOf(one), namesOf(other));
}

/** A line that came, or went, may move a binding, or leave it where it is. */
function namesOf({ moved_from: names = [] }: Manifest) {
  return names.toSorted(byCodePoint);
}

/** The order of what is ignored or hidden means nothing. */
function lifecycleOf({ lifecycle }: Manifest) {
  const { ignore, hide = [] } = lifecycle;
  return { ...lifecycle, ignore: ignore.toSorted(byCodePoint), hide: hide.toSorted(byCodePoint) };
}

/** Who refers to an address now, by a name as it is understood now or was before, or by the id that the address holds. */
function usersOf({ traitsOf, before, now, ledger }: Sides): ReadonlyMap<Address, readonly Address[]> {
  const indexes = [indexDeclared(now, traitsOf), indexDeclared(before, traitsOf)];
  const holders = boundTo(ledger);
  const users = new Map<Address, Address[]>();
  for (const manifest of now) {
    const { references } = traitsOf(manifest.kind);
    const byId = references.flatMap((reference) => {
      const id = reference.manifest === undefined ? undefined : idAt(reference, manifest.spec);
      return id === undefined ? [] : (holders.get(keyOf(reference.manifest ?? '', id)) ?? []);
    });
    for (const address of [...named(traitsOf, manifest, indexes), ...byId])
      users.set(address, [...(users.get(address) ?? []), manifest.address]);
  }
  return users;
}

function named(traitsOf: TraitsOf, { address, spec }: Manifest, indexes: readonly DeclaredIndex[]): Address[] {
  const traits = traitsOf(kindOf(address));
  return indexes.flatMap((declared) => namedManifests(traits, spec, declared).map((one) => one.address));
}
