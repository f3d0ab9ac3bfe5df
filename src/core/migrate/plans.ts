import type { Address } from '../../model/address.ts';
import { kindOf } from '../../model/address.ts';
import type { Json, Pointer, Spec } from '../../model/json.ts';
import type { RemoteId } from '../../model/live.ts';
import type { Difference } from '../../model/migration.ts';
import type { FieldChange, Plan } from '../../model/plan.ts';
import { byCodePoint, stableJson } from '../stable.ts';
import { type Dictionary, type Grammar, translated } from './translate.ts';

/**
 * What two plans of one target do differently, once the first is in the words of the other: nothing, where a move from one API to
 * the other changes nothing. What they note, when and with which tool they were made is no difference.
 */
export function planDifferences(
  from: Plan,
  to: Plan,
  { grammarOf, dictionary }: { readonly grammarOf: (kind: string) => Grammar; readonly dictionary: Dictionary },
): Difference[] {
  const [ours, theirs] = [said(from, grammarOf, dictionary), said(to, grammarOf, undefined)];
  const addresses = [...new Set([...ours.keys(), ...theirs.keys()])].sort(byCodePoint);
  return addresses.flatMap((address) => {
    const [one, other] = [ours.get(address) ?? {}, theirs.get(address) ?? {}];
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((part): Difference[] => {
      const [was, is] = [one[part] ?? null, other[part] ?? null];
      return stableJson(was) === stableJson(is) ? [] : [{ address, path: `/plan/${part}`, from: was, to: is }];
    });
  });
}

/** What a plan does to an address, by what may differ. */
type Parts = Readonly<Record<string, Json>>;

function said(
  plan: Plan,
  grammarOf: (kind: string) => Grammar,
  words: Dictionary | undefined,
): ReadonlyMap<Address, Parts> {
  const ids = (address: Address, id: RemoteId | null) =>
    id === null || words === undefined ? id : (words.idOf(kindOf(address), id, undefined) ?? id);
  const changes = plan.changes.map(({ address, action, id, fields, desired, release, depends_on }) => {
    const grammar = grammarOf(kindOf(address));
    const parts = { action, id: ids(address, id), release, depends_on: [...depends_on].sort(byCodePoint) };
    return [
      address,
      { ...parts, fields: fieldsOf(grammar, fields), desired: specOf(grammar, desired, words) },
    ] as const;
  });
  const blocked = plan.blocked.map(({ address, wanted, reason, id, fields }) => {
    const parts = { wanted, reason, id: ids(address, id), fields: fieldsOf(grammarOf(kindOf(address)), fields) };
    return [address, { blocked: parts }] as const;
  });
  const all = new Map<Address, Parts>();
  for (const [address, parts] of [...changes, ...blocked]) all.set(address, { ...all.get(address), ...parts });
  // What nobody declares or binds may be seen by one API alone, and is no business of a plan.
  return all.set('', { noop: plan.summary.noop });
}

function specOf(grammar: Grammar, spec: Spec | null, words: Dictionary | undefined): Json {
  if (spec === null) return null;
  return translated(grammar, spec, words ?? sameWords).spec;
}

const sameWords: Dictionary = { idOf: (_, id) => id, knows: () => false, keeps: () => true };

/** Values at places that hold ids are compared with the whole spec, in which it is known what they are within. */
function fieldsOf({ references, own }: Grammar, fields: readonly FieldChange[]): Json {
  const places = references.map((one) => one.into);
  const holdsId = (path: Pointer) => places.some((into) => isWithin(into, path) || isWithin(path, into));
  return fields
    .filter(({ path }) => !own.some((one) => isWithin(path, one)))
    .map(({ path, cause, impact, from, to }) => {
      const what = { path, cause, impact };
      return holdsId(path) ? what : { ...what, from: from ?? null, to: to ?? null };
    });
}

function isWithin(path: Pointer, outer: Pointer): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}
