import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalise } from '../../src/core/spec/normalise.ts';
import { type CensusEmulator, type CensusV1Options, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { type FabraEmulator, type FabraOptions, startFabra } from '../../src/emulator/fabra/server.ts';
import { applyPlan } from '../../src/engine/apply.ts';
import { planTarget, probeTarget } from '../../src/engine/plan.ts';
import type { PlanOptions, TargetRequest } from '../../src/engine/request.ts';
import { planUndo } from '../../src/engine/undo.ts';
import { fileLedger } from '../../src/ledger/file/store.ts';
import { noLedger } from '../../src/ledger/none.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { KindDefinition } from '../../src/model/kind.ts';
import { defaultLifecycle, type Lifecycle, type Manifest } from '../../src/model/manifest.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Project, Target } from '../../src/model/project.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { ChangeWait } from '../../src/model/wait.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';
import { censusV1 } from '../../src/providers/census/v1/provider.ts';
import { fabra } from '../../src/providers/fabra/fabra.ts';
import { type Manner, unkindServer } from './unkind.ts';

/** A project and its ledger, with nothing between them and a service but the product. */
export interface Shop {
  readonly root: string;
  /** What the product has warned of. */
  readonly warnings: readonly string[];
  /** Seconds that have passed on the product's clock. */
  passed: number;
  declare(...manifests: readonly Manifest[]): void;
  plan(options?: Partial<PlanOptions>): Promise<Plan>;
  probe(): Promise<Plan>;
  /** Anything else that is done with one target, with a connection of its own. */
  act<Result>(work: (request: TargetRequest) => Promise<Result>): Promise<Result>;
  apply(options?: ApplyWishes): Promise<ApplyReport>;
  planUndo(run: string, forceDeletes?: number): Promise<Plan>;
  /** Plans the undo of a run and carries it out. */
  undo(run: string, forceDeletes?: number): Promise<ApplyReport>;
  close(): Promise<void>;
}

interface ApplyWishes extends Partial<PlanOptions> {
  readonly plan?: Plan;
  readonly signal?: AbortSignal;
  readonly onOutcome?: () => void;
  readonly onWait?: (wait: ChangeWait) => void;
}

export interface ShopOptions {
  readonly ledger?: 'file' | 'none';
  readonly target?: Partial<Target>;
}

/** `provider` makes a new connection, as every command does: what one run has learnt about a service the next does not know. */
function openShop(url: string, provider: () => Provider, options: ShopOptions, close: () => Promise<void>): Shop {
  const root = mkdtempSync(join(tmpdir(), 'syncline-workshop-'));
  const target: Target = {
    name: 'production',
    provider: 'census',
    api: 'v1',
    base_url: url,
    region: undefined,
    token_variable: 'TOKEN',
    personal_access_token_variable: undefined,
    workspace: undefined,
    vars: {},
    protect: [],
    limits: { max_deletes: 5, concurrency: 8, settle_seconds: 480 },
    ...options.target,
  };
  const project: Project = {
    root,
    file: join(root, 'syncline.yaml'),
    name: undefined,
    manifests: [],
    targets: [target],
    ledger: 'file',
  };
  const open: Provider[] = [];
  let manifests: readonly Manifest[] = [];
  const warnings: string[] = [];
  let count = 0;
  const shop: Shop = {
    root,
    warnings,
    passed: 0,
    declare: (...list) => {
      manifests = list;
    },
    plan: async (wanted = {}) => (await planTarget(request(), flags(wanted))).plan,
    probe: async () => (await probeTarget(request(), flags({}))).plan,
    act: (work) => work(request()),
    apply: async (wanted = {}) => {
      const progress = { outcome: () => wanted.onOutcome?.(), wait: (one: ChangeWait) => wanted.onWait?.(one) };
      const run = { ...request(), progress };
      const fresh = wanted.plan === undefined ? await planTarget(run, flags(wanted)) : undefined;
      const plan = wanted.plan ?? fresh?.plan;
      if (plan === undefined) throw new Error('There is no plan.');
      return applyPlan(run, plan, {
        identity: { run: `run-${++count}`, actor: 'test', commit: null },
        signal: wanted.signal ?? new AbortController().signal,
        snapshot: fresh?.snapshot,
        agreed: fresh?.agreed,
      });
    },
    planUndo: async (run, forceDeletes) => (await planUndo(request(), run, { forceDeletes })).plan,
    undo: async (run, forceDeletes) => {
      const asked = request();
      const { plan, snapshot } = await planUndo(asked, run, { forceDeletes });
      return applyPlan(asked, plan, {
        takesBack: true,
        identity: { run: `run-${++count}`, actor: 'test', commit: null },
        signal: new AbortController().signal,
        snapshot,
      });
    },
    close: async () => {
      for (const one of open.splice(0)) await one.close();
      await close();
      rmSync(root, { recursive: true, force: true });
    },
  };

  function request(): TargetRequest {
    const connection = provider();
    open.push(connection);
    return {
      project,
      target,
      manifests,
      provider: connection,
      store: options.ledger === 'none' ? noLedger() : fileLedger(root, target.name),
      tool: 'syncline 0.1.0',
      now: () => new Date(Date.parse('2026-11-21T10:00:00Z') + shop.passed * 1000),
      sleep: async (milliseconds) => {
        shop.passed += milliseconds / 1000;
      },
      warn: (message) => warnings.push(message),
    };
  }

  return shop;
}

function flags(wanted: Partial<PlanOptions>): PlanOptions {
  return { ...wanted, prune: wanted.prune ?? false, only: wanted.only, forceDeletes: wanted.forceDeletes };
}

/** A manifest as it comes from validation. */
export function manifestOf(
  kind: KindDefinition,
  name: string,
  spec: JsonObject,
  lifecycle: Partial<Lifecycle>,
): Manifest {
  return {
    address: `${kind.kind}/${name}`,
    kind: kind.kind,
    name,
    spec: normalise(kind.traits, kind.canonical(spec)),
    lifecycle: { ...defaultLifecycle, ...lifecycle },
    origin: { file: `syncs/${name}.yaml`, line: 1, column: 1 },
    document: 0,
  };
}

/** A shop beside an emulated Census workspace. */
export interface Workshop extends Shop {
  readonly emulator: CensusEmulator;
  /** From now on the service behaves like this. Only with `unkind`. */
  behave(manner: Manner): void;
  /** Method and path of every write so far. */
  writes(): string[];
}

export interface WorkshopOptions extends CensusV1Options, ShopOptions {
  /** Puts a server before the emulator that does not always do what it is asked. */
  readonly unkind?: boolean;
}

/** A manifest of a small sync that the emulator's workspace accepts. */
export function declared(name: string, extra: JsonObject = {}, lifecycle: Partial<Lifecycle> = {}): Manifest {
  const spec = {
    label: `Label of ${name}`,
    operation: 'upsert',
    source_attributes: { connection: 'Snowflake Prod', object: { type: 'model', name: 'orders_export' } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: 'email', to: 'Email', primary: true }],
    ...extra,
  };
  return manifestOf(censusSync, name, spec, lifecycle);
}

