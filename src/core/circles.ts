import type { Address } from '../model/address.ts';
import { isObject, type Json, type Spec, tokens, valueAt } from '../model/json.ts';
import type { Live, RemoteId } from '../model/live.ts';
import type { Change } from '../model/plan.ts';
import type { KindTraits, LinkTrait } from '../model/traits.ts';
import { isRemoval } from './removal.ts';
import { byCodePoint } from './stable.ts';

/** A sync in the web of triggers: its address where one is known, else its id. */
export type Member = string;

/** Syncs that wait for each other, each for the next, once the plan is carried out. */
export interface Circle {
  readonly link: LinkTrait;
  readonly members: readonly Member[];
  /** Changes that write one of its triggers; none where the circle is older than the plan. By address. */
  readonly written: readonly Change[];
}

/** What a plan makes of the triggers of a workspace. */
export interface Web {
  readonly traits: KindTraits;
  readonly live: readonly Live[];
  readonly changes: readonly Change[];
  /** The address that holds a live sync. */
  readonly boundTo: ReadonlyMap<RemoteId, Address>;
}

/** Every circle of triggers as they will be, declared over live, whoever made it. */
export function circlesOf(web: Web): Circle[] {
  return web.traits.links.flatMap((link) => {
    const { before, after, changeOf } = edges(web, link);
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
  for (const link of web.traits.links) {
    const { before, after, changeOf } = edges(web, link);
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

function edges({ traits, live, changes, boundTo }: Web, link: LinkTrait): Edges {
  const byId = new Map(changes.flatMap((one) => (one.id === null ? [] : [[one.id, one] as const])));
  const memberOf = (id: string): Member => byId.get(id)?.address ?? boundTo.get(id) ?? id;
  const targetOf = (value: Json | undefined): Member | undefined => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    return String(value).startsWith(`${traits.kind}/`) ? String(value) : memberOf(String(value));
  };
  const before = new Map<Member, Member>();
  for (const one of live) {
    const target = targetOf(valueAt(one.spec, link.into));
    if (target !== undefined) before.set(memberOf(one.id), target);
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
