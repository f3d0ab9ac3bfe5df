import { indexLive, type LiveIndex } from '../../core/live-index.ts';
import { essential } from '../../core/pull/essential.ts';
import { freeName } from '../../core/pull/file-names.ts';
import { diff } from '../../core/spec/diff.ts';
import { labelOf } from '../../core/spec/label.ts';
import { isManaged, strangeness } from '../../core/spec/managed.ts';
import { type Address, address as addressOf, nameOf } from '../../model/address.ts';
import type { ImportedThing, ImportLeft, ImportReport } from '../../model/import.ts';
import { type Pointer, type Spec, tokens } from '../../model/json.ts';
import { type Key, keyOf, type Live } from '../../model/live.ts';
import { traitsIn } from '../../model/provider.ts';
import type { TraitsOf } from '../../model/traits.ts';
import type { Fresh, Speech } from '../pull/draft.ts';
import { undoubted, without, wrongIn } from '../pull/fresh.ts';
import type { Claims, Known } from '../pull/revise.ts';
import { depthOf } from './depth.ts';

/** What imported things come to. */
export interface Chosen {
  readonly fresh: readonly Fresh[];
  readonly left: readonly ImportLeft[];
  readonly notes: readonly string[];
  readonly differences: ImportReport['differences'];
  /** How many were declared and bound before. */
  readonly known: number;
  /** Of what is managed here from now on, where it stands in the other tool's files. */
  readonly places: ReadonlyMap<Key, string>;
}

/** A manifest for each imported thing that is live and has none. It says what the other tool says, not what is live. */
export function chosenOf(
  known: Known,
  claims: Claims,
  things: readonly ImportedThing[],
  speechOf: (kind: string) => Speech,
): Chosen {
  const desk = deskOf(known, claims, things, speechOf);
  const verdicts = things.map((thing) => verdictOn(desk, thing));
  const drafts = verdicts.flatMap((one) => ('draft' in one ? [one.draft] : []));
  const differing = drafts.filter(({ paths }) => paths.length > 0);
  return {
    fresh: drafts.map(({ fresh }) => fresh),
    left: verdicts.flatMap((one) => ('left' in one ? [one.left] : [])),
    notes: drafts.flatMap(({ note }) => note ?? []),
    differences: differing.map(({ fresh, paths }) => ({ address: fresh.address, id: fresh.live.id, paths })),
    known: verdicts.filter((one) => 'known' in one).length,
    places: desk.places,
  };
}

/** What imported things are judged by. `taken` and `places` grow with each that is taken over. */
interface Desk {
  readonly known: Known;
  readonly claims: Claims;
  readonly index: LiveIndex;
  readonly traitsOf: TraitsOf;
  readonly speechOf: (kind: string) => Speech;
  readonly declared: ReadonlySet<Address>;
  /** Unbound manifests by the things that they stand for. */
  readonly rivals: ReadonlyMap<Key, Address>;
  /** How many manifests and imported things have a label. */
  readonly labels: ReadonlyMap<string, number>;
  readonly taken: Set<Address>;
  readonly places: Map<Key, string>;
}

function deskOf(
  known: Known,
  claims: Claims,
  things: readonly ImportedThing[],
  speechOf: (kind: string) => Speech,
): Desk {
  const { provider, manifests, live, ledger } = known;
  const traitsOf = traitsIn(provider);
  const declared = new Set(manifests.map((one) => one.address));
  const unbound = [...claims.lives].filter(([, { entry }]) => entry === undefined);
  const labels = new Map<string, number>();
  for (const { kind, spec } of [...manifests, ...things]) {
    const key = `${kind} ${labelOf(traitsOf(kind), spec) ?? ''}`;
    labels.set(key, (labels.get(key) ?? 0) + 1);
  }
  return {
    known,
    claims,
    index: indexLive(live, ledger),
    traitsOf,
    speechOf,
    declared,
    rivals: new Map(unbound.map(([address, one]) => [keyOf(one.live.kind, one.live.id), address])),
    labels,
    taken: new Set([...declared, ...Object.keys(ledger?.syncs ?? {})]),
    places: new Map(),
  };
}

interface Draft {
  readonly fresh: Fresh;
  /** Where it says something else than what is live. */
  readonly paths: readonly Pointer[];
  readonly note: string | undefined;
}

type Verdict = { readonly left: ImportLeft } | { readonly known: true } | { readonly draft: Draft };

function verdictOn(desk: Desk, thing: ImportedThing): Verdict {
  const { traitsOf, index, places, known } = desk;
  const { noun } = traitsOf(thing.kind);
  // What lies outside of the groups is not seen, and may well be there.
  const outside = known.provider.groups === undefined ? '' : ' (it may lie outside the groups of this target)';
  const found = liveOf(thing, index);
  const [live] = found;
  if (live === undefined || known.ledger?.dead[keyOf(live.kind, live.id)] !== undefined)
    return leave(
      thing,
      'gone',
      `nothing live is the ${noun} ${nameOfThing(thing)}${outside}, so no manifest was written`,
    );
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    return leave(thing, 'twins', `${found.length} ${noun}s have its label (${ids}), and nothing tells which is meant`);
  }
  const key = keyOf(live.kind, live.id);
  const first = places.get(key);
  if (first !== undefined) return leave(thing, 'twins', `${first} is the ${noun} ${live.id} too, and was taken`, live);
  const owner = index.boundTo.get(key);
  if (owner !== undefined && desk.declared.has(owner)) {
    places.set(key, thing.place);
    return { known: true };
  }
  return hindrance(desk, thing, live, owner) ?? draftOf(desk, thing, live, owner);
}

