import { needsAttention } from '../../src/core/exit.ts';
import { boundIds, fold } from '../../src/core/ledger.ts';
import { parseJournal } from '../../src/ledger/journal.ts';
import { ProviderError, SynclineError } from '../../src/model/errors.ts';
import type { Entry, Ledger } from '../../src/model/ledger.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { blankDisk, openDisk } from './memory-ledger.ts';
import { type Deed, type Ended, perform, quiet, type Stage, type Watch } from './run.ts';
import { type Declaration, isWrite, type Meaning, type Service, type Truth, type WriteMeaning } from './service.ts';
import { openSky, type Sky, type Write } from './wire.ts';
import type { LawWorld, Step } from './world.ts';

/** A rule that did not hold, with what was seen. */
export class Violation extends Error {}

interface Court {
  readonly world: LawWorld;
  readonly sky: Sky;
  readonly stage: Stage;
  readonly manifests: Map<string, Declaration>;
  readonly saved: { readonly plan: Plan; readonly flags: Extract<Step, { readonly do: 'save' }>['flags'] }[];
  readonly runs: string[];
  /** Syncs that are nobody's any more: let go, denied by the service, or changed by somebody while nobody knew them. */
  readonly excused: Set<string>;
  /** Of these, those that a run has let go. */
  readonly released: Set<string>;
  /** Syncs of which nobody can know how they are: the service hides it, and it lied or somebody else changed them. */
  readonly unseen: Set<string>;
  /** What a run has broken while it went on. */
  broken: Violation | undefined;
  /** Rules that are known not to hold yet. */
  readonly pardoned: readonly string[];
  count: number;
  readonly diary: string[];
}

/** Does everything that happens in a world, and says what did. Throws a Violation where the product breaks a promise. */
export async function obey(
  world: LawWorld,
  open: () => Service,
  pardoned: readonly string[] = [],
): Promise<readonly string[]> {
  const court = openCourt(world, open(), pardoned);
  try {
    if (world.settled)
      await judged(court, { do: 'apply', flags: { prune: false, only: undefined, force: false } }, quiet);
    for (const step of world.steps) await take(court, step);
    if (!isBlind(court)) await end(court);
    return court.diary;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Violation(`${error.message}\n${court.diary.join('\n')}`, { cause: error });
  }
}

function openCourt(world: LawWorld, service: Service, pardoned: readonly string[]): Court {
  const clock = { milliseconds: Date.parse('2026-11-21T10:00:00Z') };
  const sky = openSky(service, clock, world.seed);
  const manifests = new Map<string, Declaration>();
  const disk = blankDisk();
  const court: Court = {
    world,
    sky,
    manifests,
    saved: [],
    runs: [],
    excused: new Set(),
    released: new Set(),
    unseen: new Set(),
    broken: undefined,
    pardoned,
    count: 0,
    diary: [],
    stage: {
      world,
      sky,
      disk,
      manifests,
      watch: (meaning, watch) => overhear(court, () => judgeWrite(court, meaning, watch)),
    },
  };
  for (const one of world.declarations) declare(court, one);
  return court;
}

function declare({ manifests }: Court, one: Declaration): void {
  const taken = [...manifests.values()].some(
    ({ name, label }) => name !== one.name && label.trim() === one.label.trim(),
  );
  if (!taken) manifests.set(one.name, one);
}

async function take(court: Court, step: Step): Promise<void> {
  const { manifests, saved, sky } = court;
  switch (step.do) {
    case 'declare':
      return declare(court, step.declaration);
    case 'withdraw':
      manifests.delete(step.name);
      return;
    case 'rename': {
      const one = manifests.get(step.name);
      if (one === undefined || manifests.has(step.to)) return;
      manifests.delete(step.name);
      manifests.set(step.to, { ...one, name: step.to });
      return;
    }
    case 'wait':
      sky.clock.milliseconds += step.seconds * 1000;
      sky.settle();
      return;
    case 'meddle':
      return meddle(court, step);
    case 'save': {
      const { plan } = await judged(court, { do: 'plan', flags: step.flags }, quiet);
      if (plan !== undefined) saved.push({ plan: JSON.parse(JSON.stringify(plan)), flags: step.flags });
      return;
    }
    case 'apply-saved': {
      const chosen = saved[step.nth % Math.max(1, saved.length)];
      if (chosen !== undefined) await judged(court, { do: 'apply-saved', ...chosen }, step.trouble);
      return;
    }
    case 'undo': {
      const run = court.runs[step.nth % Math.max(1, court.runs.length)];
      if (run !== undefined && court.world.ledger !== 'none') await judged(court, { do: 'undo', run }, step.trouble);
      return;
    }
    default:
      await judged(court, { do: step.do, flags: step.flags }, step.trouble);
  }
}

