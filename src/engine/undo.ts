import { upgradedRun } from '../core/memory/upgrade.ts';
import { runHere } from '../core/migrate/kept.ts';
import { labelOf } from '../core/spec/label.ts';
import { closest, listed } from '../core/suggest.ts';
import { stillDeclared } from '../core/undo/advice.ts';
import { movesBack } from '../core/undo/moves.ts';
import { makeUndo } from '../core/undo/undo.ts';
import type { LedgerStore } from '../ledger/store.ts';
import { type Address, kindOf, nameOf } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Ledger, Run, RunChange } from '../model/ledger.ts';
import { keyAt } from '../model/live.ts';
import { defaultLifecycle, type Manifest } from '../model/manifest.ts';
import { moveLine } from '../model/move-line.ts';
import type { Change } from '../model/plan.ts';
import { resourceOf, traitsIn } from '../model/provider.ts';
import { movedSnapshot } from './moves.ts';
import { withNames } from './names.ts';
import { type Planned, planInput } from './plan.ts';
import { readSnapshot } from './read.ts';
import type { PlanOptions, TargetRequest } from './request.ts';
import { resolveNames } from './resolve.ts';
import { madeWithTypes } from './types-asked.ts';

/** A way back, and what it was made from. */
type PlannedUndo = Omit<Planned, 'agreed' | 'settled'>;

/** One log to look for a run in. */
export interface RunLog {
  readonly target: string;
  readonly store: LedgerStore;
}

/** Which run of which target is meant. */
export interface FoundRun {
  readonly target: string;
  readonly run: string;
}

/**
 * Finds a run by its id or by the beginning of it. Reads ledgers only.
 * @throws SynclineError (exit 3) where none or several begin so, (exit 4) under `ledger: none`.
 */
export async function findRun(logs: readonly RunLog[], wanted: string): Promise<FoundRun> {
  const known: FoundRun[] = [];
  for (const { target, store } of logs) {
    assertRemembers(store);
    for await (const { run } of store.runs()) known.push({ target, run });
  }
  const exact = known.filter((one) => one.run === wanted);
  const found = exact.length > 0 ? exact : known.filter((one) => wanted !== '' && one.run.startsWith(wanted));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const names = found.map(({ run, target }) => (logs.length > 1 ? `${run} of ${target}` : run));
  if (others.length > 0) {
    const hint = `There is ${listed(names)}; write more of it, or choose with --target.`;
    throw new SynclineError('ambiguous-run', `Several runs begin with "${wanted}".`, hint, Exit.invalid);
  }
  throw unknownRun(
    wanted,
    known.map((one) => one.run),
  );
}

function unknownRun(wanted: string, known: readonly string[]): SynclineError {
  const near = closest(wanted, known);
  const last = known.length === 0 ? 'No run is recorded yet.' : `The last ones are ${listed(known.slice(0, 5))}.`;
  const hint = near === undefined ? last : `Did you mean "${near}"?`;
  return new SynclineError('unknown-run', `The log has no run "${wanted}".`, hint, Exit.invalid);
}

/** Throws for a target without a ledger: it has no log. @throws SynclineError (exit 4) */
export function assertRemembers(store: LedgerStore): void {
  if (store.kind !== 'none') return;
  const hint = 'Set `ledger: git` or `ledger: file` in syncline.yaml; from then on every run is recorded.';
  throw new SynclineError('no-log', 'Without a ledger (`ledger: none`) no run is recorded.', hint, Exit.refused);
}

/**
 * Plans the way back from a run, which `applyPlan` then carries out. Sends reads only. The manifests are asked for what they
 * protect and how; their specs do not matter, and need not resolve.
 * @throws SynclineError as `findRun` and for guards, ProviderError where a read fails.
 */