/** Why a thing cannot get a manifest, whatever the other tool says of it. */
function hindrance(
  { known, claims, rivals, traitsOf }: Desk,
  thing: ImportedThing,
  live: Live,
  owner: Address | undefined,
): Verdict | undefined {
  const traits = traitsOf(thing.kind);
  const key = keyOf(live.kind, live.id);
  if (owner === undefined && (rivals.has(key) || claims.meant.has(key))) {
    const rival = rivals.get(key);
    const how = 'already and is not bound to it; `syncline pull` or `syncline adopt` binds it';
    return leave(
      thing,
      'declared',
      `${rival ?? 'a manifest'} declares the ${traits.noun} ${live.id} ${how}`,
      live,
      rival,
    );
  }
  const entry = owner === undefined ? undefined : known.ledger?.syncs[owner];
  if (entry !== undefined && (entry.state !== 'bound' || entry.pending !== null || entry.id !== live.id)) {
    const why = `an earlier run has left ${owner} unfinished; let \`syncline apply\` finish it first`;
    return leave(thing, 'unfinished', why, live, owner);
  }
  if (!isManaged(traits, live))
    return leave(
      thing,
      'unwritable',
      `a ${traits.noun} with ${strangeness(traits, live)} cannot be managed here`,
      live,
    );
  if (depthOf(thing.spec) > deepest)
    return leave(thing, 'unwritable', 'its values are nested too deep for a manifest', live);
  return undefined;
}

/** As deep as an API's own bodies could ever be. */
const deepest = 60;

function draftOf(desk: Desk, thing: ImportedThing, live: Live, owner: Address | undefined): Verdict {
  const { ledger } = desk.known;
  const traits = desk.traitsOf(thing.kind);
  const speech = desk.speechOf(thing.kind);
  const full = speech.meaning(thing.spec);
  const label = labelOf(traits, full);
  const isTwin = label !== undefined && isBorneTwice(desk, live, label);
  if (ledger === null && (isTwin || label === undefined)) {
    const why = isTwin ? `others bear the label "${label}" too` : 'it has no label';
    return leave(thing, 'twins', `${why}, and without a ledger nothing else tells what a manifest means`, live);
  }
  const { spec, paths } = said(speech, full, live, ledger !== null);
  const own = isTwin ? without(spec, traits.label) : spec;
  const isTaken = (name: string) => desk.taken.has(addressOf(thing.kind, name));
  const name = owner === undefined ? freeName(label ?? live.label, traits.noun, live.id, isTaken) : nameOf(owner);
  const wrong = wrongIn(speech, name, own);
  if (wrong !== undefined)
    return leave(thing, 'unwritable', `no manifest can say it: ${wrong.replace(/\.$/, '')}`, live);
  const address = addressOf(thing.kind, name);
  desk.taken.add(address);
  desk.places.set(keyOf(live.kind, live.id), thing.place);
  const note = isTwin ? `${address} is written without a label, because others bear "${label}" too.` : undefined;
  const lifecycle = thing.hide.length === 0 ? undefined : { hide: [...thing.hide] };
  const binds = owner === undefined && ledger !== null;
  return { draft: { fresh: { address, name, live, spec: own, lifecycle, binds }, paths, note } };
}

/** Does another live thing, manifest or imported thing have this label? */
function isBorneTwice({ index, labels }: Desk, live: Live, label: string): boolean {
  const isOther = index.bearers(live.kind, label).some(({ id }) => id !== live.id);
  return isOther || (labels.get(`${live.kind} ${label}`) ?? 0) > 1;
}

/** What a manifest has to say: no defaults, but all of a field that is not so live, for else the difference would go unsaid. */
function said(
  speech: Speech,
  full: Spec,
  live: Live,
  memory: boolean,
): { readonly spec: Spec; readonly paths: readonly Pointer[] } {
  const { traits } = speech.kind;
  const paths = diff(traits, live.spec, full, { applied: null, memory }).changes.map(({ path }) => path);
  const fields = new Set(paths.flatMap((path) => tokens(path)[0] ?? []));
  const needed = essential(traits, full);
  const brief = wrongIn(speech, 'one', needed) === undefined ? undoubted(speech, needed) : needed;
  const differing = Object.entries(full).filter(([field]) => fields.has(field));
  return { spec: { ...brief, ...Object.fromEntries(differing) }, paths };
}

function liveOf({ kind, found }: ImportedThing, index: LiveIndex): readonly Live[] {
  if ('label' in found) return index.bearers(kind, found.label);
  const one = index.byKey.get(keyOf(kind, found.id));
  return one === undefined ? [] : [one];
}

function nameOfThing({ found }: ImportedThing): string {
  return 'id' in found ? found.id : `"${found.label}"`;
}

function leave(
  { place, found }: ImportedThing,
  code: ImportLeft['code'],
  why: string,
  live?: Live,
  address: Address | null = null,
): Verdict {
  const id = live?.id ?? ('id' in found ? found.id : null);
  return { left: { address, id, place, code, message: `${place}: ${why}.` } };
}
