import { type Address, kindOf, matches } from '../../model/address.ts';
import type { Json, Spec } from '../../model/json.ts';
import type { Entry, Ledger } from '../../model/ledger.ts';
import { type Health, type Key, keyAt, keyOf, type Live, type RemoteId } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Thing, ThingState } from '../../model/status.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import { indexLive, type LiveIndex } from '../live-index.ts';
import { earlierAddresses, type Moves } from '../moves/moves.ts';
import { type DeclaredIndex, indexDeclared } from '../references/declared.ts';
import type { Chosen } from '../selection.ts';
import { equal } from '../spec/equal.ts';
import { labelOf } from '../spec/label.ts';
import { isManaged } from '../spec/managed.ts';
import { byCodePoint } from '../stable.ts';

/** Everything that the state of a target depends on. */
export interface StatusInput {
  readonly traitsOf: TraitsOf;
  /** Kinds in the order in which they are spoken of. */
  readonly kinds: readonly string[];
  readonly manifests: readonly Manifest[];
  readonly live: readonly Live[];
  /** With the bindings moved that manifests ask for; null: there is no memory. */
  readonly ledger: Ledger | null;
  readonly moves: Moves;
  /** Bound ids that the provider proved not to exist. */
  readonly gone: ReadonlySet<Key>;
  /** Globs of addresses that the target protects. */
  readonly protect: readonly string[];
  /** What is looked at. */
  readonly chosen: Chosen;
  readonly healthOf: (key: Key) => Health;
  readonly pageOf: (kind: string, id: RemoteId) => string | null;
}

/** What is live and what is declared, indexed once. */
export interface StatusIndex {
  readonly live: LiveIndex;
  readonly declared: DeclaredIndex;
}

export function indexStatus({ live, ledger, manifests, traitsOf }: StatusInput): StatusIndex {
  return { live: indexLive(live, ledger), declared: indexDeclared(manifests, traitsOf) };
}

/** Every thing of a target: each address that is declared or held, in order, then what is live and neither, by kind and id. */
export function findThings(input: StatusInput, index: StatusIndex): readonly Thing[] {
  const { manifests, ledger, chosen } = input;
  const all = new Set([...manifests.map((one) => one.address), ...Object.keys(ledger?.syncs ?? {})]);
  const addresses = [...all].filter((address) => chosen.has(address)).sort(byCodePoint);
  const things = addresses.map((address) => thingAt(input, index, address));
  // A foreign thing has no address that a glob could match.
  return chosen.selection.only === null ? [...things, ...foreignThings(input, index)] : things;
}

/** What an address binds; without a memory, the one live thing that bears its label. */
export function heldBy({ ledger, traitsOf }: StatusInput, { live, declared }: StatusIndex, address: Address) {
  if (ledger !== null) return ledger.syncs[address]?.id ?? null;
  const manifest = declared.byAddress.get(address);
  const label = manifest === undefined ? undefined : labelOf(traitsOf(manifest.kind), manifest.spec);
  const bearers = label === undefined ? [] : live.bearers(kindOf(address), label);
  return bearers.length === 1 ? (bearers[0]?.id ?? null) : null;
}

function thingAt(input: StatusInput, index: StatusIndex, address: Address): Thing {
  const kind = kindOf(address);
  const traits = input.traitsOf(kind);
  const manifest = index.declared.byAddress.get(address);
  const entry = input.ledger?.syncs[address];
  const id = heldBy(input, index, address);
  const key = id === null ? undefined : keyAt(address, id);
  const live = key === undefined ? undefined : index.live.byKey.get(key);
  const declared = manifest === undefined ? undefined : labelOf(traits, manifest.spec);
  return {
    kind,
    noun: traits.noun,
    address,
    id,
    label: live?.label ?? declared ?? entry?.label ?? null,
    state: stateOf(manifest, entry, id),
    origin: manifest?.origin ?? null,
    protected: isProtected(input, address, manifest, entry),
    paused: isPaused(traits, live?.spec ?? manifest?.spec ?? entry?.spec ?? {}, entry),
    health: key === undefined || live === undefined ? 'unknown' : input.healthOf(key),
    url: id === null || live === undefined ? null : input.pageOf(kind, id),
    gone: key !== undefined && input.gone.has(key),
    pulled: entry?.pulled === true,
    takes: input.moves.get(address) ?? null,
    bearers: id === null && declared !== undefined ? freeBearers(index, kind, declared) : [],
  };
}