export async function planUndo(
  request: TargetRequest,
  wanted: string,
  options: Pick<PlanOptions, 'forceDeletes' | 'commit'>,
): Promise<PlannedUndo> {
  const { run: id } = await findRun([{ target: request.target.name, store: request.store }], wanted);
  // The log first: what is planned is then held against a ledger that is no older.
  const recorded: Run[] = [];
  for await (const one of request.store.runs()) {
    recorded.push(upgradedRun(one, request.provider.resources));
    if (one.run === id) break;
  }
  const read = { ...request, manifests: [...request.manifests, ...looked(request, recorded.at(-1))] };
  assertUndoable(recorded.at(-1));
  const changes = recorded.at(-1)?.changes ?? [];
  const keys = changes.flatMap(({ address, id, retires }) =>
    [id, retires].flatMap((one) => (one === null ? [] : [keyAt(address, one)])),
  );
  const kinds = changes.map(({ address }) => kindOf(address));
  const snapshot = await readSnapshot(read, Promise.resolve([]), { keys, kinds });
  const { runs, unsayable } = inWordsOfHere(
    request,
    snapshot.ledger,
    asTheyEnded(recorded, snapshot.ledger?.runs ?? []),
  );
  const index = runs.findIndex((one) => one.run === id);
  const run = runs[index];
  if (run === undefined) throw unknownRun(wanted, []);
  const back = movesBack(snapshot.ledger, run);
  const seen = movedSnapshot(request.provider, snapshot, back.moves, 'taken-back');
  const input = { ...planInput(request, { ...options, prune: false }, seen), moves: back.moves, unsayable };
  const later = runs.slice(0, index);
  const plan = await madeWithTypes(request.provider, input, (known) => makeUndo(known, back.run, later));
  const named = await withNames(request.provider, input, plan, { read: new Map(), byManifests: false });
  return { snapshot, plan: named };
}

/** A move between two APIs has changed nothing that could be put back. */
function assertUndoable(run: Run | undefined): void {
  if (run?.migrated === undefined) return;
  const { from, to } = run.migrated;
  const message = `Run ${run.run} has moved the target from ${from} to ${to}, which \`undo\` cannot take back.`;
  throw new SynclineError('usage', message, `${moveLine(from, { token: null })} takes it back.`, Exit.invalid);
}

/** Runs, some of which were made before the target was moved to this API, and what the oldest of them says that has no word here. */
function inWordsOfHere(
  { provider }: TargetRequest,
  ledger: Ledger | null,
  runs: readonly Run[],
): { readonly runs: readonly Run[]; readonly unsayable: ReadonlySet<Address> } {
  if (ledger === null) return { runs, unsayable: new Set() };
  const grammarOf = (kind: string) => ({ references: resourceOf(provider, kind).traits.references, own: [] });
  const said = runs.map((one) => runHere(one, ledger, provider.api, grammarOf));
  return { runs: said.map((one) => one.run), unsayable: said.at(-1)?.unknown ?? new Set() };
}

/** A run that did not come to its end is in the log as it began; the ledger as read knows what became of it. */
function asTheyEnded(recorded: readonly Run[], ended: readonly Run[]): readonly Run[] {
  const known = new Map(ended.map((one) => [one.run, one]));
  return recorded.map((one) => known.get(one.run) ?? one);
}

/** Where a list is only an index, the syncs that the run has touched must be read whole, bound or not: these bear their labels. */
function looked({ provider }: TargetRequest, run: Run | undefined): Manifest[] {
  const labels = ({ before, after }: RunChange) => [before, after].filter((spec) => spec !== null);
  return (run?.changes ?? []).flatMap((change) =>
    labels(change)
      .filter((spec) => labelOf(resourceOf(provider, kindOf(change.address)).traits, spec) !== undefined)
      .map((spec) => ({
        address: change.address,
        kind: kindOf(change.address),
        name: nameOf(change.address),
        spec,
        lifecycle: defaultLifecycle,
        origin: { file: '', line: 0, column: 0 },
        document: 0,
      })),
  );
}

/** Does a manifest take over again what has moved back from it? */
function movesAgain(manifests: readonly Manifest[], { address: to, moved_from: name }: Change): boolean {
  if (name === undefined) return false;
  const owner = manifests.find((one) => one.kind === kindOf(to) && one.name === name);
  return owner?.moved_from?.includes(nameOf(to)) === true;
}

/**
 * Do the manifests still say what the undo of a plan has put back at these addresses? Reads the collections that they name
 * things of. Where that cannot be found out, they are taken to.
 */
export async function isStillDeclared(
  request: TargetRequest,
  { plan, snapshot }: PlannedUndo,
  applied: ReadonlySet<Address>,
): Promise<boolean> {
  if (plan.changes.some((one) => applied.has(one.address) && movesAgain(request.manifests, one))) return true;
  const manifests = request.manifests.filter((one) => applied.has(one.address));
  if (manifests.length === 0) return false;
  try {
    const resolved = await resolveNames({ ...request, manifests });
    return stillDeclared({ ...snapshot, traitsOf: traitsIn(request.provider) }, plan, resolved).length > 0;
  } catch {
    return true;
  }
}
