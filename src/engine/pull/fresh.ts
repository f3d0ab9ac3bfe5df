import { indexLive } from '../../core/live-index.ts';
import { essential } from '../../core/pull/essential.ts';
import { fileCandidates, freeName, type Layout, slug, usualLayout } from '../../core/pull/file-names.ts';
import { takeOver } from '../../core/pull/take.ts';
import { diff } from '../../core/spec/diff.ts';
import { labelOf } from '../../core/spec/label.ts';
import { isManaged, strangeness } from '../../core/spec/managed.ts';
import { textProblems } from '../../core/validate/text.ts';
import { isMatched } from '../../load/glob.ts';
import { findersOf, globsOf } from '../../load/manifest-globs.ts';
import { escapeReferences } from '../../load/vars.ts';
import type { About } from '../../model/about.ts';
import { type Address, address as addressOf, nameOf } from '../../model/address.ts';
import { isList, isObject, type Json, type JsonObject, type Spec, tokens } from '../../model/json.ts';
import type { Entry } from '../../model/ledger.ts';
import { keyOf, type Live } from '../../model/live.ts';
import type { Project, Target } from '../../model/project.ts';
import { traitsIn } from '../../model/provider.ts';
import type { PullLeft } from '../../model/pull.ts';
import { manifestText } from '../../write/manifest.ts';
import { schemaLineOf } from '../../write/schema-line.ts';
import { type Fresh, forbiddenKeyIn, left, noKey, type Speech } from './draft.ts';
import type { Claims, Known } from './revise.ts';
import type { Pages } from './revised-text.ts';
import type { TextPlaces } from './text-places.ts';

/** Manifests that are to be written, and what has none and gets none. */
export interface Found {
  readonly fresh: readonly Fresh[];
  readonly left: readonly PullLeft[];
  readonly notes: readonly string[];
  /** Of all that is declared, bound, or would get a manifest. */
  readonly addresses: readonly Address[];
}

