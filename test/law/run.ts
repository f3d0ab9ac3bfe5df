import { exitOfReport } from '../../src/core/exit.ts';
import { fold } from '../../src/core/memory/ledger.ts';
import { normalise } from '../../src/core/spec/normalise.ts';
import { applyPlan } from '../../src/engine/apply.ts';
import { dryRunReport } from '../../src/engine/dry-run.ts';
import { type Planned, planTarget, probeTarget } from '../../src/engine/plan.ts';
import type { PlanOptions, TargetRequest } from '../../src/engine/request.ts';
import { planUndo } from '../../src/engine/undo.ts';
import { noLedger } from '../../src/ledger/none.ts';
import type { LedgerStore } from '../../src/ledger/store.ts';
import type { Address } from '../../src/model/address.ts';
import type { JournalLine, Ledger } from '../../src/model/ledger.ts';
import type { Key } from '../../src/model/live.ts';
import { defaultLifecycle, type Manifest } from '../../src/model/manifest.ts';
import type { ApplyReport, Outcome } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Project, Target } from '../../src/model/project.ts';
import { type Life, openLife, standstill } from './life.ts';
import { type Disk, type Habits, memoryLedger } from './memory-ledger.ts';
import { calm } from './mood.ts';
import { addressOf, type Declaration, kindNamed, type Meaning, type Service } from './service.ts';
import { dispatcher, type Sky } from './wire.ts';
import type { Flags, LawWorld, Trouble } from './world.ts';

export const quiet: Trouble = {
  faults: [],
  mood: calm,
  killAt: undefined,
  stopAt: undefined,
  journalLost: false,
  elsewhere: false,
  habits: { foldAt: undefined, loseAt: undefined, fullAt: undefined, torn: 'none' },
};

/** The exact numbers that are given with `--force-deletes` and `--force-creates`. */
export interface Forced {
  deletes: number | undefined;
  creates: number | undefined;
}

/** What a person does with a project at one moment. */
export type Deed =
  | { readonly do: 'apply' | 'dry-run' | 'plan'; readonly flags: Flags }
  | { readonly do: 'apply-saved'; readonly plan: Plan; readonly flags: Flags }
  | { readonly do: 'undo'; readonly run: string };

/** How one run of the product went. */
export interface Ended {
  readonly number: number;
  readonly deed: Deed;
  readonly trouble: Trouble;
  /** undefined where the process died, or where there was an error before. */
  readonly report: ApplyReport | undefined;
  readonly plan: Plan | undefined;
  readonly exit: number | undefined;
  readonly error: unknown;
  readonly died: boolean;
  readonly forced: Forced;
  /** How often the journal was asked to keep something. */
  readonly moments: number;
  readonly hung: boolean;
}

/** What is known while a run goes on. */
export interface Watch {
  /** The ledger as the process and the disk hold it; undefined before a run has begun. */
  ledger: Ledger | undefined;
  readonly outcomes: Outcome[];
  plan: Plan | undefined;
  readonly deed: Deed;
  readonly trouble: Trouble;
  /** What the service was asked to work out something for. */
  readonly prepared: Set<Key>;
}

export interface Stage {
  readonly world: LawWorld;
  readonly sky: Sky;
  readonly disk: Disk;
  /** By address. */
  readonly manifests: ReadonlyMap<Address, Declaration>;
  /** Told of each write before the service works on it. */
  watch(meaning: Meaning, watch: Watch): void;
}

function targetOf({ world, sky }: Stage): Target {
  return {
    name: 'law',
    provider: sky.service.kinds[0]?.provider ?? '',
    api: 'any',
    base_url: undefined,
    region: undefined,
    token_variable: 'TOKEN',
    personal_access_token_variable: undefined,
    workspace: undefined,
    vars: {},
    protect: [],
    limits: {
      max_deletes: world.maxDeletes,
      concurrency: world.concurrency,
      settle_seconds: sky.service.settleSeconds,
    },
  };
}

function projectOf(target: Target): Project {
  return {
    root: '/law',
    file: '/law/syncline.yaml',
    name: 'law',
    manifests: [],
    targets: [target],
    ledger: 'file',
  };
}

/** The dataset that a sync names, where there is a manifest of it. */
export function sourceOf(
  service: Service,
  declarations: ReadonlyMap<Address, Declaration>,
  { of }: Declaration,
): Declaration | undefined {
  return of === undefined ? undefined : declarations.get(addressOf(service, { noun: 'dataset', name: of }));
}

function manifestsOf(service: Service, declarations: ReadonlyMap<Address, Declaration>): Manifest[] {
  return [...declarations].map(([address, one], index) => {
    const kind = kindNamed(service, one.noun);
    const isThere = one.after !== undefined && declarations.has(addressOf(service, { noun: 'sync', name: one.after }));
    const after = isThere && one.after !== undefined && one.after < one.name ? one.after : undefined;
    const source = sourceOf(service, declarations, one)?.label;
    return {
      address,
      kind: kind.kind,
      name: one.name,
      spec: normalise(kind.traits, kind.canonical(service.specOf({ ...one, after }, source))),
      lifecycle: { ...defaultLifecycle, ...one.lifecycle },
      origin: { file: 'syncs.yaml', line: index + 1, column: 1 },
      document: index,
    };
  });
}

