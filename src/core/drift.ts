import { type Address, kindOf } from '../model/address.ts';
import type { Drift, DriftField, DriftReport } from '../model/drift.ts';
import { type Hiding, hiding, shownValue } from '../model/hidden.ts';
import type { Json, Pointer, Spec } from '../model/json.ts';
import type { Entry, Ledger } from '../model/ledger.ts';
import { type Key, keyAt, type Live, type RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { KindTraits, TraitsOf } from '../model/traits.ts';
import { indexLive } from './live-index.ts';
import { withoutIgnored } from './plan/released.ts';
import { type DeclaredIndex, indexDeclared, withKnownIds } from './references/declared.ts';
import type { Chosen } from './selection.ts';
import { diff } from './spec/diff.ts';
import type { DiffOptions } from './spec/diff-walk.ts';
import { isImmutable, type Types } from './spec/immutable.ts';
import { labelOf } from './spec/label.ts';
import { byCodePoint } from './stable.ts';

/** Everything that a drift report depends on. */
export interface DriftInput {
  readonly traitsOf: TraitsOf;
  /** As in a plan. */
  readonly types: Types;
  /** Names resolved. */
  readonly manifests: readonly Manifest[];
  readonly live: readonly Live[];
  /** null: there is no memory. */
  readonly ledger: Ledger | null;
  /** Bound ids that the provider proved not to exist. */
  readonly gone: ReadonlySet<Key>;
  /** What is looked at. */
  readonly chosen: Chosen;
}

type Found = Omit<DriftReport, 'target' | 'selection'>;

/** What is not as the last apply left it; without a memory, what is not as declared. By address. */
export function findDrift(input: DriftInput): Found {
  const { drift, notes } = input.ledger === null ? fromManifests(input) : fromRecords(input, input.ledger);
  return { drift: [...drift].sort((first, second) => byCodePoint(first.address, second.address)), notes };
}

function fromRecords(input: DriftInput, ledger: Ledger): Found {
  const { byKey } = indexLive(input.live, null);
  const declared = indexDeclared(input.manifests, input.traitsOf);
  const idOf = (address: Address) => ledger.syncs[address]?.id ?? undefined;
  const bound = Object.entries(ledger.syncs).filter(([, entry]) => entry.id !== null);
  const hidden = new Map<Pointer, number>();
  const drift = bound.flatMap(([address, entry]): Drift[] => {
    // What a delete of ours has done to it is not told yet.
    if (!input.chosen.has(address) || entry.id === null || entry.state === 'deleting') return [];
    const key = keyAt(address, entry.id);
    const manifest = declared.byAddress.get(address);
    const sync = byKey.get(key);
    const label = entry.label ?? sync?.label ?? null;
    const found = { address, id: entry.id, label, origin: manifest?.origin ?? null };
    if (sync === undefined) return input.gone.has(key) ? [{ ...found, kind: 'gone', fields: [] }] : [];
    const known = { traits: input.traitsOf(sync.kind), declared };
    for (const path of hiddenIn(known, entry, sync, manifest)) hidden.set(path, (hidden.get(path) ?? 0) + 1);
    const fields = shownFields(changedSince(known, entry, sync, manifest, idOf), hiding(manifest?.lifecycle, entry));
    return fields.length === 0 ? [] : [{ ...found, kind: 'changed', fields }];
  });
  const nothing = 'The ledger binds nothing of this target yet, so there is nothing to compare with.';
  const { gone } = input;
  const lost = bound.filter(([address, entry]) => gone.has(keyAt(address, entry.id ?? ''))).length;
  const all = `All ${lost} that the ledger binds are gone, as the service also says in an outage or for a wrong token; if they are, \`syncline apply --force-creates N\` makes them again.`;
  const notes = bound.length === 0 ? [nothing] : lost >= 2 && lost === bound.length ? [all] : [];
  return { drift, notes: [...notes, ...hiddenNotes(hidden), ...stuckNotes(input, drift, byKey)] };
}

/** Fields that were applied and that no answer shows: whether they have changed nobody can tell. */
function hiddenIn({ traits }: Known, { spec }: Entry, live: Live, manifest: Manifest | undefined) {
  if (spec === null) return [];
  const ours = withoutIgnored(spec, manifest?.lifecycle.ignore ?? []);
  return diff(traits, live.spec, ours, { applied: spec, memory: true }).unreadable;
}

function hiddenNotes(hidden: ReadonlyMap<Pointer, number>): string[] {
  return [...hidden]
    .sort(([first], [second]) => byCodePoint(first, second))
    .map(
      ([path, count]) =>
        `${path} of ${count === 1 ? 'one manifest' : `${count} manifests`} cannot be read back and was not compared.`,
    );
}

/** What no apply puts back in place. */
function stuckNotes(
  { traitsOf, types }: Pick<DriftInput, 'traitsOf' | 'types'>,
  drift: readonly Drift[],
  byKey: ReadonlyMap<Key, Live>,
): string[] {
  return drift.flatMap(({ address, id, fields }) => {
    const sync = byKey.get(keyAt(address, id ?? ''));
    const known = { traits: traitsOf(kindOf(address)), types };
    const stuck = sync === undefined ? [] : fields.filter(({ path }) => isImmutable(known, sync, { path }));
    if (stuck.length === 0) return [];
    const paths = stuck.map(({ path }) => path).join(', ');
    return [
      `${address}: the API cannot change ${paths} in place, so apply only puts it back by a replace (lifecycle.replace: allow).`,
    ];
  });
}

/** What a kind means, and what the target declares. */
interface Known {
  readonly traits: KindTraits;
  readonly declared: DeclaredIndex;
}

/** What the live sync says otherwise than what was applied last, unless the manifest says the same or leaves it to others by now. */
function changedSince(
  { traits, declared }: Known,
  entry: Entry,
  live: Live,
  manifest: Manifest | undefined,
  idOf: (address: Address) => RemoteId | undefined,
): readonly DriftField[] {
  if (entry.spec === null) return [];
  const options = { applied: entry.spec, memory: true };
  const ignore = manifest?.lifecycle.ignore ?? [];
  const fields = differences(traits, live, withoutIgnored(entry.spec, ignore), options);
  if (fields.length === 0 || manifest === undefined) return fields;
  const wanted = withoutIgnored(withKnownIds(traits, manifest.spec, declared, idOf) ?? manifest.spec, ignore);
  const open = differences(traits, live, wanted, options).map((field) => field.path);
  return fields.filter(({ path }) => open.some((other) => isWithin(path, other) || isWithin(other, path)));
}

function differences(traits: KindTraits, live: Live, spec: Spec, options: DiffOptions): DriftField[] {
  return diff(traits, live.spec, spec, options).changes.map(({ path, from, to }) => ({ path, was: to, now: from }));
}

/** Not even the JSON of this report holds what is hidden: nothing is made from it. */
function shownFields(fields: readonly DriftField[], hidden: Hiding): readonly DriftField[] {
  const shown = (path: Pointer, value: Json) => shownValue(path, value, hidden);
  return fields.map(({ path, was, now }) => ({ path, was: shown(path, was), now: shown(path, now) }));
}

function isWithin(path: Pointer, other: Pointer): boolean {
  return path === other || path.startsWith(`${other}/`);
}

/** Nobody remembers what was applied: all there is to compare with is what is declared. */
function fromManifests(input: DriftInput): Found {
  const { bearers } = indexLive(input.live, null);
  const declared = indexDeclared(input.manifests, input.traitsOf);
  const idOf = (address: Address) => {
    const kind = kindOf(address);
    const label = labelOf(input.traitsOf(kind), declared.byAddress.get(address)?.spec ?? {});
    const found = label === undefined ? [] : bearers(kind, label);
    return found.length === 1 ? found[0]?.id : undefined;
  };
  const drift: Drift[] = [];
  const notes = [
    'Without a ledger nobody can tell which side changed: this is what differs between the manifests and what is live.',
  ];
  for (const manifest of input.manifests) {
    const { address } = manifest;
    const traits = input.traitsOf(manifest.kind);
    const label = labelOf(traits, manifest.spec);
    if (!input.chosen.has(address)) continue;
    if (label === undefined) {
      notes.push(`${address} has no label, so its ${traits.noun} cannot be found.`);
      continue;
    }
    const found = bearers(manifest.kind, label);
    if (found.length > 1) notes.push(`${address}: ${twins(traits.noun, label, found)}`);
    else drift.push(...unlike({ traits, declared }, manifest, label, found[0], idOf));
  }
  return { drift, notes };
}

/** What differs between a manifest and the one sync that bears its label, if there is one. */
function unlike(
  { traits, declared }: Known,
  manifest: Manifest,
  label: string,
  sync: Live | undefined,
  idOf: (address: Address) => RemoteId | undefined,
): readonly Drift[] {
  const { address, origin, lifecycle } = manifest;
  if (sync === undefined) return [{ address, id: null, label, kind: 'gone', fields: [], origin }];
  const spec = withoutIgnored(withKnownIds(traits, manifest.spec, declared, idOf) ?? manifest.spec, lifecycle.ignore);
  const differing = differences(traits, sync, spec, { applied: null, memory: false });
  const fields = shownFields(differing, lifecycle);
  return fields.length === 0 ? [] : [{ address, id: sync.id, label, kind: 'changed', fields, origin }];
}

function twins(noun: string, label: string, found: readonly Live[]): string {
  const ids = found.map((one) => one.id).join(', ');
  return `${found.length} live ${noun}s have the label "${label}" (ids ${ids}), and none of them was compared.`;
}