function stateOf(manifest: Manifest | undefined, entry: Entry | undefined, id: RemoteId | null): ThingState {
  if (entry !== undefined && entry.state !== 'bound') return entry.state;
  if (manifest === undefined) return 'undeclared';
  return id === null ? 'unbound' : 'bound';
}

function isProtected(
  input: StatusInput,
  address: Address,
  manifest: Manifest | undefined,
  entry: Entry | undefined,
): boolean {
  return manifest?.lifecycle.protect === true || entry?.protect === true || protectGlobs(input, address).length > 0;
}

/** Globs of the target that protect an address, under this name or an earlier one of what it binds. */
export function protectGlobs({ protect, ledger }: StatusInput, address: Address): readonly string[] {
  const names = [address, ...earlierAddresses(ledger, address)];
  return protect.filter((glob) => names.some((name) => matches(name, glob)));
}

/** Is it stopped? Where an answer says the same whatever is true, what was applied last is believed. */
function isPaused({ pause, spec: { fields = {} } }: KindTraits, spec: Spec, entry: Entry | undefined): boolean {
  if (pause === undefined) return false;
  const shown: Json | undefined = spec[pause.field];
  const proves = shown !== undefined && fields[pause.field]?.unproven?.some((one) => equal(one, shown)) !== true;
  return equal(proves ? shown : (entry?.spec?.[pause.field] ?? shown ?? null), pause.value);
}

/** Live things that bear a label and that no address holds. */
function freeBearers({ live }: StatusIndex, kind: string, label: string): readonly RemoteId[] {
  const free = live.bearers(kind, label).filter((one) => !live.boundTo.has(keyOf(one.kind, one.id)));
  return free.map(({ id }) => id);
}

/** What is live, could be ours, and is neither held nor dead nor called as a manifest calls its own. */
function foreignThings(input: StatusInput, { live: { boundTo }, declared }: StatusIndex): readonly Thing[] {
  const { traitsOf, ledger, kinds } = input;
  const foreign = input.live.filter((one) => {
    const key = keyOf(one.kind, one.id);
    if (boundTo.has(key) || ledger?.dead[key] !== undefined || !isManaged(traitsOf(one.kind), one)) return false;
    return one.label === undefined || !declared.labelled(one.kind).has(one.label);
  });
  const rank = new Map(kinds.map((kind, place) => [kind, place]));
  const inOrder = (first: Live, second: Live) =>
    (rank.get(first.kind) ?? 0) - (rank.get(second.kind) ?? 0) || byId(first.id, second.id);
  return foreign.sort(inOrder).map(({ kind, id, label, spec }) => ({
    kind,
    noun: traitsOf(kind).noun,
    address: null,
    id,
    label: label ?? null,
    state: 'foreign',
    origin: null,
    protected: false,
    paused: isPaused(traitsOf(kind), spec, undefined),
    health: input.healthOf(keyOf(kind, id)),
    url: input.pageOf(kind, id),
    gone: false,
    pulled: false,
    takes: null,
    bearers: [],
  }));
}

/** Numbers by what they are worth, other texts after them. */
function byId(first: RemoteId, second: RemoteId): number {
  const isNumber = (id: RemoteId) => /^\d+$/.test(id);
  if (isNumber(first) && isNumber(second)) return first.length - second.length || byCodePoint(first, second);
  return Number(isNumber(second)) - Number(isNumber(first)) || byCodePoint(first, second);
}
