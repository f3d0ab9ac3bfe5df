import { type Address, kindOf } from '../../src/model/address.ts';
import { ProviderError, SynclineError } from '../../src/model/errors.ts';
import { type Key, keyAt, partsOf } from '../../src/model/live.ts';
import { type Change, needsAttention, type Plan } from '../../src/model/plan.ts';
import { type Court, differing, entryOf, fail, ledgerOf, Violation } from './court.ts';
import { runsOf } from './judge-bindings.ts';
import type { Ended } from './run.ts';
import { hidesDeaths, type Truth } from './service.ts';
import type { Write } from './wire.ts';

export function judgeError({ error }: Ended): void {
  if (error === undefined || error instanceof SynclineError || error instanceof ProviderError) return;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  throw new Violation(`an error that is nobody's: ${stack}`);
}

/** What a run let go is nobody's from then on; so is what the service has denied. */
export async function release(court: Court): Promise<void> {
  for (const key of court.sky.denied) court.excused.add(key);
  // What a check has made is named, and a person deletes it.
  for (const one of court.sky.writes)
    if (one.meaning.kind === 'check' && one.key !== undefined) court.excused.add(one.key);
  if (!court.sky.service.visible) for (const one of court.sky.writes) hide(court, one);
  for (const { changes } of await runsOf(court))
    for (const { address, release: isLetGo, id } of changes)
      if (isLetGo && id !== null) court.released.add(keyAt(address, id));
  for (const key of court.released) court.excused.add(key);
}

/** Where neither a pause nor a delete shows, nobody can tell whether a lie was one, nor when what comes late has come. */
function hide(court: Court, { key, lied, meaning, late }: Write): void {
  if (key === undefined || (!lied && !late)) return;
  court.unseen.add(key);
  if (meaning.kind === 'delete') court.excused.add(key);
}

export function judgeReport(court: Court, ended: Ended, late: boolean): void {
  const { report, plan, number, deed, error } = ended;
  const effects = writesOf(court, number);
  if (error !== undefined && effects.length > 0)
    fail('an error hides what was written', { error: String(error), effects });
  // What the service made and then denied nobody can know of.
  if (deed.do === 'dry-run')
    judgeDryRun(
      ended,
      effects.filter(({ key }) => key === undefined || !court.sky.denied.has(key)),
    );
  if (deed.do === 'dry-run' || report === undefined || plan === undefined) return;
  for (const write of effects) {
    const address = writtenFor(court, plan, write);
    const outcome = report.outcomes.find((one) => one.address === address);
    if (outcome === undefined || !['applied', 'unconfirmed', 'failed', 'unchanged'].includes(outcome.status))
      fail('a report says less than what happened', { write, outcome });
    if (!report.wrote) fail('a report says that nothing was written', { write, outcome });
  }
  const deleted = effects.filter((one) => one.meaning.kind === 'delete' && isPlanned(plan, one.key));
  const deletes = new Set(deleted.map((one) => one.key)).size;
  const limit = Math.max(court.world.maxDeletes, ended.forced.deletes ?? 0, deed.do === 'apply-saved' ? 9 : 0);
  if (deletes > limit) fail('promise 4: more deletes than allowed', { deletes, limit });
  judgeExit(court, ended, effects);
  if (!late) judgeApplied(court, ended);
}

function writesOf(court: Court, number: number): Write[] {
  return court.sky.writes.filter((one) => one.run === number && one.effect !== 'none');
}

/** Does a change, or what the plan says beside it, speak of the thing? */
function isPlanned(plan: Plan, key: Key | undefined): boolean {
  if (key === undefined) return false;
  const { kind, id } = partsOf(key);
  const isNoted = plan.notes.some(
    (one) => one.code === 'zombie' && kindOf(one.address) === kind && one.message.includes(id),
  );
  return isNoted || changeOf(plan, key) !== undefined;
}

function changeOf(plan: Plan, key: Key | undefined): Change | undefined {
  return plan.changes.find(({ address, id }) => id !== null && keyAt(address, id) === key);
}

function writtenFor(court: Court, plan: Plan, { meaning, key }: Write): Address | undefined {
  const own = meaning.kind === 'create' ? meaning.address : changeOf(plan, key)?.address;
  return own ?? (key === undefined ? undefined : court.sky.made.get(key));
}

