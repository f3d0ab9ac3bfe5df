import { type Address, kindOf } from '../../model/address.ts';
import { hiding, shownSpec } from '../../model/hidden.ts';
import { type Json, type Spec, valueAt } from '../../model/json.ts';
import type { Entry } from '../../model/ledger.ts';
import { type Key, keyAt, keyOf, type Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Plan } from '../../model/plan.ts';
import type { Details, Protection, Referred, Touch, Wanted } from '../../model/status.ts';
import type { Reference } from '../../model/traits.ts';
import { applies } from '../references/fill.ts';
import { labelOf } from '../spec/label.ts';
import { byCodePoint } from '../stable.ts';
import { heldBy, protectGlobs, type StatusIndex, type StatusInput } from './status.ts';

/** What is known of addresses beside what is declared and live. */
export interface Beside {
  /** What a plan of them says; undefined where none could be made. */
  readonly plan: Plan | undefined;
  /** What the last runs did with each of them, newest first. */
  readonly runs: ReadonlyMap<Address, readonly Touch[]>;
}

/** Everything that is known of an address. */
export function detailsOf(input: StatusInput, index: StatusIndex, address: Address, { plan, runs }: Beside): Details {
  const manifest = index.declared.byAddress.get(address);
  const entry = input.ledger?.syncs[address];
  const traits = input.traitsOf(kindOf(address));
  const id = heldBy(input, index, address);
  const live = id === null ? undefined : index.live.byKey.get(keyAt(address, id));
  const pending = entry?.pending ?? null;
  return {
    spec: manifest === undefined ? null : shownSpec(manifest.spec, hiding(manifest.lifecycle, entry)),
    lifecycle: manifest?.lifecycle ?? null,
    protection: protections(input, address, manifest, entry),
    labels: {
      declared: (manifest === undefined ? undefined : labelOf(traits, manifest.spec)) ?? null,
      live: live?.label ?? null,
      applied: entry?.label ?? null,
    },
    pending: pending === null ? null : { label: pending.label, sent_at: pending.sent_at },
    retires: entry?.retires ?? null,
    refers_to: referredIn(input, index, kindOf(address), manifest?.spec ?? live?.spec ?? {}),
    referred_by: referrersOf(input, index, address),
    plan: plan === undefined ? null : wantedIn(plan, address),
    runs: runs.get(address) ?? [],
  };
}

function protections(
  input: StatusInput,
  address: Address,
  manifest: Manifest | undefined,
  entry: Entry | undefined,
): readonly Protection[] {
  return [
    ...(manifest?.lifecycle.protect === true ? [{ by: 'manifest', glob: null } as const] : []),
    ...(entry?.protect === true ? [{ by: 'ledger', glob: null } as const] : []),
    ...protectGlobs(input, address).map((glob) => ({ by: 'target', glob }) as const),
  ];
}

function wantedIn({ changes, blocked }: Plan, address: Address): Wanted {
  const bare = (fields: Plan['changes'][number]['fields']) => fields.map(({ path, cause }) => ({ path, cause }));
  const change = changes.find((one) => one.address === address);
  if (change !== undefined) return { action: change.action, blocked: null, fields: bare(change.fields) };
  const held = blocked.find((one) => one.address === address);
  if (held === undefined) return { action: 'none', blocked: null, fields: [] };
  const { wanted: action, reason, hint, fields } = held;
  return { action, blocked: { reason, hint }, fields: bare(fields) };
}

function referredIn(input: StatusInput, index: StatusIndex, kind: string, spec: Spec): readonly Referred[] {
  return input.traitsOf(kind).references.flatMap((reference): Referred[] => {
    const place = placeIn(reference, spec);
    if (place === undefined) return [];
    return [{ path: place.path, name: String(place.value), address: meant(index, reference, place) ?? null }];
  });
}

/** Where a spec says what a reference refers to, by name or by id. */
interface Place {
  readonly path: string;
  readonly value: string | number;
  readonly isName: boolean;
}

function placeIn(reference: Reference, spec: Spec): Place | undefined {
  const isWord = (value: Json | undefined) => typeof value === 'string' || typeof value === 'number';
  const { path, into } = reference;
  const [name, id] = [valueAt(spec, path), valueAt(spec, into)];
  if (!applies(reference, spec)) return undefined;
  if (isWord(name) && path !== into) return { path, value: name as string | number, isName: true };
  return isWord(id) ? { path: into, value: id as string | number, isName: false } : undefined;
}

/** The address that a reference means; undefined where no address holds or declares it. */
function meant({ live, declared }: StatusIndex, reference: Reference, place: Place): Address | undefined {
  const { manifest: kind } = reference;
  if (kind === undefined) return undefined;
  if (!place.isName) return live.boundTo.get(keyOf(kind, String(place.value)));
  const address = declared.named(reference, String(place.value));
  return address !== undefined && declared.byAddress.has(address) ? address : undefined;
}

/** Who refers to an address: as declared, and what no manifest declares as it is live. */
function referrersOf(input: StatusInput, index: StatusIndex, address: Address): readonly string[] {
  const found = new Set<string>();
  const owned = new Map<Key, Address>();
  for (const { address: own } of input.manifests) {
    const id = heldBy(input, index, own);
    if (id !== null) owned.set(keyAt(own, id), own);
  }
  const id = heldBy(input, index, address);
  const refers = (kind: string, spec: Spec) =>
    input.traitsOf(kind).references.some((reference) => {
      if (reference.manifest !== kindOf(address)) return false;
      const place = placeIn(reference, spec);
      if (place === undefined) return false;
      return meant(index, reference, place) === address || (!place.isName && id !== null && String(place.value) === id);
    });
  for (const { address: own, kind, spec } of input.manifests) if (own !== address && refers(kind, spec)) found.add(own);
  for (const one of input.live) {
    const key = keyOf(one.kind, one.id);
    if (owned.has(key) || input.ledger?.dead[key] !== undefined || !refers(one.kind, one.spec)) continue;
    found.add(index.live.boundTo.get(key) ?? spoken(input, one));
  }
  found.delete(address);
  return [...found].sort(byCodePoint);
}

function spoken({ traitsOf }: StatusInput, { kind, id, label }: Live): string {
  return `the ${traitsOf(kind).noun} ${id}${label === undefined ? '' : ` ("${label}")`}`;
}
