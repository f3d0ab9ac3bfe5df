import { setMaxListeners } from 'node:events';
import { readAhead } from '../engine/ahead.ts';
import type { TargetRequest } from '../engine/request.ts';
import { openCheckout } from '../ledger/git/checkout.ts';
import { openLedger } from '../ledger/open.ts';
import type { LedgerStore } from '../ledger/store.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import type { Provider } from '../model/provider.ts';
import { tool } from '../model/version.ts';
import { type Traffic, traffic } from '../providers/connect-options.ts';
import { retirementOf } from '../providers/index.ts';
import { type SharedLists, sharedLists } from '../providers/shared-lists.ts';
import { type Checking, openProject, type Place } from './check.ts';

/** What a session has of the world around it. */
export interface Outside {
  /** Default: the system's clock. */
  readonly now?: (() => Date) | undefined;
  /** Waits that many milliseconds. Default: in real time. */
  readonly sleep?: ((milliseconds: number, signal?: AbortSignal) => Promise<void>) | undefined;
  /** What git is started with. Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Once aborted, nobody waits for what is only read. */
  readonly signal?: AbortSignal | undefined;
  /** Told what no result can carry, such as a remote that could not be asked; each sentence once. */
  readonly warn?: ((message: string) => void) | undefined;
}

/** A provider, or how to connect to one. */
export type Connection = Provider | (() => Promise<Provider>);

/** A project in use: what belongs to it and its targets is opened once, when it is first asked for. */
export interface Session {
  readonly project: Project;
  /** What targets of one token read together. */
  readonly shared: SharedLists;
  /** What targets of one host share on their way there. */
  readonly traffic: Traffic;
  /** Told what no result can carry; each sentence once. */
  readonly warn: ((message: string) => void) | undefined;
  /** Where the memory of a target lives. */
  store(target: Target): LedgerStore;
  /**
   * Does something with a target. A provider that is connected here is closed whatever happens; one that was given stays open. While
   * manifests are still checked, what the target holds is read already; what is wrong with them comes before everything else.
   */
  reach<Result>(
    target: Target,
    manifests: readonly Manifest[] | Checking,
    connection: Connection,
    act: (request: TargetRequest) => Promise<Result>,
  ): Promise<Result>;
}

/** Opens the project of a place. Nothing is sent, and no ledger is read yet. @throws InvalidInput */
export function openSession(place: Place, outside: Outside = {}): Session {
  const project = openProject(place);
  const { now = () => new Date(), sleep, environment, signal } = outside;
  const warn = outside.warn === undefined ? undefined : once(outside.warn);
  const checkout = openCheckout(project.root, environment, signal);
  const stores = new Map<string, LedgerStore>();
  // Where manifests are invalid nothing else matters: a remote that does not answer must not keep the process.
  const invalid = new AbortController();
  const reading = signal === undefined ? invalid.signal : AbortSignal.any([signal, invalid.signal]);
  // Every target listens.
  setMaxListeners(0, reading);

  function store(target: Target): LedgerStore {
    const opened = stores.get(target.name) ?? openLedger(project, target, { now, environment, signal: reading, warn });
    stores.set(target.name, opened);
    return opened;
  }

  return {
    project,
    shared: sharedLists(),
    traffic: traffic({ sleep }),
    warn,
    store,
    reach: async (target, manifests, connection, act) => {
      const checking = 'found' in manifests ? manifests : undefined;
      checking?.found.catch(() => invalid.abort());
      const isGiven = typeof connection !== 'function';
      const provider = isGiven ? connection : await unlessInvalid(checking, connection);
      const ahead = checking === undefined ? undefined : readAhead({ provider, store: store(target) });
      try {
        if (ahead !== undefined) checking?.follow(target.name, ahead.declare);
        const declared = 'found' in manifests ? await declaredIn(manifests, target) : manifests;
        const around = { project, target, store: store(target), checkout, retires: retirementOf(target) };
        return await act({ ...around, manifests: declared, ahead, provider, tool, now, sleep, warn });
      } finally {
        ahead?.drop();
        if (!isGiven) await provider.close();
      }
    },
  };
}

async function declaredIn({ found }: Checking, { name }: Target): Promise<readonly Manifest[]> {
  return (await found).manifests.get(name) ?? [];
}

/** The result of some work. Where that fails and manifests are invalid too, they come first. */
export async function unlessInvalid<Result>(
  checking: Checking | undefined,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    await checking?.found;
    throw error;
  }
}

/** The ledger and the engine may come upon the same thing, and several times. */
function once(warn: (message: string) => void): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    warn(message);
  };
}
