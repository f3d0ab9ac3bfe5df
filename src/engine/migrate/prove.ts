import { boundTo } from '../../core/live-index.ts';
import { specDifferences } from '../../core/migrate/compare.ts';
import { recordedKey } from '../../core/migrate/kept.ts';
import { ledgerIn } from '../../core/migrate/ledger.ts';
import { planDifferences } from '../../core/migrate/plans.ts';
import { type Grammar, heldIds, translated } from '../../core/migrate/translate.ts';
import { equal } from '../../core/spec/equal.ts';
import { labelOf } from '../../core/spec/label.ts';
import { nothingDeclared } from '../../ledger/store.ts';
import { type Address, kindOf } from '../../model/address.ts';
import { ProviderError } from '../../model/errors.ts';
import type { Spec } from '../../model/json.ts';
import type { Ledger, LedgerMeta } from '../../model/ledger.ts';
import { type Key, keyOf, type Live } from '../../model/live.ts';
import type { Difference, PairedThing, Thing } from '../../model/migration.ts';
import type { Plan } from '../../model/plan.ts';
import { type Provider, resourceOf, traitsIn } from '../../model/provider.ts';
import { type Planned, planTarget } from '../plan.ts';
import type { TargetRequest } from '../request.ts';
import { atApi } from './at-api.ts';
import { look, type Seen, specsOf } from './look.ts';
import { settledStore } from './memory.ts';
import { type Pairing, pairUp } from './pairing.ts';

/** A target at one of the two APIs. */
export interface Side {
  /** With a store that holds the memory in the words of this API; the other side's is made from that one. */
  readonly request: TargetRequest;
  /** What only the service can pair, such as what both APIs connect to. */
  readonly things: readonly Thing[];
}

export interface ProofInput {
  readonly from: Side;
  readonly to: Side;
  readonly grammarOf: (kind: string) => Grammar;
  /** What the memory says of itself at the other API. */
  readonly metaOf: (meta: LedgerMeta) => LedgerMeta;
  /** `KIND/ID`, ids as the first API has them: pairs that a person vouches for. */
  readonly accepted: ReadonlySet<string>;
  /** As `recordedPairs` has them: pairs that an earlier move has written down. */
  readonly recorded: ReadonlySet<string>;
}

/** Whether a target means the same at both APIs. */
export interface Proof {
  readonly pairs: readonly PairedThing[];
  /** Pairs that nobody may rely on before a person has said so. */
  readonly doubtful: readonly PairedThing[];
  /** How many others there are that nothing vouches for: neither a manifest nor the memory knows them, nor refers to them. */
  readonly strangers: number;
  readonly differences: readonly Difference[];
  /** Collections whose ids are taken to be the same, because an API does not list them. */
  readonly unlisted: readonly string[];
  readonly from: Plan;
  readonly to: Plan;
  /** The memory in the words of the first API, with whatever an earlier run has left settled; null where there is none. */
  readonly before: Ledger | null;
  /** The memory in the words of the other API. */
  readonly ledger: Ledger | null;
  readonly pairing: Pairing;
  /** Something was changed by somebody between the first reading and the last: nothing is proved. */
  readonly hasMoved: boolean;
}

/**
 * Reads a target at both APIs, pairs what they show, plans at both, and says all that is not the same. Reads only.
 * @throws InvalidInput, SynclineError, ProviderError as a plan does
 */
