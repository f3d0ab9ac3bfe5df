import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { normalise } from '../../src/core/normalise.ts';
import { type CensusEmulator, type CensusV1Options, startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { applyPlan } from '../../src/engine/apply.ts';
import { type Planned, planTarget, probeTarget } from '../../src/engine/plan.ts';
import type { PlanOptions, TargetRequest } from '../../src/engine/request.ts';
import { fileLedger } from '../../src/ledger/file.ts';
import { noLedger } from '../../src/ledger/none.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { defaultLifecycle, type Lifecycle, type Manifest } from '../../src/model/manifest.ts';
import type { ApplyReport } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Project, Target } from '../../src/model/project.ts';
import { censusSync } from '../../src/providers/census/kind.ts';
import { censusV1 } from '../../src/providers/census/v1.ts';

/** A project, its ledger and a workspace, with nothing between them but the product. */
export interface Workshop {
  readonly emulator: CensusEmulator;
  readonly root: string;
  /** Seconds that have passed on the product's clock. */
  passed: number;
  declare(...manifests: readonly Manifest[]): void;
  plan(options?: Partial<PlanOptions>): Promise<Plan>;
  probe(): Promise<Plan>;
  apply(
    options?: Partial<PlanOptions> & { plan?: Plan; signal?: AbortSignal; onOutcome?: () => void },
  ): Promise<ApplyReport>;
  /** Method and path of every write so far. */
  writes(): string[];
  close(): Promise<void>;
}

export interface WorkshopOptions extends CensusV1Options {
  readonly ledger?: 'file' | 'none';
  readonly target?: Partial<Target>;
}

/** A manifest of a small sync that the emulator's workspace accepts, as it comes from validation. */
export function declared(name: string, extra: JsonObject = {}, lifecycle: Partial<Lifecycle> = {}): Manifest {
  const spec = censusSync.canonical({
    label: `Label of ${name}`,
    operation: 'upsert',
    source_attributes: { connection: 'Snowflake Prod', object: { type: 'model', name: 'orders_export' } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mappings: [{ from: 'email', to: 'Email', primary: true }],
    ...extra,
  });
  return {
    address: `CensusSync/${name}`,
    kind: 'CensusSync',
    name,
    spec: normalise(censusSync.traits, spec),
    lifecycle: { ...defaultLifecycle, ...lifecycle },
    origin: { file: `syncs/${name}.yaml`, line: 1, column: 1 },
    document: 0,
  };
}

export async function workshop(options: WorkshopOptions = {}): Promise<Workshop> {
  const emulator = await startCensusV1(options);
  const root = mkdtempSync(join(tmpdir(), 'syncline-workshop-'));
  const target: Target = {
    name: 'production',
    provider: 'census',
    api: 'v1',
    base_url: emulator.url,
    region: undefined,
    token_variable: 'CENSUS_TOKEN',
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
  const provider = censusV1({
    token: emulator.token,
    baseUrl: emulator.url,
    concurrency: target.limits.concurrency,
    // Back-off is waited for nowhere: what is tested is that it ends, not how long it takes.
    sleep: async () => undefined,
    timeouts: { read: 2000, write: 2000 },
  });
  let manifests: readonly Manifest[] = [];
  let count = 0;
  const shop: Workshop = {
    emulator,
    root,
    passed: 0,
    declare: (...list) => {
      manifests = list;
    },
    plan: async (wanted) => (await planned(wanted)).plan,
    probe: async () => (await probeTarget(request(), flags({}))).plan,
    apply: async (wanted = {}) => {
      const fresh = wanted.plan === undefined ? await planned(wanted) : undefined;
      const plan = wanted.plan ?? fresh?.plan;
      if (plan === undefined) throw new Error('There is no plan.');
      return applyPlan(request(), plan, {
        identity: { run: `run-${++count}`, actor: 'test', commit: null },
        signal: wanted.signal ?? new AbortController().signal,
        progress: { outcome: () => wanted.onOutcome?.() },
        snapshot: fresh?.snapshot,
      });
    },
    writes: () =>
      emulator.requests
        .filter((one) => one.method !== 'GET')
        .map((one) => `${one.method} ${one.path.replace('/api/v1', '')}`),
    close: async () => {
      await provider.close();
      await emulator.close();
      rmSync(root, { recursive: true, force: true });
    },
  };

  function request(): TargetRequest {
    return {
      project,
      target,
      manifests,
      provider,
      store: options.ledger === 'none' ? noLedger() : fileLedger(root, target.name),
      tool: 'syncline 0.1.0',
      now: () => new Date(Date.parse('2026-11-21T10:00:00Z') + shop.passed * 1000),
    };
  }

  function planned(wanted: Partial<PlanOptions> = {}): Promise<Planned> {
    return planTarget(request(), flags(wanted));
  }

  return shop;
}

function flags(wanted: Partial<PlanOptions>): PlanOptions {
  return { prune: wanted.prune ?? false, only: wanted.only, forceDeletes: wanted.forceDeletes };
}