async function meddle(court: Court, step: Extract<Step, { readonly do: 'meddle' }>): Promise<void> {
  const { service } = court.sky;
  if (step.what === 'make') {
    service.meddle({ kind: 'make', label: step.label });
    return;
  }
  const all = service.truth();
  const one = all[step.nth % Math.max(1, all.length)];
  if (one === undefined) return;
  const ledger = await ledgerOf(court);
  if (ledger === undefined || !boundIds(ledger).includes(one.id)) court.excused.add(one.id);
  if (!service.visible) court.unseen.add(one.id);
  service.meddle({ kind: step.what, id: one.id, label: step.label });
}

/** The ledger as the next run will find it. */
async function ledgerOf({ stage: { disk } }: Court): Promise<Ledger | undefined> {
  const document = await openDisk(disk);
  if (document === undefined) return undefined;
  const here = disk.journal !== undefined && disk.run === document.ledger.runs.at(-1)?.run;
  return here ? fold(document.ledger, parseJournal(disk.journal ?? '')) : document.ledger;
}

async function judged(court: Court, deed: Deed, trouble: Ended['trouble']): Promise<Ended> {
  court.count += 1;
  const settled = lateDone(court.sky);
  const ended = await perform(court.stage, court.count, deed, trouble);
  court.diary.push(diaryOf(court, ended));
  if (court.broken !== undefined) throw court.broken;
  if (deed.do !== 'plan' && deed.do !== 'dry-run') court.runs.push(`run-${court.count}`);
  await release(court);
  judgeError(ended);
  if (ended.hung) fail(court, 'a run asks without end', { moments: ended.moments });
  judgeReport(court, ended, lateDone(court.sky) !== settled);
  await judgeTwins(court);
  if (
    ended.exit === 0 &&
    deed.do === 'apply' &&
    !isBlind(court) &&
    court.sky.writes.every((one) => one.effect !== 'later')
  ) {
    await judgeSuccess(court, deed);
  }
  return ended;
}

/** Without a memory nobody can tell what a service hides that shows neither pauses nor deletes. */
function isBlind({ world, sky }: Court): boolean {
  return world.ledger === 'none' && sky.service.kind.deadRows;
}

function lateDone(sky: Sky): number {
  return sky.writes.filter((one) => one.effect === 'later').length;
}

function fail(court: Court, rule: string, facts: unknown): void {
  if (court.pardoned.some((one) => rule.startsWith(one))) return;
  throw new Violation(`${rule}: ${JSON.stringify(facts)}`);
}

// --- while it runs

/** What is thrown at a request would only look like a lost answer. */
function overhear(court: Court, judge: () => void): void {
  try {
    judge();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    court.broken ??= error;
  }
}

function judgeWrite(court: Court, meaning: Meaning, watch: Watch): void {
  if (!isWrite(meaning)) return;
  const { deed } = watch;
  if (deed.do === 'plan') fail(court, 'promise 1: a plan writes', meaning);
  if (meaning.kind === 'check') return;
  if (deed.do === 'dry-run') fail(court, 'promise 1: a dry run writes', meaning);
  if (court.world.ledger === 'none') return judgeForgetful(court, meaning, watch);
  const { ledger } = watch;
  if (ledger === undefined) return fail(court, 'nothing is written before its intent is recorded', meaning);
  if (!('id' in meaning)) {
    const entry = entryOf(ledger, meaning.mark);
    if (entry?.pending?.sent_at == null)
      fail(court, 'a create leaves whose intent is not recorded', { meaning, entry });
    return;
  }
  const adopting = ledger.runs.at(-1)?.changes.some((one) => one.action === 'adopt' && one.id === meaning.id);
  if (!boundIds(ledger).includes(meaning.id) && adopting !== true && !isSuspect(court, ledger, meaning.id)) {
    fail(court, 'promise 3: what is not bound is written', { meaning, ledger: ledger.syncs });
  }
  if (meaning.kind === 'delete') judgeDelete(court, meaning.id, watch, ledger);
}