/** A manifest for every live thing that has none. What is bound keeps its address; other things get one by their labels. */
export function freshOf(known: Known, claims: Claims, speechOf: (kind: string) => Speech): Found {
  const { provider, live, ledger, manifests, chosen } = known;
  const traitsOf = traitsIn(provider);
  const index = indexLive(live, ledger);
  const held = new Set([...claims.lives.values()].map((one) => keyOf(one.live.kind, one.live.id)));
  const declared = new Set(manifests.map((one) => one.address));
  const taken = new Set([...declared, ...Object.keys(ledger?.syncs ?? {})]);
  const labels = new Map<string, Address>();
  for (const one of manifests) {
    const label = labelOf(traitsOf(one.kind), one.spec);
    if (label !== undefined) labels.set(`${one.kind} ${label}`, one.address);
  }
  const fresh: Fresh[] = [];
  const found: PullLeft[] = [];
  const strange = new Map<string, { readonly noun: string; readonly what: string; readonly count: number }>();
  for (const one of inOrder(live, [...provider.resources.keys()])) {
    const { kind, id } = one;
    const key = keyOf(kind, id);
    const owner = index.boundTo.get(key);
    if (held.has(key) || claims.meant.has(key) || ledger?.dead[key] !== undefined) continue;
    if (owner !== undefined && (declared.has(owner) || ledger?.syncs[owner]?.id !== id)) continue;
    const traits = traitsOf(kind);
    const name =
      owner === undefined
        ? freeName(one.label, traits.noun, id, (name) => taken.has(addressOf(kind, name)))
        : nameOf(owner);
    const address = addressOf(kind, name);
    taken.add(address);
    if (!chosen(address, id)) continue;
    if (!isManaged(traits, one)) {
      const [noun, what] = [traits.noun, strangeness(traits, one)];
      const alike = `${noun} ${what}`;
      strange.set(alike, { noun, what, count: (strange.get(alike)?.count ?? 0) + 1 });
      continue;
    }
    const entry = owner === undefined ? undefined : ledger?.syncs[owner];
    if (entry !== undefined && (entry.state !== 'bound' || entry.pending !== null)) {
      found.push(
        left('unfinished', `An earlier run has left ${address} unfinished; let \`syncline apply\` finish it first.`, {
          address,
          id,
        }),
      );
      continue;
    }
    const label = labelOf(traits, one.spec);
    const isTwin = label !== undefined && (index.bearers(kind, label).length > 1 || labels.has(`${kind} ${label}`));
    if (ledger === null && (isTwin || label === undefined)) {
      const why = label === undefined ? 'has no label' : `has the label "${label}", and so do others`;
      found.push(
        left(
          'twins',
          `The ${traits.noun} ${id} ${why}, and without a ledger nothing else tells what a manifest means.`,
          { id },
        ),
      );
      continue;
    }
    const full =
      entry?.spec == null ? undoubted(speechOf(kind), essential(traits, one.spec)) : applied(traits, one, entry.spec);
    const spec = isTwin ? without(full, traits.label) : full;
    const wrong = wrongIn(speechOf(kind), name, spec);
    if (wrong !== undefined) {
      const why = isTwin ? `has the label "${label}", and so do others` : `cannot be said by a manifest: ${wrong}`;
      found.push(
        left(isTwin ? 'twins' : 'unwritable', `The ${traits.noun} ${id} ${why}`.replace(/\.?$/, '.'), {
          address: owner ?? null,
          id,
        }),
      );
      continue;
    }
    const lifecycle = entry === undefined ? undefined : rememberedLifecycle(entry);
    fresh.push({ address, name, live: one, spec, lifecycle, binds: owner === undefined && ledger !== null });
  }
  const twins = fresh.filter(
    ({ live: one, spec }) =>
      labelOf(traitsOf(one.kind), one.spec) !== undefined && labelOf(traitsOf(one.kind), spec) === undefined,
  );
  const notes = [
    ...twins.map(
      ({ address, live: one }) => `${address} is written without a label, because others bear "${one.label}" too.`,
    ),
    ...[...strange.values()].map(
      ({ noun, what, count }) =>
        `${count} ${noun}${count === 1 ? '' : 's'} with ${what} cannot be managed here and got no manifest.`,
    ),
  ];
  return { fresh, left: found, notes, addresses: [...taken] };
}

/** What was applied to a thing that is bound, with what is live by now. */
function applied(traits: Speech['kind']['traits'], live: Live, spec: Spec): Spec {
  const compare = (other: Spec) => diff(traits, live.spec, other, { applied: spec, memory: true }).changes;
  return takeOver(traits, { live: live.spec, declared: spec, applied: spec }, compare, false).spec;
}

/** What the manifest of a bound thing has said of its lifecycle, as far as the ledger remembers it. */
function rememberedLifecycle({ protect, on_delete, hide = [] }: Entry): JsonObject | undefined {
  const lifecycle = {
    ...(protect ? { protect } : {}),
    ...(on_delete === 'delete' ? {} : { on_delete }),
    ...(hide.length === 0 ? {} : { hide }),
  };
  return Object.keys(lifecycle).length === 0 ? undefined : lifecycle;
}

/** The spec without fields that a warning is about, where it can do without: what is deprecated, or means nothing beside the others. */
export function undoubted({ rules, written, kind }: Speech, spec: Spec): Spec {
  const problems = rules.check(written(spec), { liquid: undefined });
  const doubtful = problems.flatMap(({ severity, path }) => {
    const [, field, ...below] = tokens(path);
    return severity === 'warning' && field !== undefined && below.length === 0 ? [field] : [];
  });
  const kept = without(spec, doubtful);
  return doubtful.length > 0 && rules.validate({ kind: kind.kind, name: 'one', spec: written(kept) }) ? kept : spec;
}

/** A spec without these fields. */
export function without(spec: Spec, keys: readonly string[]): Spec {
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !keys.includes(key)));
}