export async function workshop(options: WorkshopOptions = {}): Promise<Workshop> {
  const emulator = await startCensusV1(options);
  const front = options.unkind ? await unkindServer(emulator.url) : undefined;
  const url = front?.url ?? emulator.url;
  const provider = () =>
    censusV1({
      token: emulator.token,
      baseUrl: url,
      // Back-off is waited for nowhere: what is tested is that it ends, not how long it takes.
      sleep: async () => undefined,
      timeouts: { read: 2000, write: 2000 },
    });
  const writes = () =>
    emulator.requests
      .filter((one) => one.method !== 'GET')
      .map((one) => `${one.method} ${one.path.replace('/api/v1', '')}`);
  const close = async () => {
    await front?.close();
    await emulator.close();
  };
  const behave = (manner: Manner) => {
    if (front === undefined) throw new Error('Nothing stands before the emulator.');
    front.manner = manner;
  };
  return Object.assign(openShop(url, provider, options, close), { emulator, writes, behave });
}

/** A shop beside an emulated Fabra organisation. */
export interface FabraShop extends Shop {
  readonly emulator: FabraEmulator;
  /** Method and path of everything that may change something. */
  writes(): string[];
}

export async function fabraShop(options: FabraOptions & ShopOptions = {}): Promise<FabraShop> {
  const emulator = await startFabra({ patience: 50, ...options });
  const provider = () =>
    fabra({
      token: emulator.token,
      baseUrl: emulator.url,
      dialect: options.dialect,
      sleep: async () => undefined,
      timeouts: { read: 2000, write: 2000 },
    });
  const limits = { max_deletes: 5, concurrency: 8, settle_seconds: 10, ...options.target?.limits };
  const target = { provider: 'fabra', api: options.dialect ?? 'server', ...options.target, limits };
  const writes = () =>
    emulator.requests
      .filter((one) => one.method !== 'GET' && one.path !== '/link_token')
      .map((one) => `${one.method} ${one.path}`);
  return Object.assign(openShop(emulator.url, provider, { ...options, target }, emulator.close), { emulator, writes });
}