function judgeDryRun({ report, exit, error, died }: Ended, all: readonly Write[]): void {
  if (died) return;
  // What comes only after the last request has been answered, no report can know.
  const effects = all.filter((one) => one.effect === 'done');
  if (effects.length > 1) fail('a dry run goes on after the service has made something', effects);
  const [made] = effects;
  if (made === undefined) {
    // Where an answer was lost and nobody can look, something may have been made.
    if (exit === 5 && report?.fault == null) fail('a dry run that wrote nothing exits with 5', { report });
    return;
  }
  const text = `${JSON.stringify(report)} ${String(error)}`;
  // Where neither the answer nor a look for the sync could be had, the report says that there may be one.
  const isUntold = report?.fault?.code === 'check-unknown';
  if (exit !== 5 || (made.key !== undefined && !isUntold && !text.includes(partsOf(made.key).id)))
    fail('a dry run hides what the service has made', { made, exit, report });
}

function judgeExit(court: Court, { report, plan, exit, number }: Ended, effects: readonly Write[]): void {
  if (report === undefined || plan === undefined) return;
  const facts = { exit, effects, outcomes: report.outcomes, converged: report.converged };
  const settled = report.outcomes.every((one) => one.status === 'applied' || one.status === 'unchanged');
  if (exit === 0 && report.converged === false) fail('a report that did not converge exits with 0', facts);
  const waiting = exit === 4 && settled && plan.blocked.some(needsAttention);
  if (exit !== 0 && exit !== 5 && !waiting && effects.length > 0) fail('an exit code hides what was written', facts);
  if (exit === 5 && report.fault === null && !court.sky.writes.some((one) => one.run === number))
    fail('exit 5 where nothing was sent', facts);
}

function judgeApplied(court: Court, { report, plan, number }: Ended): void {
  const truth = new Map(court.sky.service.truth().map((one) => [one.key, one]));
  for (const outcome of report?.outcomes ?? []) {
    const change = plan?.changes.find((one) => one.address === outcome.address);
    if (outcome.status !== 'applied' || change === undefined || outcome.id === null) continue;
    const key = keyAt(outcome.address, outcome.id);
    const unseen = court.sky.writes.some((one) => one.run === number && one.key === key && one.lied);
    if (unseen && !court.sky.service.visible) continue;
    const untouched = !court.sky.writes.some((one) => one.run === number && one.key === key);
    if (untouched && court.unseen.has(key)) continue;
    const wrong = wrongWith(court, change, truth.get(key));
    if (wrong !== undefined) fail('applied, and not so', { outcome, wrong });
  }
}

function wrongWith(court: Court, change: Change, found: Truth | undefined): unknown {
  if (change.action === 'delete') return found === undefined ? undefined : { 'still there': found };
  if (change.release && change.fields.length === 0) return undefined;
  if (change.action === 'update' && change.fields.length === 0) return undefined;
  if (found === undefined) return 'it does not exist';
  const wanted = court.sky.service.wanted(kindOf(change.address), change.desired ?? {});
  return differing(wanted, found);
}

/** Promise 6. A replace may have two for a while, and says which one goes. */
export async function judgeTwins(court: Court): Promise<void> {
  if (court.world.ledger === 'none') return;
  const ledger = await ledgerOf(court);
  for (const address of new Set(court.sky.made.values())) {
    const entry = ledger === undefined ? undefined : entryOf(ledger, address);
    const leaving = entry?.retires ?? (entry?.pending == null ? undefined : entry.id);
    const mine = ours(court, address).filter((one) => partsOf(one.key).id !== leaving);
    // Where only a write shows what is a sync, a new one is made before the row of an earlier create is judged.
    const unjudged = hidesDeaths(court.sky.service) ? (entry?.pending?.earlier?.length ?? 0) : 0;
    if (mine.length > 1 + unjudged) fail('promise 6: two things of one manifest', { address, mine, entry });
  }
}

function ours(court: Court, address: Address): Truth[] {
  return court.sky.service
    .truth()
    .filter((one) => court.sky.made.get(one.key) === address && !court.excused.has(one.key));
}
