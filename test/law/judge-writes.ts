import { isRemoval } from '../../src/core/actions.ts';
import type { Ledger } from '../../src/model/ledger.ts';
import { type Key, keyAt, partsOf } from '../../src/model/live.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import { type Court, entryOf, fail, holderOf, Violation } from './court.ts';
import { judgePrepare, judgeReach } from './judge-reach.ts';
import type { Watch } from './run.ts';
import { isWrite, type Meaning, type WriteMeaning } from './service.ts';

/** Judges a write before the service works on it. What is thrown at a request would only look like a lost answer, so it is kept. */
export function overhear(court: Court, meaning: Meaning, watch: Watch): void {
  try {
    judgeWrite(court, meaning, watch);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    court.broken ??= error;
  }
}

function judgeWrite(court: Court, meaning: Meaning, watch: Watch): void {
  if (meaning.kind === 'prepare') judgePrepare(court, meaning, watch);
  if (!isWrite(meaning)) return;
  const { deed, ledger } = watch;
  if (deed.do === 'plan') fail('promise 1: a plan writes', meaning);
  judgeReach(court, meaning, watch);
  if (meaning.kind === 'check') return;
  if (deed.do === 'dry-run') fail('promise 1: a dry run writes', meaning);
  if (court.world.ledger === 'none') judgeForgetful(court, meaning, watch);
  else if (ledger === undefined) fail('nothing is written before its intent is recorded', meaning);
  else judgeRemembered(court, meaning, watch, ledger);
}

function judgeRemembered(court: Court, meaning: WriteMeaning, watch: Watch, ledger: Ledger): void {
  if (!('key' in meaning)) {
    const entry = entryOf(ledger, meaning.address);
    if (entry?.pending?.sent_at == null) fail('a create leaves whose intent is not recorded', { meaning, entry });
    return;
  }
  const { key } = meaning;
  const adopting = ledger.runs
    .at(-1)
    ?.changes.some(({ action, address, id }) => action === 'adopt' && id !== null && keyAt(address, id) === key);
  if (holderOf(ledger, key) === undefined && adopting !== true && !isSuspect(court, ledger, key)) {
    fail('promise 3: what is not bound is written', { meaning, ledger: ledger.syncs });
  }
  if (meaning.kind === 'delete' && !isOwnSpare(court, key, ledger)) judgeDelete(key, watch, ledger);
}

function judgeForgetful(court: Court, meaning: WriteMeaning, watch: Watch): void {
  if (meaning.kind === 'delete') fail('nothing is deleted without a ledger', meaning);
  if (meaning.kind !== 'update') return;
  const planned = watch.plan?.changes.some(({ address, id }) => id !== null && keyAt(address, id) === meaning.key);
  const made = court.sky.writes.some(
    (one) => one.run === court.count && one.meaning.kind === 'create' && one.key === meaning.key,
  );
  if (planned !== true && !made) fail('promise 2: what is not planned is written', meaning);
}

/** A row that an unanswered create of an address has left. */
function isSuspect(court: Court, ledger: Ledger, key: Key): boolean {
  const entry = entryOf(ledger, court.sky.made.get(key));
  return entry?.pending != null || (entry !== undefined && !court.released.has(key) && entry.id !== partsOf(key).id);
}

/** A second sync that this very run had to make to find out that the first one is whole. */
function isOwnSpare({ sky, count }: Court, key: Key, ledger: Ledger): boolean {
  const made = sky.writes.some((one) => one.run === count && one.meaning.kind === 'create' && one.key === key);
  return made && holderOf(ledger, key)?.[1].retires === partsOf(key).id;
}

function judgeDelete(key: Key, { plan, deed, outcomes }: Watch, ledger: Ledger): void {
  const bound = holderOf(ledger, key);
  if (bound === undefined) return;
  const [address, entry] = bound;
  if (entry.protect) fail('promise 5: what is protected is deleted', { address, entry });
  const change = plan?.changes.find((one) => one.address === address);
  const { id } = partsOf(key);
  // What a replace of an earlier run has left goes before its address is given up, and the plan says so beside its changes.
  const isLeft = entry.retires === id && change !== undefined && isRemoval(change);
  const isSaid = plan?.notes.some((one) => one.address === address && one.message.includes(id)) ?? false;
  if (isLeft ? !isSaid : change?.action !== 'delete' && change?.action !== 'replace')
    fail('promise 2: a delete that is not planned', { address, key, change, notes: plan?.notes });
  if (change === undefined || !isRemoval(change)) return;
  const pruned = deed.do === 'undo' || (deed.do !== 'plan' && deed.flags.prune);
  if (!pruned) fail('promise 4: a delete without --prune', { address });
  // A removal that is refused because its thing has changed is no error: the rest goes on.
  const removals = new Set(plan?.changes.filter(isRemoval).map((one) => one.address));
  const fine = (one: Outcome) =>
    ['applied', 'unchanged'].includes(one.status) || (one.status === 'stale' && removals.has(one.address));
  const bad = outcomes.find((one) => !fine(one));
  if (bad !== undefined) fail('promise 4: a delete after an error', { address, bad });
}
