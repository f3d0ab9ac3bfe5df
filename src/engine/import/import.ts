import { wantedMoves } from '../../core/moves/wanted.ts';
import { warningOf } from '../../core/plan/age.ts';
import type { Layout } from '../../core/pull/file-names.ts';
import { partKey } from '../../core/references/names.ts';
import { clockError } from '../../ledger/lock.ts';
import { InvalidInput } from '../../model/errors.ts';
import type { Importer, ImportLeft, ImportReport, ImportSide } from '../../model/import.ts';
import { type Key, keyOf, type Live, type Workspace } from '../../model/live.ts';
import { ageOf } from '../age.ts';
import { movedSnapshot } from '../moves.ts';
import { type Read, readPart } from '../names.ts';
import { type Drafts, nameBookOf, speechesOf, writeAll } from '../pull/drafts.ts';
import type { PullMeans } from '../pull/pull.ts';
import { readAll, wholeLive } from '../pull/read.ts';
import { recorded } from '../pull/record.ts';
import { claimsOf, type Known } from '../pull/revise.ts';
import type { TargetRequest } from '../request.ts';
import { resolveNames } from '../resolve.ts';
import type { ReadFiles } from './files.ts';
import { chosenOf } from './fresh.ts';

/** What is to be imported, and how. */
export interface ImportWishes extends ReadFiles {
  readonly importer: Importer;
  /** The folder that the names of the files are seen from. */
  readonly root: string;
  readonly layout?: Layout | undefined;
}

/**
 * Writes manifests for what another tool's files declare, and binds them. The service is only read. As with a pull the ledger is written
 * first and then the files.
 * @throws InvalidInput for files that cannot be read, SynclineError for guards, ProviderError where a read fails
 */
export async function importTarget(
  request: TargetRequest,
  wishes: ImportWishes,
  means: Omit<PullMeans, 'everywhere'>,
): Promise<ImportReport> {
  if (wishes.problems.length > 0) throw new InvalidInput(wishes.problems, wishes.root);
  const { provider, target } = request;
  const catalogue: Read = new Map();
  const resolving = resolveNames(request, catalogue);
  const [{ snapshot: read, notes: unread }, manifests, workspace] = await Promise.all([
    readAll(request, resolving, {}),
    resolving,
    provider.identify(),
  ]);
  const snapshot = movedSnapshot(provider, read, wantedMoves(read.ledger, manifests).moves);
  const { ledger, gone } = snapshot;
  const age = warningOf(await ageOf(request.checkout, snapshot.last, null));
  if (age !== undefined) request.warn?.(age);
  const wrongClock = clockError(snapshot.lock, provider.skew());
  if (wrongClock !== undefined) throw wrongClock;
  const live = await wholeLive(request, snapshot, false);
  const known: Known = { provider, manifests, live, ledger, gone, drifted: false, chosen: () => true };
  const said = await wishes.importer.imports(wishes.files, sideOf(request, known, workspace, catalogue));
  if (said.problems.length > 0) throw new InvalidInput(said.problems, wishes.root);
  const speech = await speechesOf(means.kinds, [...live, ...manifests, ...said.things]);
  const claims = claimsOf(known);
  const chosen = chosenOf(known, claims, said.things, speech);
  const drafts: Drafts = { request, known, catalogue, speech, revisions: [], fresh: chosen.fresh };
  const book = await nameBookOf(drafts, claims.lives);
  const written = writeAll(drafts, book, new Map(), wishes.layout);
  const { ledger: next, bound } = recorded(
    known,
    written.settled,
    read.ledger,
    means.identity,
    request.now().toISOString(),
  );
  if (next !== undefined) await request.store.save(next);
  await means.write(written.pages.written());
  const unwritten = written.left.map((one): ImportLeft => ({ ...one, place: null }));
  const lost = new Set(unwritten.map(({ id }) => id));
  const places = [...chosen.places].filter(([key]) => !lost.has(key.slice(key.indexOf('#') + 1)));
  return {
    target: target.name,
    manifests: written.manifests,
    bound,
    left: [...said.left, ...chosen.left, ...unwritten],
    notes: [
      ...snapshot.notes.map(({ address, message }) => `${address}: ${message}`),
      ...unread,
      ...said.notes,
      ...chosen.notes,
    ],
    differences: chosen.differences,
    known: chosen.known,
    release: said.release?.(new Set(places.map(([, place]) => place))) ?? null,
  };
}

/** What is live, as an importer may look at it; collections are read once. */
function sideOf(
  { provider }: TargetRequest,
  { live, ledger }: Known,
  workspace: Workspace | undefined,
  catalogue: Read,
): ImportSide {
  const all = new Map<string, Live[]>();
  const byKey = new Map<Key, Live>();
  for (const one of live) {
    const key = keyOf(one.kind, one.id);
    if (ledger?.dead[key] !== undefined) continue;
    byKey.set(key, one);
    const alike = all.get(one.kind);
    if (alike === undefined) all.set(one.kind, [one]);
    else alike.push(one);
  }
  return {
    api: provider.api,
    workspace: workspace?.id,
    things: (kind) => all.get(kind) ?? [],
    thing: (kind, id) => byKey.get(keyOf(kind, id)),
    named: async (collection, within) => {
      const part = { collection, within };
      if (!catalogue.has(partKey(part))) await readPart(provider, part, catalogue);
      return catalogue.get(partKey(part));
    },
  };
}
