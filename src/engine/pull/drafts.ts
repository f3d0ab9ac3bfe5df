import { indexLive } from '../../core/live-index.ts';
import { circlesOf } from '../../core/plan/circles.ts';
import type { Layout } from '../../core/pull/file-names.ts';
import { type NameBook, partsNamedIn, withEndsAlone, withReferenceNames } from '../../core/pull/reference-names.ts';
import { indexDeclared } from '../../core/references/declared.ts';
import { partKey } from '../../core/references/names.ts';
import { referentAt } from '../../core/references/referent.ts';
import { isThere } from '../../load/files.ts';
import { isManifestFile } from '../../load/manifest-globs.ts';
import type { Address } from '../../model/address.ts';
import { hiding, shownValue } from '../../model/hidden.ts';
import { isList, type Json, type Pointer, type Spec } from '../../model/json.ts';
import { keyOf, type Live } from '../../model/live.ts';
import { defaultLifecycle, type Manifest } from '../../model/manifest.ts';
import type { FieldChange } from '../../model/plan.ts';
import { resourceOf, traitsIn } from '../../model/provider.ts';
import type { PulledManifest, PullLeft, TakenBack } from '../../model/pull.ts';
import { type Read, readPart } from '../names.ts';
import type { TargetRequest } from '../request.ts';
import { type Fresh, left, type Revision, type Speech, speechOf } from './draft.ts';
import { writeFresh } from './fresh.ts';
import type { PullMeans } from './pull.ts';
import type { Settled } from './record.ts';
import type { Known } from './revise.ts';
import { openPages, type Pages, revise } from './revised-text.ts';
import { textPlaces } from './text-places.ts';

/** How specs of these things are read and written, by kind. */
export async function speechesOf(
  kinds: PullMeans['kinds'],
  things: readonly { readonly kind: string }[],
): Promise<(kind: string) => Speech> {
  const wanted = [...new Set(things.map((one) => one.kind))].flatMap((name) => kinds.get(name) ?? []);
  const speeches = new Map(await Promise.all(wanted.map(async (kind) => [kind.kind, await speechOf(kind)] as const)));
  return (kind) => {
    const found = speeches.get(kind);
    if (found === undefined) throw new Error(`Nobody knows how to write ${kind}.`);
    return found;
  };
}

/** What is to be written. */
export interface Drafts {
  readonly request: TargetRequest;
  readonly known: Known;
  readonly catalogue: Read;
  readonly speech: (kind: string) => Speech;
  readonly revisions: readonly Revision[];
  readonly fresh: readonly Fresh[];
}

/** Reads the collections that have names of what is to be written, and knows what is declared and bound then. */
export async function nameBookOf(
  { known, catalogue, revisions, fresh, speech }: Drafts,
  lives: ReadonlyMap<Address, { readonly live: Live }>,
): Promise<NameBook> {
  const { provider, manifests, ledger, live } = known;
  const specs = [
    ...revisions.map(({ live: one, after }) => [one.kind, after] as const),
    ...fresh.map((one) => [one.live.kind, one.spec] as const),
  ];
  const parts = new Map(
    specs.flatMap(([kind, spec]) =>
      partsNamedIn(traitsIn(provider)(kind), spec).map((part) => [partKey(part), part] as const),
    ),
  );
  await Promise.all(
    [...parts].map(async ([key, part]) => (catalogue.has(key) ? undefined : readPart(provider, part, catalogue))),
  );
  const boundTo = new Map(indexLive(live, ledger).boundTo);
  for (const [address, one] of lives) boundTo.set(keyOf(one.live.kind, one.live.id), address);
  for (const one of fresh) boundTo.set(keyOf(one.live.kind, one.live.id), one.address);
  const after = new Map(revisions.map((one) => [one.manifest.address, one.after]));
  const all = [
    ...manifests.map((one) => ({ ...one, spec: after.get(one.address) ?? one.spec })),
    ...fresh.map((one) => manifestOf(one, '', speech)),
  ];
  const circles = circlesOf({ traitsOf: traitsIn(provider), live, changes: [], boundTo });
  const circular = new Set(circles.flatMap(({ members }) => members));
  return { catalogue, declared: indexDeclared(all, traitsIn(provider)), boundTo, circular };
}

function manifestOf({ address, name, live, spec, lifecycle }: Fresh, file: string, speech: Drafts['speech']): Manifest {
  const { meaning, written } = speech(live.kind);
  const origin = { file, line: 1, column: 1 };
  return {
    address,
    kind: live.kind,
    name,
    spec: meaning(written(spec)),
    lifecycle: { ...defaultLifecycle, ...hiding({ hide: textsIn(lifecycle?.hide) }) },
    origin,
    document: 0,
  };
}

