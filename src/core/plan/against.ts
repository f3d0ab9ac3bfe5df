import type { Address } from '../../model/address.ts';
import type { Comparison, Difference, PlannedAs } from '../../model/against.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { FieldChange, Plan } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';
import { byCodePoint } from '../stable.ts';
import { saidByBlocked, saidByChange } from './digest.ts';

/**
 * What an earlier plan says that today's does not, and what today's says beside it. Compared is what a digest covers: neither where
 * a manifest stands nor how a reason is worded.
 */
export function comparePlans(traitsOf: TraitsOf, then: Plan, now: Plan): Comparison {
  const [before, today] = [entriesOf(traitsOf, then), entriesOf(traitsOf, now)];
  const known = new Set(before.map((one) => one.address));
  const differences = before.flatMap((one): Difference[] => {
    const found = today.filter(({ address }) => address === one.address);
    if (found.some((other) => equal(asJson(other), asJson(one)))) return [];
    const alike = found.find((other) => equal(asJson(other.as), asJson(one.as))) ?? found[0];
    return [difference(one, alike)];
  });
  const besides = today.filter(({ address }) => !known.has(address)).map(({ address, as }) => ({ address, now: as }));
  return { target: now.target, differences: differences.sort(byAddress), besides: besides.sort(byAddress) };
}

/** What a plan says of one address. */
interface Entry {
  readonly address: Address;
  readonly as: PlannedAs;
  readonly says: JsonObject;
}

function entriesOf(traitsOf: TraitsOf, { changes, blocked }: Plan): Entry[] {
  return [
    ...changes.map((one) => ({
      address: one.address,
      as: { action: one.action, blocked: null },
      says: objectOf(saidByChange(traitsOf, one)),
    })),
    ...blocked.map((one) => ({
      address: one.address,
      as: { action: one.wanted, blocked: one.reason },
      says: objectOf(saidByBlocked(traitsOf, one)),
    })),
  ];
}

function difference({ address, as: was, says }: Entry, now: Entry | undefined): Difference {
  if (now === undefined || !equal(asJson(was), asJson(now.as)))
    return { address, was, now: now?.as ?? null, fields: [], parts: [] };
  const keys = Object.keys({ ...says, ...now.says }).sort(byCodePoint);
  const parts = keys.filter((key) => key !== 'fields' && !equal(says[key], now.says[key]));
  return { address, was, now: now.as, fields: fieldsApart(says.fields, now.says.fields), parts };
}

function fieldsApart(then: Json | undefined, now: Json | undefined): string[] {
  const [before, today] = [byPath(then), byPath(now)];
  const paths = [...new Set([...before.keys(), ...today.keys()])].sort(byCodePoint);
  return paths.filter((path) => !equal(before.get(path), today.get(path)));
}

function byPath(fields: Json | undefined): ReadonlyMap<FieldChange['path'], Json> {
  const list = Array.isArray(fields) ? fields : [];
  return new Map(list.flatMap((one: Json) => (isObject(one) ? [[String(one.path), one] as const] : [])));
}

function byAddress(first: { readonly address: Address }, second: { readonly address: Address }): number {
  return byCodePoint(first.address, second.address);
}

function objectOf(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

/** These are made of JSON; their interfaces only lack the index signature that says so. */
function asJson(value: object): Json {
  return value as Json;
}
