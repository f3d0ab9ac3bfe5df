import { type Address, nameOf } from '../../model/address.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { tokens, valueAt } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Note } from '../../model/plan.ts';
import { type Circle, circlesOf, type Member, type Web } from './circles.ts';

/** What is wrong with a circle that a plan would close: the manifest that closes it, and the mistake in it. */
export interface ClosedCircle {
  readonly manifest: Manifest;
  readonly problem: Problem;
}

/** The mistake of each circle that one of these manifests closes. */
export function closedCircles(
  circles: readonly Circle[],
  declared: ReadonlyMap<Address, Manifest>,
): readonly ClosedCircle[] {
  return circles.flatMap((circle) => {
    const [manifest] = circle.written.flatMap(({ address }) => declared.get(address) ?? []);
    if (manifest === undefined) return [];
    const { link } = circle;
    const path = valueAt(manifest.spec, link.path) === undefined ? link.into : link.path;
    const message = `These syncs would wait for each other: ${chain(circle)}.`;
    const problem = {
      severity: 'error',
      code: 'sync-cycle',
      path: `/spec${path}`,
      at: 'value',
      message,
      hint: hint(circle, declared),
    };
    return [{ manifest, problem: problem as Problem }];
  });
}

/** Changes that would close a circle of triggers as the live side is now, by address, each with what is wrong with it. */
export function closingChanges(web: Web): ReadonlyMap<Address, string> {
  const closing = new Map<Address, string>();
  for (const circle of circlesOf(web)) {
    const message = `These syncs would wait for each other: ${chain(circle)}. End one of their triggers first.`;
    for (const { address } of circle.written) closing.set(address, message);
  }
  return closing;
}

/** A note for each circle that was there before. What nobody of ours is part of is nobody's business here. */
export function olderCircles(circles: readonly Circle[]): Note[] {
  return circles.flatMap((circle) => {
    const [address] = circle.members.filter(isAddress);
    if (circle.written.length > 0 || address === undefined) return [];
    const message = `These syncs wait for each other since before this plan: ${chain(circle)}.`;
    return [{ address, code: 'sync-cycle', message }];
  });
}

/** Where a manifest has only become silent about its old trigger, that is still there. */
function hint({ link, members, written }: Circle, declared: ReadonlyMap<Address, Manifest>): string {
  const writing = new Set(written.map((one) => one.address));
  const kept = members.filter((one) => !writing.has(one));
  const silent = kept.filter((one) => {
    const spec = declared.get(one)?.spec;
    return spec !== undefined && valueAt(spec, link.path) === undefined && valueAt(spec, link.into) === undefined;
  });
  const trigger = tokens(link.into).at(-2) ?? '';
  if (silent.length > 0) {
    const names = silent.map(nameOf).join(' or ');
    return `A trigger that is no longer declared stays; write \`${trigger}: null\` in ${names} to end it.`;
  }
  const foreign = kept.filter((one) => !declared.has(one)).map(nameIn);
  if (foreign.length === 0) return 'Remove one of these triggers.';
  return `Remove one of these triggers; that of ${foreign.join(' and ')}, which no manifest declares, can be removed in the service.`;
}

function chain({ members }: Circle): string {
  return [...members, members[0] ?? ''].map(nameIn).join(' → ');
}

function isAddress(member: Member): boolean {
  return member.includes('/');
}

function nameIn(member: Member): string {
  return isAddress(member) ? nameOf(member) : `sync ${member.slice(member.indexOf('#') + 1)}`;
}