/** How many manifests take text from a file, those of other targets too. */
export async function readersOf(
  { request, known, revisions }: Drafts,
  { everywhere }: PullMeans,
): Promise<ReadonlyMap<string, number>> {
  const isAsked = revisions.some(({ manifest }) => (manifest.files ?? []).length > 0);
  const others = isAsked && request.project.targets.length > 1 ? await everywhere() : [];
  const all = new Map<string, Manifest>();
  for (const one of [...others, ...known.manifests]) all.set(`${one.origin.file} ${one.document}`, one);
  const readers = new Map<string, number>();
  for (const file of [...all.values()].flatMap((one) => one.files ?? []))
    readers.set(file, (readers.get(file) ?? 0) + 1);
  return readers;
}

/** What has become of drafts. */
export interface Written {
  readonly pages: Pages;
  readonly manifests: readonly PulledManifest[];
  readonly left: readonly PullLeft[];
  /** What is bound, or recorded for the first time, with the manifest as it is written. */
  readonly settled: readonly Settled[];
}

/** Writes all drafts into pages; nothing is on disk yet. */
export function writeAll(
  { request, known, catalogue, speech, revisions, fresh }: Drafts,
  book: NameBook,
  readers: ReadonlyMap<string, number>,
  layout: Layout | undefined,
): Written {
  const { project, target, provider } = request;
  const pages = openPages(project.root, (file) => isThere(`${project.root}/${file}`));
  const places = textPlaces(pages, { readers, isManifest: (file) => isManifestFile(project, file) });
  const manifests: PulledManifest[] = [];
  const found: PullLeft[] = [];
  const settled: Settled[] = [];
  const namedAs = (kind: string) => (spec: Spec, written?: Spec) =>
    withReferenceNames(traitsIn(provider)(kind), spec, book, written);
  for (const revision of revisions) {
    const { manifest, live, after, paths, unapplied, binds } = revision;
    const { address, origin } = manifest;
    const takeBack = pages.point();
    const own = revise(
      { project, target, pages, places, speech: speech(live.kind), named: namedAs(live.kind) },
      revision,
    );
    found.push(...own);
    if (own.length > 0 && binds) {
      takeBack();
      continue;
    }
    const open = new Set(own.map(({ path }) => path));
    const done = paths.filter((path) => !open.has(path));
    if (done.length > 0) {
      const back = unapplied.filter(({ within }) => !open.has(within)).map(({ change }) => takenBack(change, revision));
      manifests.push({ action: 'updated', address, id: live.id, file: origin.file, paths: done, taken_back: back });
    }
    if (own.length === 0) settled.push({ manifest: { ...manifest, spec: after }, live, binds });
  }
  const directory = {
    ...indexLive(known.live, known.ledger),
    traitsOf: traitsIn(provider),
    declared: book.declared,
    ledger: known.ledger,
    catalogue,
  };
  for (const given of fresh) {
    const { live, address, binds } = given;
    const spec = withEndsAlone(traitsIn(provider)(live.kind), given.spec, book);
    const one = { ...given, spec };
    const traits = traitsIn(provider)(live.kind);
    const at = (into: Pointer) => referentAt(directory, traits, spec, into).referent;
    const about = resourceOf(provider, live.kind).about(spec, at);
    const file = writeFresh(
      { project, target, pages, places, speech: speech(live.kind), layout, named: namedAs(live.kind), about },
      one,
    );
    if (file === undefined) {
      found.push(
        left('unwritable', `The globs of \`manifests\` match no file that could be made for ${address}.`, {
          address,
          id: live.id,
        }),
      );
      continue;
    }
    manifests.push({ action: 'created', address, id: live.id, file, paths: [], taken_back: [] });
    settled.push({ manifest: manifestOf(one, file, speech), live, binds });
  }
  return { pages, manifests, left: found, settled };
}

/** What a report says of a change that was not applied. Whoever knows the name of a thing knows which one it is. */
function takenBack({ path, to }: FieldChange, { manifest, hidden }: Revision): TakenBack {
  const value = shownValue(path, to, hidden);
  const name = value === to ? manifest.names?.[path] : undefined;
  return { path, value, ...(name === undefined ? {} : { name }) };
}

function textsIn(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((one) => typeof one === 'string') : [];
}
