import { boundKeys } from '../../src/core/memory/ledger.ts';
import type { Address } from '../../src/model/address.ts';
import { SynclineError } from '../../src/model/errors.ts';
import { partsOf } from '../../src/model/live.ts';
import { needsAttention } from '../../src/model/plan.ts';
import { type Court, fail, isBlind, ledgerOf, Violation } from './court.ts';
import { diaryOf } from './diary.ts';
import { judgeBindings, judgeUndone } from './judge-bindings.ts';
import { isUntold, judgeEnd } from './judge-end.ts';
import { judgeError, judgeReport, judgeTwins, release } from './judge-report.ts';
import { overhear } from './judge-writes.ts';
import { blankDisk } from './memory-ledger.ts';
import { type Deed, type Ended, perform, quiet } from './run.ts';
import { addressOf, type Declaration, kindNamed, type Service } from './service.ts';
import { openSky, type Sky } from './wire.ts';
import type { LawWorld, Step } from './world.ts';

/** Does everything that happens in a world, and says what did. Throws a Violation where the product breaks a promise. */
export async function obey(world: LawWorld, open: () => Service): Promise<readonly string[]> {
  const court = openCourt(world, open());
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

function openCourt(world: LawWorld, service: Service): Court {
  const clock = { milliseconds: Date.parse('2026-11-21T10:00:00Z') };
  const sky = openSky(service, clock, world.seed);
  const manifests = new Map<Address, Declaration>();
  const disk = blankDisk();
  const court: Court = {
    world,
    sky,
    manifests,
    saved: [],
    runs: [],
    excused: new Set(),
    meddled: new Set(),
    released: new Set(),
    unseen: new Set(),
    adopted: new Set(),
    broken: undefined,
    count: 0,
    diary: [],
    stage: {
      world,
      sky,
      disk,
      manifests,
      watch: (meaning, watch) => overhear(court, meaning, watch),
    },
  };
  for (const one of world.declarations) declare(court, one);
  return court;
}

function declare({ manifests, sky: { service } }: Court, one: Declaration): void {
  const taken = [...manifests.values()].some(
    ({ noun, name, label }) => noun === one.noun && name !== one.name && label.trim() === one.label.trim(),
  );
  if (!taken) manifests.set(addressOf(service, one), one);
}

async function take(court: Court, step: Step): Promise<void> {
  const { manifests, saved, sky } = court;
  switch (step.do) {
    case 'declare':
      return declare(court, step.declaration);
    case 'withdraw':
      manifests.delete(addressOf(sky.service, step));
      return;
    case 'clear':
      manifests.clear();
      return;
    case 'rename': {
      const one = manifests.get(addressOf(sky.service, step));
      const to = addressOf(sky.service, { ...step, name: step.to });
      if (one === undefined || manifests.has(to)) return;
      manifests.delete(addressOf(sky.service, step));
      manifests.set(to, { ...one, name: step.to });
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
    const { kind } = kindNamed(service, 'sync');
    const sources = [undefined, ...service.rows().filter((key) => partsOf(key).kind !== kind)];
    service.meddle({ kind: 'make', noun: step.noun, label: step.label, source: sources[step.nth % sources.length] });
    return;
  }
  const all = service.truth();
  const one = all[step.nth % Math.max(1, all.length)];
  if (one === undefined) return;
  const ledger = await ledgerOf(court);
  if (ledger === undefined || !boundKeys(ledger).includes(one.key)) court.excused.add(one.key);
  court.meddled.add(one.key);
  if (!service.visible) court.unseen.add(one.key);
  service.meddle({ kind: step.what, key: one.key, label: step.label });
}

async function judged(court: Court, deed: Deed, trouble: Ended['trouble']): Promise<Ended> {
  court.count += 1;
  const settled = lateDone(court.sky);
  const ended = await perform(court.stage, court.count, deed, trouble);
  court.diary.push(diaryOf(court, ended));
  if (court.broken !== undefined) throw court.broken;
  if (deed.do !== 'plan' && deed.do !== 'dry-run') court.runs.push(`run-${court.count}`);
  await release(court);
  if (trouble.journalLost) await forgetMeddled(court);
  judgeError(ended);
  if (ended.hung) fail('a run asks without end', { moments: ended.moments });
  judgeReport(court, ended, lateDone(court.sky) !== settled);
  await judgeTwins(court);
  await judgeBindings(court);
  await judgeUndone(court, ended);
  if (
    ended.exit === 0 &&
    deed.do === 'apply' &&
    !isBlind(court) &&
    !trouble.mood.gone &&
    !isLateUnremembered(court) &&
    court.sky.writes.every((one) => one.effect !== 'later')
  ) {
    await judgeSuccess(court, deed);
  }
  return ended;
}

/** What is known from a lost journal alone can only be found by how it looks, and somebody else has changed that. */
async function forgetMeddled(court: Court): Promise<void> {
  const ledger = await ledgerOf(court);
  const known = new Set(ledger === undefined ? [] : boundKeys(ledger));
  for (const key of court.meddled) if (!known.has(key)) court.excused.add(key);
}

/** Without a ledger nobody knows of a create that was carried out after its answer was lost, and the report says to look for it. */
function isLateUnremembered({ world, sky }: Court): boolean {
  return world.ledger === 'none' && sky.writes.some((one) => one.late && one.meaning.kind === 'create');
}

function lateDone(sky: Sky): number {
  return sky.writes.filter((one) => one.effect === 'later').length;
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
  if (plan === undefined) fail('exit 0, and no plan can be made', { error: String(error) });
  if (plan !== undefined && (plan.changes.length > 0 || plan.blocked.some(needsAttention)))
    fail('promise 7: exit 0, and something is left to do', { changes: plan.changes, blocked: plan.blocked });
}

const enough = 5;

async function end(court: Court): Promise<void> {
  const { sky, stage } = court;
  sky.settle(true);
  sky.clock.milliseconds += 7_200_000;
  const flags = { prune: true, only: undefined, force: true };
  for (let round = 1; ; round += 1) {
    const ended = await judged(court, { do: 'apply', flags }, quiet);
    if (ended.error !== undefined) fail('a quiet run fails', { error: String(ended.error) });
    sky.clock.milliseconds += 1_000_000;
    if (ended.exit === 0 || (ended.plan?.changes.length === 0 && ended.report?.outcomes.length === 0)) {
      return judgeEnd(court, ended.plan);
    }
    if (await isUntold(court, ended)) return;
    if (round === enough)
      fail('promise 7: quiet runs do not come to an end', {
        plan: ended.plan,
        outcomes: ended.report?.outcomes,
        disk: stage.disk.document,
      });
  }
}
