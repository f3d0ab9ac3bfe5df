import type { Address } from '../../model/address.ts';
import { hiding } from '../../model/hidden.ts';
import type { Spec } from '../../model/json.ts';
import type { Bound, Entry, Ledger, Run, RunAdopt, RunChange, RunForget } from '../../model/ledger.ts';
import { keyAt, keyOf, type RemoteId } from '../../model/live.ts';
import type { KindTraits } from '../../model/traits.ts';
import { apiOf, type RunHeader } from '../memory/begin.ts';
import { withoutIgnored } from '../plan/released.ts';
import { type DeclaredIndex, indexDeclared, withKnownIds } from '../references/declared.ts';
import { diff } from '../spec/diff.ts';
import { labelOf } from '../spec/label.ts';
import type { AdoptInput, Adoption } from './adopt.ts';

/** The ledger after an adoption. */
export interface Adopted {
  readonly ledger: Ledger;
  /** Addresses whose sync differs from its manifest, or may: the next plan shows it. */
  readonly differing: ReadonlySet<Address>;
}

/**
 * The ledger with addresses bound, and the run that records it. What agrees is recorded as applied, so that the next plan is
 * empty.
 */
export function adopted(input: AdoptInput, adoptions: readonly Adoption[], header: RunHeader): Adopted {
  const { traitsOf, ledger } = input;
  const syncs: Record<Address, Entry> = { ...ledger.syncs };
  for (const { from } of adoptions) if (from !== undefined) delete syncs[from];
  // First all ids, then the specs: a manifest may link to one that is bound by the same command.
  for (const { manifest, live } of adoptions) syncs[manifest.address] = bound(live.id);
  const listed = new Set(input.live.map((one) => keyOf(one.kind, one.id)));
  const declared = indexDeclared(input.manifests, traitsOf);
  const idOf = (address: Address) => {
    const id = syncs[address]?.id;
    return id != null && listed.has(keyAt(address, id)) ? id : undefined;
  };
  // Only a row that was recorded by hand gets here: whoever binds it takes that back.
  const dead = { ...ledger.dead };
  for (const { live } of adoptions) delete dead[keyOf(live.kind, live.id)];
  const changes: RunChange[] = [];
  const differing = new Set<Address>();
  for (const adoption of adoptions) {
    const { manifest, from } = adoption;
    const old = from === undefined ? undefined : ledger.syncs[from];
    const traits = traitsOf(manifest.kind);
    const agreed = agreedSpec({ traits, declared }, adoption, old?.spec ?? null, idOf);
    if (agreed === null) differing.add(manifest.address);
    const entry = entryOf(traits, adoption, old, agreed);
    syncs[manifest.address] = entry;
    changes.push(begun(manifest.address, entry));
    if (from !== undefined && old !== undefined) changes.push(ended(from, old));
  }
  return {
    ledger: { ...ledger, syncs, dead, runs: [...ledger.runs, finishedRun(ledger, header, changes)] },
    differing,
  };
}

/** A binding that moves takes its record and its protection along. */
function entryOf(traits: KindTraits, { manifest, live }: Adoption, old: Entry | undefined, agreed: Spec | null): Bound {
  const { protect, on_delete } = manifest.lifecycle;
  return {
    ...bound(live.id),
    spec: old?.spec ?? agreed,
    label: labelOf(traits, manifest.spec) ?? live.label ?? null,
    protect: protect || old?.protect === true,
    on_delete,
    ...hiding(manifest.lifecycle),
  };
}

/** A run of a command that sends nothing. */
export function finishedRun(ledger: Ledger, header: RunHeader, changes: readonly RunChange[]): Run {
  return { ...header, digest: null, status: 'applied', ...apiOf(ledger), changes };
}

/** What is the same in the record of every change that a command makes to the ledger alone. */
const byCommand = { status: 'applied', before: null, after: null, sends: false, retires: null } as const;

/** How a binding that begins by command stands in the record of its run. */
function begun(address: Address, entry: Bound): RunAdopt {
  const { id, label, protect, on_delete } = entry;
  return { action: 'adopt', address, id, label, ...byCommand, protect, on_delete, ...hiding(entry), release: false };
}

/** How a binding that ends by command stands there. */
export function ended(
  address: Address,
  entry: Pick<Entry, 'id' | 'label' | 'protect' | 'on_delete' | 'hide'>,
): RunForget {
  const { id, label, protect, on_delete } = entry;
  return { action: 'forget', address, id, label, ...byCommand, protect, on_delete, ...hiding(entry), release: true };
}

function bound(id: RemoteId): Bound {
  return {
    state: 'bound',
    id,
    spec: null,
    label: null,
    protect: false,
    on_delete: 'delete',
    pending: null,
    retires: null,
  };
}

/** The manifest's spec where the live sync certainly says the same, else null. */
function agreedSpec(
  { traits, declared }: { readonly traits: KindTraits; readonly declared: DeclaredIndex },
  { manifest, live }: Adoption,
  applied: Spec | null,
  idOf: (address: Address) => RemoteId | undefined,
): Spec | null {
  const linked = withKnownIds(traits, manifest.spec, declared, idOf);
  if (linked === undefined) return null;
  const spec = withoutIgnored(linked, manifest.lifecycle.ignore);
  return diff(traits, live.spec, spec, { applied, memory: true, names: manifest.names }).changes.length === 0
    ? spec
    : null;
}
