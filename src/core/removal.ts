import { type Address, matches } from '../model/address.ts';
import type { Age } from '../model/checkout.ts';
import type { Entry, Ledger } from '../model/ledger.ts';
import type { RemoteId } from '../model/live.ts';
import type { BlockReason, Change } from '../model/plan.ts';
import { deletesHeldBack } from './age.ts';

/** What stands between a sync and its removal, as it is now: a saved plan passes it again. */
export interface Guards {
  /** null: there is no memory, and nothing is owned. */
  readonly ledger: Ledger | null;
  /** Globs of addresses that are never deleted. */
  readonly protect: readonly string[];
  /** What the service can do to a sync that exists. */
  readonly verbs: readonly ('update' | 'delete')[];
  readonly maxDeletes: number;
  /** The exact number of deletes that is allowed beyond `maxDeletes`. */
  readonly forceDeletes: number | undefined;
  /** How the checkout that asks for it stands to the last apply. */
  readonly age: Age;
}

/** Why something must stay. */
export interface Refusal {
  readonly reason: BlockReason;
  readonly hint: string;
}

/** Removals that must not be, by address: by kind of ledger, owner, protection and verbs, by the age of the checkout, and then by their number. */
export function refusedRemovals(changes: readonly Change[], guards: Guards): Map<Address, Refusal> {
  const holders = holdersOf(guards.ledger);
  const refused = new Map<Address, Refusal>();
  for (const change of changes) {
    const refusal = takesAway(change) ? refusalOf(change, guards, holders) : undefined;
    if (refusal !== undefined) refused.set(change.address, refusal);
  }
  const deleting = changes.filter((change) => isDeleting(change) && !refused.has(change.address));
  const old = deletesHeldBack(guards.age, deleting.length, guards.forceDeletes);
  for (const { address } of changes.filter(takesAway)) {
    if (old !== undefined && !refused.has(address)) refused.set(address, refuse('old-checkout', old));
  }
  const left = deleting.filter((change) => !refused.has(change.address));
  const excess = excessOf(left.length, guards);
  if (excess !== undefined) for (const { address } of left) refused.set(address, excess);
  return refused;
}

/** Does the change delete a sync? A replace does, too. */
export function isDeleting({ action }: Pick<Change, 'action'>): boolean {
  return action === 'delete' || action === 'replace';
}

/** Does the change end the binding of an address that no manifest declares? */
export function isRemoval(change: Pick<Change, 'action' | 'release'>): boolean {
  return change.action === 'delete' || change.release;
}

/** Does somebody lose a sync by the change? An undo that only lets go of what it had taken over leaves it as it was. */
function takesAway(change: Change): boolean {
  return isDeleting(change) || (change.release && change.lifecycle === null);
}

function refusalOf(change: Change, guards: Guards, holders: ReadonlyMap<RemoteId, readonly Address[]>) {
  const { address, id, lifecycle } = change;
  if (guards.ledger === null) return refuse('unsupported', 'Without a ledger (`ledger: none`) nothing is deleted.');
  const other = holders.get(id ?? '')?.find((holder) => holder !== address);
  if (other !== undefined) {
    const hint = `The ledger binds the sync ${id} to ${other} too; \`syncline forget ${address}\` ends that without touching the sync.`;
    return refuse('depends', hint);
  }
  const shield = protection(guards, address, guards.ledger.syncs[address], lifecycle?.protect ?? false);
  if (shield !== undefined) return refuse('protected', shieldHint(change, shield));
  if (isDeleting(change) && !guards.verbs.includes('delete')) {
    return refuse('unsupported', 'The API of this target cannot delete a sync.');
  }
  return undefined;
}

/** Who shields an address from removal: its manifest, its record or the target; undefined where nobody does. */
export function protection(
  { protect }: Pick<Guards, 'protect'>,
  address: Address,
  entry: Entry | undefined,
  declared: boolean,
): 'manifest' | 'record' | 'target' | undefined {
  if (declared) return 'manifest';
  if (entry?.protect === true) return 'record';
  return protect.some((glob) => matches(address, glob)) ? 'target' : undefined;
}

const ways = {
  manifest: 'apply its manifest with `protect: false` first',
  record: 'put its manifest back with `protect: false` and apply',
  target: 'take it out of `protect` in syncline.yaml',
} as const;

/** How something protected goes all the same, by what protects it. */
export function shieldHint(change: Pick<Change, 'action' | 'address'>, shield: keyof typeof ways): string {
  if (change.action === 'replace') return `A replace deletes the old sync, and this one is protected; ${ways[shield]}.`;
  const letGo = `or let the sync go alive with \`syncline forget ${change.address}\``;
  return `It is protected and stays; ${ways[shield]}, ${letGo}.`;
}

function excessOf(deleting: number, { maxDeletes, forceDeletes }: Guards): Refusal | undefined {
  if (deleting <= maxDeletes || forceDeletes === deleting) return undefined;
  const asked = forceDeletes === undefined ? '' : ` (not ${forceDeletes})`;
  const hint = `This plan would delete ${deleting} sync${deleting === 1 ? '' : 's'} and the limit (max_deletes) is ${maxDeletes}; if that is meant, run with --force-deletes ${deleting}${asked}.`;
  return refuse('max-deletes', hint);
}

/** Every address that holds an id. A sound ledger has one for each. */
function holdersOf(ledger: Ledger | null): ReadonlyMap<RemoteId, readonly Address[]> {
  const holders = new Map<RemoteId, Address[]>();
  for (const [address, { id, retires }] of Object.entries(ledger?.syncs ?? {})) {
    for (const one of [id, retires]) {
      if (one === null) continue;
      const others = holders.get(one);
      if (others === undefined) holders.set(one, [address]);
      else others.push(address);
    }
  }
  return holders;
}

function refuse(reason: BlockReason, hint: string): Refusal {
  return { reason, hint };
}