export async function prove(input: ProofInput): Promise<Proof> {
  const { from, to, grammarOf } = input;
  const first = await lookAtBoth(input);
  const was = await atApi(apiOf(from), planTarget(from.request, { prune: false }));
  const before = was.snapshot.ledger;
  const managed = managedThings(from.request, was, first.from);
  const specs = bodies(was, managed);
  const pairing = await pairUp({
    from: { provider: from.request.provider, things: [...from.things, ...first.from.things] },
    to: { provider: to.request.provider, things: [...to.things, ...first.to.things] },
    grammarOf,
    specs: [...specs, ...applied(before)],
  });
  const words = { from: apiOf(from), to: apiOf(to), dictionary: pairing.dictionary, grammarOf };
  const ledger = before === null ? null : ledgerIn({ ...before, meta: input.metaOf(before.meta) }, words);
  const there = ledger === null ? to.request : { ...to.request, store: settledStore(to.request.store, ledger) };
  const is = await atApi(apiOf(to), planTarget(there, { prune: false }));
  const pairs = reported(pairing, managed, specs, input);
  const unsure = pairs.filter(({ pair }) => !isSure(pair, input));
  return {
    pairs: pairs.map((one) => one.pair),
    doubtful: unsure.flatMap(({ pair, needed }) => (needed ? [pair] : [])),
    strangers: unsure.filter(({ needed }) => !needed).length,
    differences: [
      ...bodyDifferences(was, is, managed, pairing, grammarOf, from.request),
      ...planDifferences(was.plan, is.plan, { grammarOf, dictionary: pairing.dictionary }),
    ],
    unlisted: pairing.unlisted,
    from: was.plan,
    to: is.plan,
    before,
    ledger,
    pairing,
    hasMoved: isOther(first.from, was) || isOther(first.to, is),
  };
}

function apiOf({ request }: Side): string {
  return request.provider.api;
}

/** What both APIs hold of every kind that matters, in the order in which kinds were asked for. */
async function lookAtBoth({ from, to, grammarOf }: ProofInput): Promise<{ readonly from: Seen; readonly to: Seen }> {
  const stored = await from.request.store.read(nothingDeclared);
  const manifests = from.request.manifests.map((one) => one.kind);
  const kinds = new Set([...manifests, ...Object.keys(stored?.ledger.syncs ?? {}).map(kindOf)]);
  const [ours, theirs] = await Promise.all([look(from.request.provider, kinds), look(to.request.provider, kinds)]);
  const referred = new Set(
    ours.live.flatMap(({ kind, spec }) => heldIds(grammarOf(kind), spec).map((one) => one.space)),
  );
  const more = [...referred].filter((space) => from.request.provider.resources.has(space) && !kinds.has(space));
  const found = await Promise.all(more.map((kind) => bothOf(kind, from.request.provider, to.request.provider)));
  return { from: joined([ours, ...found.map((one) => one.from)]), to: joined([theirs, ...found.map((one) => one.to)]) };
}

const nothing: Seen = { live: [], things: [] };

/** A kind of which nothing is ours, at both APIs; nothing of it where one of them does not list it. */
async function bothOf(kind: string, from: Provider, to: Provider): Promise<{ readonly from: Seen; readonly to: Seen }> {
  try {
    const [ours, theirs] = await Promise.all([look(from, [kind]), look(to, [kind])]);
    return { from: ours, to: theirs };
  } catch (error) {
    if (error instanceof ProviderError && error.fate === 'refused') return { from: nothing, to: nothing };
    throw error;
  }
}

function joined(all: readonly Seen[]): Seen {
  return { live: all.flatMap((one) => one.live), things: all.flatMap((one) => one.things) };
}

/** Live things that an address holds, or that bear the label of a manifest that holds nothing, by key. */
function managedThings(
  { manifests, provider }: TargetRequest,
  { snapshot }: Planned,
  { live }: Seen,
): ReadonlyMap<Key, Address> {
  const managed = new Map(boundTo(snapshot.ledger));
  const traitsOf = traitsIn(provider);
  const wanted = new Map<string, Address>();
  for (const { kind, spec, address } of manifests) {
    const label = labelOf(traitsOf(kind), spec);
    const entry = snapshot.ledger?.syncs[address];
    if (label !== undefined && (entry?.id ?? null) === null) wanted.set(`${kind} ${label}`, address);
  }
  for (const { kind, id, label } of live) {
    const address = wanted.get(`${kind} ${label ?? ''}`);
    const key = keyOf(kind, id);
    if (address !== undefined && label !== undefined && !managed.has(key)) managed.set(key, address);
  }
  return managed;
}