function judgeForgetful(court: Court, meaning: WriteMeaning, watch: Watch): void {
  if (meaning.kind === 'delete') fail(court, 'nothing is deleted without a ledger', meaning);
  if (meaning.kind !== 'update') return;
  const planned = watch.plan?.changes.some(({ id }) => id === meaning.id);
  const made = court.sky.writes.some(
    (one) => one.run === court.count && one.meaning.kind === 'create' && one.id === meaning.id,
  );
  if (planned !== true && !made) fail(court, 'promise 2: what is not planned is written', meaning);
}

/** A row that an unanswered create of an address has left. */
function isSuspect(court: Court, ledger: Ledger, id: string): boolean {
  const mark = court.sky.made.get(id);
  const entry = entryOf(ledger, mark);
  return (
    entry?.pending != null || (mark !== undefined && !court.released.has(id) && entry !== undefined && entry.id !== id)
  );
}

function entryOf(ledger: Ledger, mark: string | undefined): Entry | undefined {
  return Object.entries(ledger.syncs).find(([address]) => address.split('/')[1] === mark)?.[1];
}

function judgeDelete(court: Court, id: string, { plan, deed, outcomes }: Watch, ledger: Ledger): void {
  const bound = Object.entries(ledger.syncs).find(([, one]) => one.id === id || one.retires === id);
  if (bound === undefined) return;
  const [address, entry] = bound;
  if (entry.protect) fail(court, 'promise 5: what is protected is deleted', { address, entry });
  const change = plan?.changes.find((one) => one.address === address);
  if (change?.action !== 'delete' && change?.action !== 'replace')
    fail(court, 'promise 2: a delete that is not planned', { address, change });
  if (change?.action !== 'delete') return;
  const pruned = deed.do === 'undo' || (deed.do !== 'plan' && deed.flags.prune);
  if (!pruned) fail(court, 'promise 4: a delete without --prune', { address });
  const bad = outcomes.find((one) => !['applied', 'unchanged'].includes(one.status));
  if (bad !== undefined) fail(court, 'promise 4: a delete after an error', { address, bad });
}

// --- after each run

function judgeError({ error }: Ended): void {
  if (error === undefined || error instanceof SynclineError || error instanceof ProviderError) return;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  throw new Violation(`an error that is nobody's: ${stack}`);
}

