import { type Address, address as addressOf } from '../../model/address.ts';
import { type Json, type Spec, valueAt } from '../../model/json.ts';
import type { Entry } from '../../model/ledger.ts';
import { keyAt, keyOf, type Live, type RemoteId } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Change } from '../../model/plan.ts';
import type { KindTraits, Reference, TraitsOf } from '../../model/traits.ts';
import type { Decision, PlanInput } from '../plan/decision.ts';
import type { PlanIndex } from '../plan/identify.ts';
import { idText } from '../spec/immutable.ts';
import { labelOf } from '../spec/label.ts';
import { applies, idAt, idValue, placeholder, withReferent } from './fill.ts';

/** The manifests of a target, by what a reference may call them. */
export interface DeclaredIndex {
  readonly byAddress: ReadonlyMap<Address, Manifest>;
  /** The address that a reference of a kind means by this name; undefined where it means a live thing that nobody declares. */
  named(reference: Reference, name: string): Address | undefined;
  /** The manifests of a kind by their labels. */
  labelled(kind: string): ReadonlyMap<string, Address>;
}

/** Indexes manifests, selected or not. Of two with one label the first is meant: that they share it is an error of its own. */
export function indexDeclared(manifests: readonly Manifest[], traitsOf: TraitsOf): DeclaredIndex {
  const known = new Map<string, ReadonlyMap<string, Address>>();
  const labelled = (kind: string) => {
    const found = known.get(kind) ?? byLabel(manifests, kind, traitsOf);
    known.set(kind, found);
    return found;
  };
  return {
    byAddress: new Map(manifests.map((one) => [one.address, one])),
    named: ({ manifest: kind, collection }, name) => {
      if (kind === undefined) return undefined;
      return collection === undefined ? addressOf(kind, name) : labelled(kind).get(name);
    },
    labelled,
  };
}

function byLabel(manifests: readonly Manifest[], kind: string, traitsOf: TraitsOf): ReadonlyMap<string, Address> {
  return new Map(
    manifests.toReversed().flatMap(({ kind: other, spec, address }) => {
      const label = other === kind ? labelOf(traitsOf(kind), spec) : undefined;
      return label === undefined ? [] : [[label, address] as const];
    }),
  );
}

/** A place of a spec that names a manifest. */
export interface NamedPlace {
  readonly reference: Reference;
  readonly name: string;
  readonly address: Address;
}

/** The places of a spec that name a manifest, with its address. */
export function namedManifests({ references }: KindTraits, spec: Spec, declared: DeclaredIndex): NamedPlace[] {
  const found: NamedPlace[] = [];
  // Ten thousand manifests are looked at several times, and most name nothing.
  for (const reference of references) {
    const name = reference.manifest === undefined ? undefined : valueAt(spec, reference.path);
    const address = typeof name === 'string' && applies(reference, spec) ? declared.named(reference, name) : undefined;
    if (typeof name === 'string' && address !== undefined) found.push({ reference, name, address });
  }
  return found;
}

/** The spec with the id of every manifest that it names. undefined where one of them has none. */
export function withKnownIds(
  traits: KindTraits,
  spec: Spec,
  declared: DeclaredIndex,
  idOf: (address: Address) => RemoteId | undefined,
): Spec | undefined {
  return withReferents(traits, spec, declared, ({ reference, address }) => {
    const id = idOf(address);
    return id === undefined ? undefined : idValue(reference, id);
  });
}

/** The spec with a value in the place of the name of each manifest. undefined where there is none for one of them. */
export function withReferents(
  traits: KindTraits,
  spec: Spec,
  declared: DeclaredIndex,
  referentOf: (place: NamedPlace) => Json | undefined,
): Spec | undefined {
  let next = spec;
  for (const place of namedManifests(traits, spec, declared)) {
    const value = referentOf(place);
    if (value === undefined) return undefined;
    next = withReferent(place.reference, next, value);
  }
  return next;
}