/** Runs the product once, from the first request to its last, its death or its error. */
export async function perform(stage: Stage, number: number, deed: Deed, trouble: Trouble): Promise<Ended> {
  const { sky, disk } = stage;
  const life = openLife(sky.clock, trouble);
  sky.service.headless(trouble.mood.headless);
  const watch: Watch = { ledger: undefined, outcomes: [], plan: undefined, deed, trouble, prepared: new Set() };
  const request = requestOf(stage, number, life, watch, trouble);
  const forced: Forced = { deletes: undefined, creates: undefined };
  const ended = (what: Partial<Ended>): Ended => ({
    number,
    deed,
    trouble,
    report: undefined,
    plan: watch.plan,
    exit: undefined,
    error: undefined,
    died: false,
    forced,
    moments: life.moments(),
    hung: life.hung(),
    ...what,
  });
  const work = act(request, number, deed, life, watch, forced).then(
    (report) => {
      const { plan } = watch;
      const exit = report === undefined || plan === undefined ? 0 : exitOfReport(report);
      return ended({ report, exit });
    },
    (error: unknown) => ended({ error }),
  );
  const death = life.death.then(() => ended({ died: true }));
  const result = await Promise.race([work, death, standstill().then(() => ended({ hung: true }))]);
  await request.provider.close();
  sky.service.headless(false);
  if (disk.lock !== undefined) {
    disk.dead = !trouble.elsewhere;
    if (result.died && trouble.journalLost) disk.journal = undefined;
  }
  return result;
}

function requestOf(stage: Stage, number: number, life: Life, watch: Watch, trouble: Trouble): TargetRequest {
  const { sky, disk, world } = stage;
  const weather = {
    run: number,
    faults: trouble.faults,
    mood: trouble.mood,
    seen: (meaning: Meaning) => stage.watch(meaning, watch),
  };
  const provider = sky.service.connect({
    dispatcher: dispatcher(sky, life, weather),
    sleep: life.sleep,
    random: sky.random,
    now: () => sky.clock.milliseconds,
    signal: life.signal,
  });
  const target = targetOf(stage);
  return {
    project: projectOf(target),
    target: { ...target, api: provider.api },
    manifests: manifestsOf(sky.service, stage.manifests),
    provider,
    store: world.ledger === 'none' ? noLedger() : watched(disk, life, stage, trouble.habits, watch),
    tool: 'syncline 0.1.0',
    now: () => new Date(sky.clock.milliseconds),
    sleep: (milliseconds) => life.sleep(milliseconds),
    progress: { outcome: (one) => watch.outcomes.push(one) },
  };
}

/** The store, and what of the ledger it has been told so far. */
function watched(disk: Disk, life: Life, { sky }: Stage, habits: Habits, watch: Watch): LedgerStore {
  const store = memoryLedger(disk, life, sky.clock, habits);
  return {
    ...store,
    begin: async (ledger, holder) => {
      const journal = await store.begin(ledger, holder);
      const lines: JournalLine[] = [];
      watch.ledger = ledger;
      return {
        ...journal,
        append: async (line) => {
          await journal.append(line);
          lines.push(line);
          watch.ledger = fold(ledger, lines);
        },
      };
    },
  };
}

async function act(
  request: TargetRequest,
  number: number,
  deed: Deed,
  life: Life,
  watch: Watch,
  forced: Forced,
): Promise<ApplyReport | undefined> {
  const carryOut = ({ plan, snapshot }: { plan: Plan; snapshot?: Planned['snapshot'] }) => {
    watch.plan = plan;
    return applyPlan(request, plan, {
      identity: { run: `run-${number}`, actor: 'law', commit: null },
      signal: life.signal,
      snapshot,
    });
  };
  if (deed.do === 'apply-saved') return carryOut({ plan: deed.plan });
  if (deed.do === 'undo') return carryOut(await planUndo(request, deed.run, { forceDeletes: undefined }));
  const options = optionsOf(request, deed.flags);
  let planned = await planTarget(request, options);
  if (deed.flags.force) {
    forced.deletes = numberOf(planned.plan, 'max-deletes');
    forced.creates = numberOf(planned.plan, 'mass-gone');
    planned = await planTarget(request, { ...options, ...numbersOf(forced) });
  }
  watch.plan = planned.plan;
  if (deed.do === 'plan') return undefined;
  if (deed.do === 'apply') return carryOut(planned);
  const { plan, fault } = await probeTarget(request, { ...options, ...numbersOf(forced) });
  watch.plan = plan;
  return dryRunReport(plan, fault);
}

function numbersOf({ deletes, creates }: Forced): Pick<PlanOptions, 'forceDeletes' | 'forceCreates'> {
  return { forceDeletes: deletes, forceCreates: creates };
}

/** The exact number that the hint asks for. */
function numberOf({ blocked }: Plan, reason: string): number | undefined {
  const hint = blocked.find((one) => one.reason === reason)?.hint;
  const [, number] = /--force-\w+ (\d+)/.exec(hint ?? '') ?? [];
  return number === undefined ? undefined : Number(number);
}

function optionsOf({ provider }: TargetRequest, { prune, only }: Flags): PlanOptions {
  const glob = globOf([...provider.resources.keys()], only);
  return { prune, only: glob === undefined ? [] : [glob] };
}

/** What `--only` is given: a glob, or a name that stands for an address of the first kind. */
export function globOf([kind]: readonly string[], only: string | undefined): string | undefined {
  return only === undefined || only.includes('/') ? only : `${kind}/${only}`;
}