interface Body {
  readonly kind: string;
  readonly spec: Spec;
}

/** What is live of ours, and what is to be. */
function bodies({ plan, snapshot }: Planned, managed: ReadonlyMap<Key, Address>): Body[] {
  const live = snapshot.live.filter(({ kind, id }) => managed.has(keyOf(kind, id)));
  const desired = plan.changes.flatMap(({ address, desired: spec }) =>
    spec === null ? [] : [{ kind: kindOf(address), spec }],
  );
  return [...live, ...desired];
}

/** What was applied last. */
function applied(ledger: Ledger | null): Body[] {
  return Object.entries(ledger?.syncs ?? {}).flatMap(([address, { spec, pending }]) =>
    [spec, pending?.spec ?? null].flatMap((one) => (one === null ? [] : [{ kind: kindOf(address), spec: one }])),
  );
}

interface Reported {
  readonly pair: PairedThing;
  /** Something of ours is, or refers to, that thing. */
  readonly needed: boolean;
}

/** Pairs as they are reported; of what only others refer to, none is. */
function reported(
  { pairs }: Pairing,
  managed: ReadonlyMap<Key, Address>,
  specs: readonly Body[],
  { grammarOf, from }: ProofInput,
): readonly Reported[] {
  const needs = new Set(
    specs.flatMap(({ kind, spec }) => heldIds(grammarOf(kind), spec).map((one) => `${one.space}#${one.id}`)),
  );
  return pairs.flatMap(({ space, from: id, to, grade, name }) => {
    const address = id === null ? null : (managed.get(keyOf(space, id)) ?? null);
    const isHeld = id !== null && needs.has(`${space}#${id}`);
    if (!isHeld && !from.request.provider.resources.has(space)) return [];
    const pair = { kind: space, address, from: id, to, grade, name: name ?? null };
    return [{ pair, needed: address !== null || isHeld }];
  });
}

/** Is a pair certain, written down by an earlier move, or does a person vouch for it by either of its ids? */
function isSure({ kind, from, to, grade }: PairedThing, { accepted, recorded }: ProofInput): boolean {
  if (grade === 'certain') return true;
  if (from !== null && to !== null && recorded.has(recordedKey(kind, from, to))) return true;
  return [from, to].some((id) => id !== null && accepted.has(`${kind}/${id}`));
}

/** Where what is live of ours is not the same at both APIs. */
function bodyDifferences(
  was: Planned,
  is: Planned,
  managed: ReadonlyMap<Key, Address>,
  { dictionary }: Pairing,
  grammarOf: ProofInput['grammarOf'],
  { provider }: TargetRequest,
): Difference[] {
  const there = new Map(is.snapshot.live.map((one) => [keyOf(one.kind, one.id), one]));
  return was.snapshot.live.flatMap(({ kind, id, spec }: Live) => {
    const address = managed.get(keyOf(kind, id));
    const other = there.get(keyOf(kind, dictionary.idOf(kind, id, undefined) ?? id));
    if (address === undefined || other === undefined) return [];
    const grammar = grammarOf(kind);
    const theirs = withoutOwn(grammar, other.spec);
    return specDifferences(
      resourceOf(provider, kind).traits,
      address,
      translated(grammar, spec, dictionary).spec,
      theirs,
    );
  });
}

function withoutOwn(grammar: Grammar, spec: Spec): Spec {
  return translated(grammar, spec, { idOf: (_, id) => id, knows: () => false, keeps: () => true }).spec;
}

/** Has anything been changed, made or deleted since the first reading? */
function isOther(first: Seen, { snapshot }: Planned): boolean {
  const read = new Set(snapshot.live.map((one) => one.kind));
  const [one, other] = [specsOf(first.live, read), specsOf(snapshot.live, read)];
  return one.size !== other.size || [...one].some(([key, spec]) => !equal(spec, other.get(key)));
}