/** What a run let go is nobody's from then on; so is what the service has denied. */
async function release(court: Court): Promise<void> {
  for (const id of court.sky.denied) court.excused.add(id);
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

function writesOf(court: Court, number: number): Write[] {
  return court.sky.writes.filter((one) => one.run === number && one.effect !== 'none');
}

function judgeReport(court: Court, ended: Ended, late: boolean): void {
  const { report, plan, exit, number, deed, error } = ended;
  const effects = writesOf(court, number);
  if (error !== undefined && effects.length > 0)
    fail(court, 'an error hides what was written', { error: String(error), effects });
  if (deed.do === 'dry-run') return judgeDryRun(court, ended, effects);
  if (report === undefined || plan === undefined) return;
  for (const write of effects) {
    const address = addressOf(court, plan, write);
    const outcome = report.outcomes.find((one) => one.address === address);
    if (outcome === undefined || !['applied', 'unconfirmed', 'failed'].includes(outcome.status))
      fail(court, 'a report says less than what happened', { write, outcome });
    if (!report.wrote) fail(court, 'a report says that nothing was written', { write, outcome });
  }
  const deletes = effects.filter((one) => one.meaning.kind === 'delete' && isPlanned(plan, one.id)).length;
  const limit = Math.max(court.world.maxDeletes, ended.forced.deletes ?? 0, deed.do === 'apply-saved' ? 9 : 0);
  if (deletes > limit) fail(court, 'promise 4: more deletes than allowed', { deletes, limit });
  judgeExit(court, ended, effects);
  if (!late) judgeApplied(court, ended);
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

function judgeDryRun(court: Court, { report, exit, error }: Ended, effects: readonly Write[]): void {
  if (effects.length > 1) fail(court, 'a dry run goes on after the service has made something', effects);
  const [made] = effects;
  if (made === undefined) {
    if (exit === 5) fail(court, 'a dry run that wrote nothing exits with 5', { report });
    return;
  }
  const text = `${JSON.stringify(report)} ${String(error)}`;
  if (exit !== 5 || (made.id !== undefined && !text.includes(made.id)))
    fail(court, 'a dry run hides what the service has made', { made, exit, report });
}

function judgeExit(court: Court, { report, plan, exit, number }: Ended, effects: readonly Write[]): void {
  if (report === undefined || plan === undefined) return;
  const facts = { exit, effects, outcomes: report.outcomes, converged: report.converged };
  const settled = report.outcomes.every((one) => one.status === 'applied' || one.status === 'unchanged');
  if (exit === 0 && report.converged === false) fail(court, 'a report that did not converge exits with 0', facts);
  const waiting = exit === 4 && settled && plan.blocked.some(needsAttention);
  if (exit !== 0 && exit !== 5 && !waiting && effects.length > 0)
    fail(court, 'an exit code hides what was written', facts);
  if (exit === 5 && report.fault === null && !court.sky.writes.some((one) => one.run === number))
    fail(court, 'exit 5 where nothing was sent', facts);
}

function judgeApplied(court: Court, { report, plan, number }: Ended): void {
  const truth = new Map(court.sky.service.truth().map((one) => [one.id, one]));
  for (const outcome of report?.outcomes ?? []) {
    const change = plan?.changes.find((one) => one.address === outcome.address);
    if (outcome.status !== 'applied' || change === undefined || outcome.id === null) continue;
    const unseen = court.sky.writes.some((one) => one.run === number && one.id === outcome.id && one.lied);
    if (unseen && !court.sky.service.visible) continue;
    const wrong = wrongWith(court, change, truth.get(outcome.id));
    if (wrong !== undefined) fail(court, 'applied, and not so', { outcome, wrong });
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

function differing(wanted: Partial<Omit<Truth, 'id'>>, found: Truth): unknown {
  const keys = (['label', 'paused', 'tag', 'mark'] as const).filter(
    (key) => wanted[key] !== undefined && wanted[key] !== found[key],
  );
  return keys.length === 0 ? undefined : { wanted, found };
}

/** Exit 0 says that nothing is left to do. */
async function judgeSuccess(
  court: Court,
  { flags }: Extract<Deed, { readonly do: 'apply' | 'dry-run' | 'plan' }>,
): Promise<void> {
  court.count += 1;
  const { plan, error } = await perform(
    court.stage,
    court.count,
    { do: 'plan', flags: { ...flags, force: false } },
    quiet,
  );
  // Where nothing of the selection is left, there is no address that it names.
  if (error instanceof SynclineError && error.code === 'no-match') return;
  if (plan === undefined) fail(court, 'exit 0, and no plan can be made', { error: String(error) });
  if (plan !== undefined && (plan.changes.length > 0 || plan.blocked.some(needsAttention)))
    fail(court, 'promise 7: exit 0, and something is left to do', { changes: plan.changes, blocked: plan.blocked });
}

/** Promise 6. A replace may have two for a while, and says which one goes. */
async function judgeTwins(court: Court): Promise<void> {
  if (court.world.ledger === 'none') return;
  const ledger = await ledgerOf(court);
  const marks = new Set(court.sky.made.values());
  for (const mark of marks) {
    const entry = ledger === undefined ? undefined : entryOf(ledger, mark);
    const leaving = entry?.retires ?? (entry?.pending == null ? undefined : entry.id);
    const mine = ours(court, mark).filter((one) => one.id !== leaving);
    if (mine.length > 1) fail(court, 'promise 6: two syncs of one manifest', { mark, mine, entry });
  }
}

function ours(court: Court, mark: string): Truth[] {
  return court.sky.service.truth().filter((one) => court.sky.made.get(one.id) === mark && !court.excused.has(one.id));
}

// --- at the end

const enough = 5;

async function end(court: Court): Promise<void> {
  const { sky, stage } = court;
  sky.settle(true);
  sky.clock.milliseconds += 7_200_000;
  const flags = { prune: true, only: undefined, force: true };
  for (let round = 1; ; round += 1) {
    const ended = await judged(court, { do: 'apply', flags }, quiet);
    if (ended.error !== undefined) fail(court, 'a quiet run fails', { error: String(ended.error) });
    sky.clock.milliseconds += 1_000_000;
    if (ended.exit === 0 || (ended.plan?.changes.length === 0 && ended.report?.outcomes.length === 0)) {
      return judgeEnd(court, ended.plan);
    }
    if (await isUntold(court, ended)) return;
    if (round === enough)
      fail(court, 'promise 7: quiet runs do not come to an end', {
        plan: ended.plan,
        outcomes: ended.report?.outcomes,
        disk: stage.disk.document,
      });
  }
}

/** Was a delete sent whose answer was lost, to a service that tells of it only while it carries out other writes, of which there are none? */
async function isUntold(court: Court, { report }: Ended): Promise<boolean> {
  if (!court.sky.service.kind.deadRows) return false;
  const ledger = await ledgerOf(court);
  const left = (report?.outcomes ?? []).filter((one) => one.status !== 'applied');
  return left.length > 0 && left.every((one) => ledger?.syncs[one.address]?.state === 'deleting');
}

const lasting: ReadonlySet<string> = new Set([
  'foreign',
  'twins',
  'label-taken',
  'protected',
  'depends',
  'immutable',
  'unsupported',
]);

async function judgeEnd(court: Court, plan: Plan | undefined): Promise<void> {
  const blocked = new Map((plan?.blocked ?? []).map((one) => [one.address, one]));
  const strange = [...blocked.values()].find((one) => !lasting.has(one.reason));
  if (strange !== undefined) fail(court, 'something stays blocked for ever', strange);
  const { service } = court.sky;
  const ledger = await ledgerOf(court);
  for (const one of court.manifests.values()) {
    if (blocked.has(`${service.kind.kind}/${one.name}`)) continue;
    const bound = ledger === undefined ? undefined : entryOf(ledger, one.name)?.id;
    const found = service
      .truth()
      .filter(({ id, label }) => (ledger === undefined ? label === one.label : id === bound));
    const [only] = found;
    if (found.length !== 1 || only === undefined)
      fail(court, 'not exactly one sync in the end', { one, bound, truth: service.truth() });
    if (only !== undefined && !court.unseen.has(only.id)) judgeState(court, one, only);
  }
}

function judgeState(court: Court, { label, tag, name, paused }: Declaration, found: Truth): void {
  const wanted = { label, tag, mark: name, ...(paused === undefined ? {} : { paused }) };
  const wrong = differing(wanted, found);
  if (wrong !== undefined) fail(court, 'not as declared in the end', wrong);
}

function diaryOf(court: Court, { number, deed, report, plan, exit, error, died, moments }: Ended): string {
  const outcomes = (report?.outcomes ?? []).map(
    ({ address, action, status, id, error: why }) =>
      `${action} ${address} ${id} ${status}${why === null ? '' : ` (${why})`}`,
  );
  const writes = court.sky.writes
    .filter((one) => one.run === number)
    .map((one) => `${one.meaning.kind} ${one.id} ${one.effect}${one.lied ? ' lied' : ''}`);
  const planned = plan?.changes.map((one) => `${one.action} ${one.address}`);
  const blocked = plan?.blocked.map((one) => `${one.reason} ${one.address}`);
  const end = died ? 'DIED' : error === undefined ? `exit ${exit}` : `THREW ${String(error)}`;
  return `  run ${number} ${deed.do} (${moments} moments): ${end}; planned [${planned}] blocked [${blocked}]; ${outcomes.join('; ')}; writes: ${writes.join(', ')}`;
}
