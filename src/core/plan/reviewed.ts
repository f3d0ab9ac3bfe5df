import type { Address } from '../../model/address.ts';
import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Change, Plan } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';
import { saidByChange } from './digest.ts';

/** The part of a plan that says what would be done. */
type Changes = Pick<Plan, 'changes' | 'blocked'>;

/**
 * Why changes that were reviewed are not carried out, by address: a fresh plan does not have them, or has them in another way. What
 * was approved then and is not wanted now is as stale as what somebody has changed behind its back.
 */
export function notAsReviewed(traitsOf: TraitsOf, reviewed: Changes, fresh: Changes): Map<Address, string> {
  const today = new Map(fresh.changes.map((one) => [one.address, one]));
  const blocked = new Map(fresh.blocked.map((one) => [one.address, one.reason]));
  const refused = new Map<Address, string>();
  for (const change of reviewed.changes) {
    const { address } = change;
    const now = today.get(address);
    const reason = now === undefined ? absent(blocked.get(address)) : otherwise(traitsOf, change, now);
    if (reason !== undefined) refused.set(address, reason);
  }
  return refused;
}

/** What a fresh plan does at addresses that are in none of the reviewed ones, in its order. */
export function notReviewed(reviewed: readonly Changes[], fresh: Changes): readonly Change[] {
  const known = new Set(reviewed.flatMap(({ changes }) => changes.map((one) => one.address)));
  return fresh.changes.filter((one) => !known.has(one.address));
}

function absent(blocked: string | undefined): string {
  return blocked === undefined
    ? 'It was reviewed, but a fresh plan has nothing to do there.'
    : `It was reviewed, but a fresh plan has it blocked (${blocked}).`;
}

function otherwise(traitsOf: TraitsOf, reviewed: Change, fresh: Change): string | undefined {
  if (fresh.action !== reviewed.action)
    return `It was reviewed as ${reviewed.action}, but a fresh plan has ${fresh.action}.`;
  if (fresh.id !== reviewed.id)
    return `It was reviewed for ${reviewed.id}, but a fresh plan has ${fresh.id ?? 'a new one'}.`;
  const done = (change: Change) => whatIsDone(traitsOf, change);
  return equal(done(reviewed), done(fresh))
    ? undefined
    : 'What was reviewed differs from what a fresh plan would write.';
}

/** All that carrying out a change goes by, but for what waits for what: that may be done by now. Who caused it is no part of it. */
function whatIsDone(traitsOf: TraitsOf, change: Change): Json {
  const {
    desired = null,
    lifecycle = null,
    label = null,
    hide = null,
    release = null,
    moved_from = null,
    fields,
  } = objectOf(traitsOf, change);
  const values = isList(fields)
    ? fields.map((one) => (isObject(one) ? [one.path ?? null, one.from ?? null, one.to ?? null] : one))
    : [];
  return { desired, lifecycle, label, hide, release, moved_from, fields: values };
}

function objectOf(traitsOf: TraitsOf, change: Change): JsonObject {
  const said = saidByChange(traitsOf, change);
  return isObject(said) ? said : {};
}
