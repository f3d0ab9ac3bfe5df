import { type Address, kindOf } from '../../model/address.ts';
import { isObject, type Json, type Spec, tokens, valueAt } from '../../model/json.ts';
import { type Key, keyAt, keyOf, type Live } from '../../model/live.ts';
import type { Change } from '../../model/plan.ts';
import type { Reference, TraitsOf } from '../../model/traits.ts';
import { isRemoval } from '../actions.ts';
import { awaited } from '../references/fill.ts';
import { byCodePoint } from '../stable.ts';

/** A thing in the web of triggers: its address where one is known, else its key. */
export type Member = string;

/** Syncs that wait for each other, each for the next, once the plan is carried out. */
export interface Circle {
  /** Which of the kind's references to its own kind. */
  readonly link: Reference;
  readonly members: readonly Member[];
  /** Changes that write one of its triggers; none where the circle is older than the plan. By address. */
  readonly written: readonly Change[];
}

/** What a plan makes of the triggers of a workspace. */
export interface Web {
  readonly traitsOf: TraitsOf;
  readonly live: readonly Live[];
  readonly changes: readonly Change[];
  /** The address that holds a live sync. */
  readonly boundTo: ReadonlyMap<Key, Address>;
}

/** Every circle of triggers as they will be, declared over live, whoever made it. */
export function circlesOf(web: Web): Circle[] {
  return linksIn(web).flatMap(({ kind, link }) => {
    const { before, after, changeOf } = edges(web, kind, link);
    return rounds(after).map((members) => {
      const written = members.flatMap((one) => (before.get(one) === after.get(one) ? [] : (changeOf.get(one) ?? [])));
      return { link, members, written };
    });
  });
}

/**
 * The changes, each also after those that open a circle which it would close otherwise: a service that is told of the
 * closing first refuses it, or runs in circles until it hears of the other.
 */
export function openingFirst(web: Web): Change[] {
  const needs = new Map(web.changes.map((change) => [change.address, new Set(change.depends_on)]));
  for (const { kind, link } of linksIn(web)) {
    const { before, after, changeOf } = edges(web, kind, link);
    for (const [member, change] of changeOf) {
      const target = after.get(member);
      if (target === undefined || target === before.get(member)) continue;
      const way = walk(target, before, member);
      for (const other of way ?? []) {
        const opening = changeOf.get(other);
        // A removal comes last whatever it opens.
        if (opening === undefined || opening === change || isRemoval(opening) || before.get(other) === after.get(other))
          continue;
        if (!reaches(needs, opening.address, change.address)) needs.get(change.address)?.add(opening.address);
      }
    }
  }
  return web.changes.map((change) => {
    const all = needs.get(change.address);
    return all === undefined || all.size === change.depends_on.length
      ? change
      : { ...change, depends_on: [...all].sort(byCodePoint) };
  });
}

interface Edges {
  /** Whom each sync waits for now. */
  readonly before: ReadonlyMap<Member, Member>;
  /** Whom it will wait for. */
  readonly after: ReadonlyMap<Member, Member>;
  readonly changeOf: ReadonlyMap<Member, Change>;
}

/** References of kinds to their own kind, which alone can run in a circle. */
function linksIn({ traitsOf, live, changes }: Web): { readonly kind: string; readonly link: Reference }[] {
  const kinds = new Set(live.map((one) => one.kind));
  for (const { address } of changes) kinds.add(kindOf(address));
  return [...kinds].sort(byCodePoint).flatMap((kind) =>
    traitsOf(kind)
      .references.filter((one) => one.manifest === kind)
      .map((link) => ({ kind, link })),
  );
}

function edges(web: Web, kind: string, link: Reference): Edges {
  const { boundTo } = web;
  const changes = web.changes.filter((one) => kindOf(one.address) === kind);
  const byKey = new Map(
    changes.flatMap((one) => (one.id === null ? [] : [[keyAt(one.address, one.id), one] as const])),
  );
  const memberOf = (key: Key): Member => byKey.get(key)?.address ?? boundTo.get(key) ?? key;
  const targetOf = (value: Json | undefined): Member | undefined => {
    const waiting = awaited(value);
    if (waiting !== undefined) return waiting;
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    return memberOf(keyOf(kind, String(value)));
  };
  const before = new Map<Member, Member>();
  for (const one of web.live) {
    if (one.kind !== kind) continue;
    const target = targetOf(valueAt(one.spec, link.into));
    if (target !== undefined) before.set(memberOf(keyOf(kind, one.id)), target);
  }
  const after = new Map(before);
  const changeOf = new Map<Member, Change>();
  for (const change of changes) {
    const { address, action, desired } = change;
    changeOf.set(address, change);
    const said = desired === null ? null : declaredAt(desired, link.into);
    if (said === undefined && action !== 'create' && action !== 'replace') continue;
    const target = targetOf(said ?? undefined);
    if (target === undefined) after.delete(address);
    else after.set(address, target);
  }
  return { before, after, changeOf };
}

/** What a spec says at a place: undefined where it is silent and what is live stays, null where it clears it. */
function declaredAt(spec: Spec, path: string): Json | undefined {
  let here: Json | undefined = spec;
  for (const token of tokens(path)) {
    if (here === null) return null;
    if (!isObject(here) || !Object.hasOwn(here, token)) return undefined;
    here = here[token];
  }
  return here;
}

/** The members from `start` on until `end` comes, both included; undefined where it never does. */
function walk(start: Member, next: ReadonlyMap<Member, Member>, end: Member): Member[] | undefined {
  const path = new Set<Member>();
  for (let here: Member | undefined = start; here !== undefined && !path.has(here); here = next.get(here)) {
    path.add(here);
    if (here === end) return [...path];
  }
  return undefined;
}

/** Every circle once, from its smallest member on. */
function rounds(next: ReadonlyMap<Member, Member>): Member[][] {
  const seen = new Set<Member>();
  const found: Member[][] = [];
  for (const start of [...next.keys()].sort(byCodePoint)) {
    const path: Member[] = [];
    let here: Member | undefined = start;
    while (here !== undefined && !seen.has(here)) {
      seen.add(here);
      path.push(here);
      here = next.get(here);
    }
    const from = here === undefined ? -1 : path.indexOf(here);
    if (from < 0) continue;
    const round = path.slice(from);
    const first = round.indexOf(round.toSorted(byCodePoint)[0] ?? '');
    found.push([...round.slice(first), ...round.slice(0, first)]);
  }
  return found;
}

/** Does the one come after the other already, be it through others? */
function reaches(needs: ReadonlyMap<Address, ReadonlySet<Address>>, from: Address, to: Address): boolean {
  const seen = new Set<Address>();
  const open = [from];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    if (here === to) return true;
    if (seen.has(here)) continue;
    seen.add(here);
    open.push(...(needs.get(here) ?? []));
  }
  return false;
}
