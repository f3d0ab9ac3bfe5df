import { type Address, kindOf, matches } from '../../model/address.ts';
import type { Age } from '../../model/checkout.ts';
import type { Ledger } from '../../model/ledger.ts';
import { type Key, keyAt, type Live } from '../../model/live.ts';
import type { BlockReason, Change } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { isDeleting } from '../actions.ts';
import { boundTo } from '../live-index.ts';
import { earlierAddresses } from '../moves/moves.ts';
import { usersLeft } from '../references/users.ts';
import { deletesHeldBack } from './age.ts';
import type { VerbsOf } from './decision.ts';

/** What stands between a sync and its removal, as it is now: a saved plan passes it again. */
export interface Guards {
  /** null: there is no memory, and nothing is owned. */
  readonly ledger: Ledger | null;
  /** Globs of addresses that are never deleted. */
  readonly protect: readonly string[];
  readonly traitsOf: TraitsOf;
  readonly live: readonly Live[];
  /** What the service can do to a thing of a kind that exists. */
  readonly verbsOf: VerbsOf;
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
  for (const [address, refusal] of refusedUsed(changes, guards, refused)) refused.set(address, refusal);
  const deleting = changes.filter((change) => !refused.has(change.address) && deletesIn(change, guards) > 0);
  const count = (all: readonly Change[]) => all.reduce((sum, change) => sum + deletesIn(change, guards), 0);
  const old = deletesHeldBack(guards.age, count(deleting), guards.forceDeletes);
  for (const { address } of changes.filter(takesAway)) {
    if (old !== undefined && !refused.has(address)) refused.set(address, refuse('old-checkout', old));
  }
  const left = deleting.filter((change) => !refused.has(change.address));
  const excess = excessOf(count(left), guards);
  if (excess !== undefined) for (const { address } of left) refused.set(address, excess);
  return refused;
}

/** How many things a change deletes: with its own the one that a replace of an earlier run has left, which goes first. */
function deletesIn(change: Change, { ledger, live }: Guards): number {
  const own = isDeleting(change) ? 1 : 0;
  const entry = ledger?.syncs[change.address];
  if (change.action === 'replace' || !takesAway(change) || entry?.state !== 'retiring') return own;
  const kind = kindOf(change.address);
  return live.some((one) => one.kind === kind && one.id === entry.retires) ? own + 1 : own;
}

/** Deletes of what others go on using: and so those of what these use in turn, until nothing more is refused. */
function refusedUsed(
  changes: readonly Change[],
  { traitsOf, live, ledger }: Guards,
  refused: ReadonlyMap<Address, Refusal>,
): Map<Address, Refusal> {
  const found = new Map<Address, Refusal>();
  const bound = boundTo(ledger);
  for (;;) {
    const left = changes.filter(({ address }) => !refused.has(address) && !found.has(address));
    const used = usersLeft({ traitsOf, live, changes: left, boundTo: bound });
    if (used.size === 0) return found;
    for (const [address, users] of used) found.set(address, refuse('depends', usedHint(users)));
  }
}

const mostUsers = 5;

/** Who stands in the way of a delete, and what to do. */
export function usedHint(users: readonly string[]): string {
  const more = users.length > mostUsers ? ` and ${users.length - mostUsers} more` : '';
  return `It is still used by ${users.slice(0, mostUsers).join(', ')}${more}; let that use something else, or delete it too.`;
}

/** Does somebody lose a sync by the change? An undo that only lets go of what it had taken over leaves it as it was. */
function takesAway(change: Change): boolean {
  return isDeleting(change) || (change.release && change.lifecycle === null);
}

function refusalOf(change: Change, guards: Guards, holders: ReadonlyMap<Key, readonly Address[]>) {
  const { address, id, lifecycle } = change;
  const kind = kindOf(address);
  const { noun } = guards.traitsOf(kind);
  if (guards.ledger === null) return refuse('unsupported', 'Without a ledger (`ledger: none`) nothing is deleted.');
  const other = holders.get(keyAt(address, id ?? ''))?.find((holder) => holder !== address);
  if (other !== undefined) {
    const hint = `The ledger binds the ${noun} ${id} to ${other} too; \`syncline forget ${address}\` ends that without touching the ${noun}.`;
    return refuse('depends', hint);
  }
  const shield = protection(guards, address, lifecycle?.protect ?? false);
  if (shield !== undefined) return refuse('protected', shieldHint(change, shield));
  if (isDeleting(change) && !guards.verbsOf(kind).includes('delete')) {
    return refuse('unsupported', `The API of this target cannot delete a ${noun}.`);
  }
  return undefined;
}

/** Who shields an address from removal: its manifest, its record or the target; undefined where nobody does. */
export function protection(
  { protect, ledger }: Pick<Guards, 'protect' | 'ledger'>,
  address: Address,
  declared: boolean,
): 'manifest' | 'record' | 'target' | 'earlier' | undefined {
  if (declared) return 'manifest';
  if (ledger?.syncs[address]?.protect === true) return 'record';
  const isMeant = (one: Address) => protect.some((glob) => matches(one, glob));
  if (isMeant(address)) return 'target';
  return earlierAddresses(ledger, address).some(isMeant) ? 'earlier' : undefined;
}

const ways = {
  manifest: 'apply its manifest with `lifecycle: { protect: false }` first',
  record: 'put its manifest back, with `lifecycle: { protect: false }` where it is to go later, and apply',
  target: 'take it out of `protect` in syncline.yaml',
  earlier: 'take its earlier name out of `protect` in syncline.yaml',
} as const;

/** How something protected goes all the same, by what protects it. */
export function shieldHint(change: Pick<Change, 'action' | 'address'>, shield: keyof typeof ways): string {
  if (change.action === 'replace') return `A replace deletes the old one, and it is protected; ${ways[shield]}.`;
  const letGo = `or stop managing it, without deleting it, with \`syncline forget ${change.address}\``;
  return `It is protected and stays; ${ways[shield]}, ${letGo}.`;
}

function excessOf(deleting: number, { maxDeletes, forceDeletes }: Guards): Refusal | undefined {
  if (deleting <= maxDeletes || forceDeletes === deleting) return undefined;
  const asked = forceDeletes === undefined ? '' : ` (not ${forceDeletes})`;
  const hint = `This plan would delete ${deleting}, and the limit (max_deletes) is ${maxDeletes}; if you mean that, run with --force-deletes ${deleting}${asked}.`;
  return refuse('max-deletes', hint);
}

/** Every address that holds an id. A sound ledger has one for each. */
function holdersOf(ledger: Ledger | null): ReadonlyMap<Key, readonly Address[]> {
  const holders = new Map<Key, Address[]>();
  for (const [address, { id, retires }] of Object.entries(ledger?.syncs ?? {})) {
    for (const one of [id, retires]) {
      if (one === null) continue;
      const key = keyAt(address, one);
      const others = holders.get(key);
      if (others === undefined) holders.set(key, [address]);
      else others.push(address);
    }
  }
  return holders;
}

function refuse(reason: BlockReason, hint: string): Refusal {
  return { reason, hint };
}