/** What a manifest refers to, once it is known what becomes of that. */
export interface Referring {
  /** With ids, or what stands for them, in the place of names. */
  readonly spec: Spec;
  /** Addresses that must have been written before. */
  readonly dependsOn: readonly Address[];
  /** Addresses that have no id and get none by this plan. */
  readonly missing: readonly Address[];
  /** Addresses that will say something else, where both must say the same, for this plan leaves them as they are. */
  readonly atOdds: readonly Address[];
  /** Names that ids took the place of, by where they stood. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Replaces the name of every declared thing: by its id, or by a placeholder where this plan makes it. `live` is what the manifest
 * itself stands for: what it refers to already it may go on referring to, whatever blocks the manifest of that.
 */
export function resolveDeclared(
  input: PlanInput,
  index: PlanIndex,
  decided: ReadonlyMap<Address, Decision>,
  manifest: Manifest,
  live: Spec | undefined,
): Referring {
  const traits = input.traitsOf(manifest.kind);
  let { spec } = manifest;
  const dependsOn: Address[] = [];
  const missing: Address[] = [];
  const atOdds: Address[] = [];
  const names: Record<string, string> = {};
  for (const { reference, name, address } of namedManifests(traits, manifest.spec, index.declared)) {
    const decision = decided.get(address);
    const change = decision?.kind === 'change' ? decision.change : undefined;
    const made = change !== undefined && makesId(change, input.ledger?.syncs[address]);
    const id = made
      ? undefined
      : (knownId(input, index, change, address) ?? usedAlready(index, reference, { name, address }, live));
    if (made || (change !== undefined && isWritten(change) && reference.optional !== true)) dependsOn.push(address);
    if (!made && id === undefined) missing.push(address);
    if (id !== undefined && parts(index, { reference, change, id, spec, live })) atOdds.push(address);
    names[reference.path] = name;
    spec = withReferent(reference, spec, id === undefined ? placeholder(address) : idValue(reference, id));
  }
  return { spec, dependsOn, missing, atOdds, names };
}

interface Pair {
  readonly reference: Reference;
  /** Of what is referred to; undefined where this plan leaves it as it is. */
  readonly change: Change | undefined;
  readonly id: RemoteId;
  readonly spec: Spec;
  readonly live: Spec | undefined;
}

/** Does a spec part from what it refers to in something, such as a connection, that both must share? */
function parts(index: PlanIndex, { reference, change, id, spec, live }: Pair): boolean {
  const { manifest: kind, agrees = {} } = reference;
  const other = kind === undefined ? undefined : index.byKey.get(keyOf(kind, id));
  if (kind === undefined || other === undefined) return false;
  return Object.entries(agrees).some(([own, theirs]) => {
    const here = valueAt(spec, own);
    const there = valueAt(change?.desired ?? {}, theirs) ?? valueAt(other.spec, theirs);
    if (here == null || there == null || idText(here) === idText(there)) return false;
    // What it says already is no doing of this plan.
    return live === undefined || idText(valueAt(live, own) ?? null) !== idText(here);
  });
}

/** Does the thing get its id only when this change is carried out? A replace that is resumed has made its new one already. */
function makesId(change: Change, entry: Entry | undefined): boolean {
  return change.action === 'create' || (change.action === 'replace' && entry?.state !== 'retiring');
}

/** Is something sent for it? Whoever needs the thing as declared waits for that. */
function isWritten({ action, fields }: Change): boolean {
  return action !== 'delete' && fields.length > 0;
}

function knownId(
  input: PlanInput,
  index: PlanIndex,
  change: Change | undefined,
  address: Address,
): RemoteId | undefined {
  if (change !== undefined && change.action !== 'replace') return change.id ?? undefined;
  const entry = input.ledger?.syncs[address];
  if (entry?.id != null && index.byKey.has(keyAt(address, entry.id))) return entry.id;
  const manifest = input.ledger === null ? index.declared.byAddress.get(address) : undefined;
  const label = manifest === undefined ? undefined : labelOf(input.traitsOf(manifest.kind), manifest.spec);
  const bearers = label === undefined || manifest === undefined ? [] : index.bearers(manifest.kind, label);
  return bearers.length === 1 ? bearers[0]?.id : undefined;
}

/** The one live thing of that name, where it is what the live side refers to already. What another address has is not it. */
function usedAlready(
  { bearers, boundTo }: PlanIndex,
  reference: Reference,
  { name, address }: { readonly name: string; readonly address: Address },
  live: Spec | undefined,
): RemoteId | undefined {
  if (live === undefined || reference.manifest === undefined || reference.collection === undefined) return undefined;
  const ownerOf = (one: Live) => boundTo.get(keyOf(one.kind, one.id)) ?? address;
  const [only, ...others] = bearers(reference.manifest, name).filter((one) => ownerOf(one) === address);
  return only !== undefined && others.length === 0 && idAt(reference, live) === only.id ? only.id : undefined;
}