/** Kind by kind, and those that were made first come first. */
function inOrder(live: readonly Live[], kinds: readonly string[]): readonly Live[] {
  return live.toSorted(
    (one, other) =>
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind) ||
      one.id.length - other.id.length ||
      (one.id < other.id ? -1 : 1),
  );
}

/** Why a manifest cannot say this; undefined where it can. */
export function wrongIn({ rules, written, kind }: Speech, name: string, spec: Spec): string | undefined {
  const said = written(spec);
  const forbidden = forbiddenKeyIn(spec);
  if (forbidden !== undefined) return noKey(forbidden);
  if (!rules.validate({ kind: kind.kind, name, spec: said })) {
    const [first] = rules.validate.errors ?? [];
    return first === undefined
      ? 'its form is unknown'
      : `${first.instancePath.replace(/^\/spec/, '') || 'it'} ${first.message ?? 'is not allowed'}`;
  }
  const problems = [...rules.check(said, { liquid: undefined }), ...textProblems(said, kind.traits)];
  return problems.find(({ severity }) => severity === 'error')?.message;
}

export interface Writing {
  readonly project: Project;
  readonly target: Target;
  readonly pages: Pages;
  readonly places: TextPlaces;
  readonly speech: Speech;
  readonly layout: Layout | undefined;
  /** The spec with names in the place of ids. */
  readonly named: (spec: Spec) => Spec;
  readonly about: About;
}

/** Writes a new manifest; says where, or undefined where no file is left that the project would read. */
export function writeFresh(writing: Writing, { name, live, spec, lifecycle }: Fresh): string | undefined {
  const { project, target, pages, places, speech, about, named } = writing;
  const globs = globsOf(project, target);
  const glob = globs.find((one) => !one.startsWith('!'));
  if (glob === undefined) return undefined;
  const layout = writing.layout ?? usualLayout(glob);
  const end = layout === 'source' ? about.source : about.destination;
  const folder = layout === 'flat' ? undefined : slug(end?.name ?? end?.id ?? about.source?.name ?? '');
  const names = [
    name,
    `${name}-${slug(live.id)}`,
    `${name}-${slug(live.kind)}`,
    `${name}-${slug(live.kind)}-${slug(live.id)}`,
  ];
  const candidates = names.flatMap((one) => fileCandidates(glob, folder, one)).filter((file) => isMatched(globs, file));
  const best = candidates.filter((file) => dirname(file) === dirname(candidates[0] ?? ''));
  const file = [...best, ...candidates].find((one) => !pages.has(one));
  if (file === undefined) return undefined;
  const body = escaped(speech.written(named(spec)));
  const texts = places.fresh(speech.kind.traits, { file, name, id: live.id }, speech.written(named(spec)));
  const text = manifestText({
    kind: live.kind,
    name,
    targets: isSharedFile(project, target, file) ? [target.name] : undefined,
    lifecycle,
    spec: { ...(isObject(body) ? body : {}), ...onlyFiles(texts) },
    schema: schemaLineOf({ root: project.root, file, kind: live.kind }),
  });
  pages.set(file, text);
  return file;
}

/** Would others read the file too, or may they one day, because the target has no globs of its own? */
function isSharedFile(project: Project, target: Target, file: string): boolean {
  const among = target.manifests === undefined ? project.targets : findersOf(project)(file).targets;
  return among.filter((one) => one.provider === target.provider).length > 1;
}

function dirname(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}

function onlyFiles(spec: Spec): Spec {
  return Object.fromEntries(
    Object.entries(spec).filter(
      ([, value]) => isObject(value) && typeof value.file === 'string' && Object.keys(value).length === 1,
    ),
  );
}

/** The value with every `${` of it made a literal one. */
function escaped(value: Json): Json {
  if (typeof value === 'string') return escapeReferences(value);
  if (isList(value)) return value.map(escaped);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]) => (child === undefined ? [] : [[key, escaped(child)]])),
  );
}
