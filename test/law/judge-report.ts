import { ProviderError, SynclineError } from '../../src/model/errors.ts';
import type { Ledger } from '../../src/model/ledger.ts';
import { type Change, needsAttention, type Plan } from '../../src/model/plan.ts';
import { type Court, differing, entryOf, fail, ledgerOf, Violation } from './court.ts';
import { openDisk } from './memory-ledger.ts';
import type { Ended } from './run.ts';
import type { Truth } from './service.ts';
import type { Write } from './wire.ts';

export function judgeError({ error }: Ended): void {
  if (error === undefined || error instanceof SynclineError || error instanceof ProviderError) return;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  throw new Violation(`an error that is nobody's: ${stack}`);
}

/** What a run let go is nobody's from then on; so is what the service has denied. */
export async function release(court: Court): Promise<void> {
  for (const id of court.sky.denied) court.excused.add(id);
  // What a check has made is named, and a person deletes it.
  for (const one of court.sky.writes)
    if (one.meaning.kind === 'check' && one.id !== undefined) court.excused.add(one.id);
  if (!court.sky.service.visible) for (const one of court.sky.writes) if (one.id !== undefined) hide(court, one);
  const document = await openDisk(court.stage.disk);
  if (document === undefined) return;
  for (const line of [...document.past, ...document.ledger.runs.map((run) => JSON.stringify(run))]) {
    const run: Ledger['runs'][number] = JSON.parse(line);
    for (const one of run.changes) if (one.release && one.id !== null) court.released.add(one.id);
  }
  for (const id of court.released) court.excused.add(id);
}

/** Where neither a pause nor a delete shows, nobody can tell whether a lie was one, nor when what comes late has come. */
function hide(court: Court, { id = '', lied, meaning, late }: Write): void {
  if (!lied && !late) return;
  court.unseen.add(id);
  if (meaning.kind === 'delete') court.excused.add(id);
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
      effects.filter(({ id }) => id === undefined || !court.sky.denied.has(id)),
    );
  if (deed.do === 'dry-run' || report === undefined || plan === undefined) return;
  for (const write of effects) {
    const address = addressOf(court, plan, write);
    const outcome = report.outcomes.find((one) => one.address === address);
    if (outcome === undefined || !['applied', 'unconfirmed', 'failed', 'unchanged'].includes(outcome.status))
      fail('a report says less than what happened', { write, outcome });
    if (!report.wrote) fail('a report says that nothing was written', { write, outcome });
  }
  const deleted = effects.filter((one) => one.meaning.kind === 'delete' && isPlanned(plan, one.id));
  const deletes = new Set(deleted.map((one) => one.id)).size;
  const limit = Math.max(court.world.maxDeletes, ended.forced.deletes ?? 0, deed.do === 'apply-saved' ? 9 : 0);
  if (deletes > limit) fail('promise 4: more deletes than allowed', { deletes, limit });
  judgeExit(court, ended, effects);
  if (!late) judgeApplied(court, ended);
}

function writesOf(court: Court, number: number): Write[] {
  return court.sky.writes.filter((one) => one.run === number && one.effect !== 'none');
}

function isPlanned(plan: Plan, id: string | undefined): boolean {
  return plan.changes.some((one) => one.id === id);
}

function addressOf(court: Court, plan: Plan, { meaning, id }: Write): string | undefined {
  const mark = meaning.kind === 'create' ? meaning.mark : undefined;
  const planned = meaning.kind === 'create' ? undefined : plan.changes.find((one) => one.id === id)?.address;
  const name = mark ?? court.sky.made.get(id ?? '');
  return planned ?? (name === undefined ? undefined : `${court.sky.service.kind.kind}/${name}`);
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
  if (exit !== 5 || (made.id !== undefined && !isUntold && !text.includes(made.id)))
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
  const truth = new Map(court.sky.service.truth().map((one) => [one.id, one]));
  for (const outcome of report?.outcomes ?? []) {
    const change = plan?.changes.find((one) => one.address === outcome.address);
    if (outcome.status !== 'applied' || change === undefined || outcome.id === null) continue;
    const unseen = court.sky.writes.some((one) => one.run === number && one.id === outcome.id && one.lied);
    if (unseen && !court.sky.service.visible) continue;
    const untouched = !court.sky.writes.some((one) => one.run === number && one.id === outcome.id);
    if (untouched && court.unseen.has(outcome.id)) continue;
    const wrong = wrongWith(court, change, truth.get(outcome.id));
    if (wrong !== undefined) fail('applied, and not so', { outcome, wrong });
  }
}

function wrongWith(court: Court, change: Change, found: Truth | undefined): unknown {
  if (change.action === 'delete') return found === undefined ? undefined : { 'still there': found };
  if (change.release && change.fields.length === 0) return undefined;
  if (change.action === 'update' && change.fields.length === 0) return undefined;
  if (found === undefined) return 'it does not exist';
  const wanted = court.sky.service.wanted(change.desired ?? {});
  return differing(wanted, found);
}

/** Promise 6. A replace may have two for a while, and says which one goes. */
export async function judgeTwins(court: Court): Promise<void> {
  if (court.world.ledger === 'none') return;
  const ledger = await ledgerOf(court);
  const marks = new Set(court.sky.made.values());
  for (const mark of marks) {
    const entry = ledger === undefined ? undefined : entryOf(ledger, mark);
    const leaving = entry?.retires ?? (entry?.pending == null ? undefined : entry.id);
    const mine = ours(court, mark).filter((one) => one.id !== leaving);
    // Where only a write shows what is a sync, a new one is made before the row of an earlier create is judged.
    const unjudged = court.sky.service.kind.ghosts ? (entry?.pending?.earlier?.length ?? 0) : 0;
    if (mine.length > 1 + unjudged) fail('promise 6: two syncs of one manifest', { mark, mine, entry });
  }
}

function ours(court: Court, mark: string): Truth[] {
  return court.sky.service.truth().filter((one) => court.sky.made.get(one.id) === mark && !court.excused.has(one.id));
}
