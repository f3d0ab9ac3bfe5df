import { indexLive } from '../../core/live-index.ts';
import { essential } from '../../core/pull/essential.ts';
import { freeName } from '../../core/pull/file-names.ts';
import { diff } from '../../core/spec/diff.ts';
import { labelOf } from '../../core/spec/label.ts';
import { isManaged, strangeness } from '../../core/spec/managed.ts';
import { type Address, address as addressOf, nameOf } from '../../model/address.ts';
import type { ImportedThing, ImportLeft, ImportReport } from '../../model/import.ts';
import { type Spec, tokens } from '../../model/json.ts';
import { type Key, keyOf, type Live } from '../../model/live.ts';
import { traitsIn } from '../../model/provider.ts';
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
  /** Of each address or known thing, where it stands in the other tool's files. */
  readonly places: ReadonlyMap<Key, string>;
}

/** A manifest for each imported thing that is live and has none. It says what the other tool says, not what is live. */
export function chosenOf(
  known: Known,
  claims: Claims,
  things: readonly ImportedThing[],
  speechOf: (kind: string) => Speech,
): Chosen {
  const { ledger, manifests, live } = known;
  const traitsOf = traitsIn(known.provider);
  const index = indexLive(live, ledger);
  const declared = new Set(manifests.map((one) => one.address));
  const taken = new Set([...declared, ...Object.keys(ledger?.syncs ?? {})]);
  const unbound = new Map([...claims.lives].map(([address, one]) => [keyOf(one.live.kind, one.live.id), address]));
  const labels = new Set(manifests.flatMap((one) => [`${one.kind} ${labelOf(traitsOf(one.kind), one.spec) ?? ''}`]));
  const fresh: Fresh[] = [];
  const left: ImportLeft[] = [];
  const twins: string[] = [];
  const differences: ImportReport['differences'][number][] = [];
  const places = new Map<Key, string>();
  let before = 0;
  const labelled = new Map<string, number>();
  for (const { kind, spec } of things) {
    const label = `${kind} ${labelOf(traitsOf(kind), spec) ?? ''}`;
    labelled.set(label, (labelled.get(label) ?? 0) + 1);
  }
  for (const thing of things) {
    const traits = traitsOf(thing.kind);
    const leave = (code: ImportLeft['code'], why: string, one?: Live, address: Address | null = null) => {
      left.push({ address, id: one?.id ?? idOf(thing), place: thing.place, code, message: `${thing.place}: ${why}.` });
    };
    const found = liveOf(thing, index);
    if (found.length > 1) {
      leave(
        'twins',
        `${found.length} ${traits.noun}s have its label (${found.map(({ id }) => id).join(', ')}), and nothing tells which is meant`,
      );
      continue;
    }
    const [one] = found;
    const key = one === undefined ? undefined : keyOf(one.kind, one.id);
    if (one === undefined || key === undefined || ledger?.dead[key] !== undefined) {
      leave('gone', `nothing live is the ${traits.noun} ${nameOfThing(thing)}, so no manifest was written`);
      continue;
    }
    if (places.has(key)) {
      leave('twins', `it is the ${traits.noun} ${one.id} as ${places.get(key)} is, which was taken`, one);
      continue;
    }
    const owner = index.boundTo.get(key);
    if (owner !== undefined && declared.has(owner)) {
      places.set(key, thing.place);
      before += 1;
      continue;
    }
    const rival = unbound.get(key);
    if (owner === undefined && (rival !== undefined || claims.meant.has(key))) {
      const who = rival ?? 'a manifest';
      leave(
        'declared',
        `${who} declares the ${traits.noun} ${one.id} already and is not bound to it; \`syncline pull\` or \`syncline adopt\` binds it`,
        one,
        rival,
      );
      continue;
    }
    const entry = owner === undefined ? undefined : ledger?.syncs[owner];
    if (entry !== undefined && (entry.state !== 'bound' || entry.pending !== null || entry.id !== one.id)) {
      leave(
        'unfinished',
        `an earlier run has left ${owner} unfinished; let \`syncline apply\` finish it first`,
        one,
        owner,
      );
      continue;
    }
    if (!isManaged(traits, one)) {
      leave('unwritable', `a ${traits.noun} with ${strangeness(traits, one)} cannot be managed here`, one);
      continue;
    }
    if (depthOf(thing.spec) > deepest) {
      leave('unwritable', 'its values are nested too deep for a manifest', one);
      continue;
    }
    const speech = speechOf(thing.kind);
    const full = speech.meaning(thing.spec);
    const label = labelOf(traits, full);
    const isTwin =
      label !== undefined &&
      (index.bearers(one.kind, label).some(({ id }) => id !== one.id) ||
        labels.has(`${one.kind} ${label}`) ||
        (labelled.get(`${one.kind} ${label}`) ?? 0) > 1);
    if (ledger === null && (isTwin || label === undefined)) {
      leave(
        'twins',
        `${label === undefined ? 'it has no label' : `others bear the label "${label}" too`}, and without a ledger nothing else tells what a manifest means`,
        one,
      );
      continue;
    }
    const said = told(speech, full, one, ledger !== null);
    const own = isTwin ? without(said.spec, traits.label) : said.spec;
    const name =
      owner === undefined
        ? freeName(label ?? one.label, traits.noun, one.id, (text) => taken.has(addressOf(thing.kind, text)))
        : nameOf(owner);
    const wrong = wrongIn(speech, name, own);
    if (wrong !== undefined) {
      leave('unwritable', `no manifest can say it: ${wrong.replace(/\.$/, '')}`, one);
      continue;
    }
    const address = addressOf(thing.kind, name);
    taken.add(address);
    places.set(key, thing.place);
    if (isTwin) twins.push(`${address} is written without a label, because others bear "${label}" too.`);
    if (said.paths.length > 0) differences.push({ address, id: one.id, paths: said.paths });
    const lifecycle = thing.hide.length === 0 ? undefined : { hide: [...thing.hide] };
    fresh.push({ address, name, live: one, spec: own, lifecycle, binds: owner === undefined && ledger !== null });
  }
  return { fresh, left, notes: twins, differences, known: before, places };
}

/** As deep as an API's own bodies could ever be. */
const deepest = 60;

function liveOf({ kind, found }: ImportedThing, index: ReturnType<typeof indexLive>): readonly Live[] {
  if ('label' in found) return index.bearers(kind, found.label);
  const one = index.byKey.get(keyOf(kind, found.id));
  return one === undefined ? [] : [one];
}

function idOf({ found }: ImportedThing): string | null {
  return 'id' in found ? found.id : null;
}

function nameOfThing({ found }: ImportedThing): string {
  return 'id' in found ? found.id : `"${found.label}"`;
}

/** What a manifest has to say: no defaults, but all of a field that is not so live, for else the difference would go unsaid. */
function told(
  speech: Speech,
  full: Spec,
  live: Live,
  memory: boolean,
): { readonly spec: Spec; readonly paths: readonly string[] } {
  const { traits } = speech.kind;
  const paths = diff(traits, live.spec, full, { applied: null, memory }).changes.map(({ path }) => path);
  const fields = new Set(paths.flatMap((path) => tokens(path)[0] ?? []));
  const needed = essential(traits, full);
  const brief = wrongIn(speech, 'one', needed) === undefined ? undoubted(speech, needed) : needed;
  const differing = Object.entries(full).filter(([field]) => fields.has(field));
  return { spec: { ...brief, ...Object.fromEntries(differing) }, paths };
}
