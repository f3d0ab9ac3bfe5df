import { type Address, kindOf, nameOf } from '../../model/address.ts';
import type { Entry, Ledger } from '../../model/ledger.ts';
import { type Key, keyAt, keyOf, type Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Action, BlockReason, Note } from '../../model/plan.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import type { LiveIndex } from '../live-index.ts';
import { toldApart } from '../look-alike.ts';
import type { DeclaredIndex } from '../references/declared.ts';
import { labelOf } from '../spec/label.ts';
import { isManaged, strangeness } from '../spec/managed.ts';

/** The live side, the manifests and the ledger, indexed. */
export interface PlanIndex extends LiveIndex {
  /** Every manifest, selected or not. */
  readonly declared: DeclaredIndex;
  readonly ledger: Ledger | null;
}

/** What a declared address stands for on the live side. */
export type Binding =
  | { readonly kind: 'live'; readonly live: Live; readonly entry: Entry | undefined; readonly adopt: boolean }
  | { readonly kind: 'new'; readonly label: string; readonly note: Pick<Note, 'code' | 'message'> | undefined }
  | { readonly kind: 'blocked'; readonly wanted: Action; readonly reason: BlockReason; readonly hint: string };

interface Rules {
  readonly traitsOf: TraitsOf;
  readonly settleSeconds: number;
  readonly suspects: ReadonlyMap<Address, readonly Live[]>;
}

/** Things of other addresses that have the label which an unbound manifest wants: their fate decides what it finds. */
export function rivals(rules: Pick<Rules, 'traitsOf'>, index: PlanIndex, manifest: Manifest): Live[] {
  const label = labelOf(rules.traitsOf(manifest.kind), manifest.spec);
  if (label === undefined || boundLive(index, manifest.address) !== undefined) return [];
  return index.bearers(manifest.kind, label).filter((one) => ownerOf(index, one) !== undefined);
}

/** The live thing that an address is bound to; undefined where it is bound to none, or to one that is gone. */
export function boundLive({ ledger, byKey }: PlanIndex, address: Address): Live | undefined {
  const id = ledger?.syncs[address]?.id;
  return id == null ? undefined : byKey.get(keyAt(address, id));
}

function ownerOf({ boundTo }: PlanIndex, { kind, id }: Live): Address | undefined {
  return boundTo.get(keyOf(kind, id));
}

/**
 * What a manifest stands for. A bound address goes by its id alone; labels matter only to unbound ones. Without a ledger
 * the label is the identity. `freed` are things that give up their label in this very plan.
 */
export function identify(rules: Rules, index: PlanIndex, manifest: Manifest, freed: ReadonlySet<Key>): Binding {
  const entry = index.ledger?.syncs[manifest.address];
  const rows = rules.suspects.get(manifest.address);
  const bound = boundLive(index, manifest.address);
  if (rows !== undefined && bound !== undefined) return { kind: 'live', live: bound, entry, adopt: false };
  if (rows !== undefined) {
    const ids = rows.map((one) => one.id).join(', ');
    const message = `A create of an earlier run ended without success and may have left the row ${ids}, whole or as a ghost: apply checks that row, and makes a new one only if it is a ghost.`;
    const without = new Set([...freed, ...rows.map((one) => keyOf(one.kind, one.id))]);
    return byLabel(rules, index, manifest, without, { code: 'ghost', message });
  }
  if (entry?.pending != null) return stillPending(rules, entry);
  if (bound !== undefined) return { kind: 'live', live: bound, entry, adopt: false };
  if (entry?.id != null) {
    const { noun } = rules.traitsOf(manifest.kind);
    const message = `The ${noun} ${entry.id} that was bound to this address no longer exists; it is made again.`;
    return byLabel(rules, index, manifest, freed, { code: 'gone', message });
  }
  return byLabel(rules, index, manifest, freed, undefined);
}

function stillPending(rules: Rules, entry: Entry): Binding {
  const sent = entry.pending?.sent_at ?? 'an unknown time';
  const hint = `A create sent at ${sent} ended without a known outcome, and the server may still carry it out; run again ${rules.settleSeconds} s after that.`;
  return blocked('pending-create', hint);
}

function byLabel(
  rules: Rules,
  index: PlanIndex,
  manifest: Manifest,
  freed: ReadonlySet<Key>,
  note: Pick<Note, 'code' | 'message'> | undefined,
): Binding {
  const { kind, spec } = manifest;
  const traits = rules.traitsOf(kind);
  const label = labelOf(traits, spec);
  if (label === undefined) {
    return blocked('needs-label', unlabelledHint(traits, index, manifest));
  }
  const bearers = index.bearers(kind, label).filter((one) => !freed.has(keyOf(one.kind, one.id)));
  const [first] = bearers;
  const [alike] = first === undefined && index.ledger === null ? index.alike(kind, label) : [];
  if (alike !== undefined) return blocked('label-taken', alikeHint(traits, label, alike));
  if (first === undefined) return fresh(traits, index, manifest, { kind: 'new', label, note });
  const strange = bearers.find((one) => !isManaged(traits, one));
  if (strange !== undefined) return blocked('foreign', strangeHint(traits, label, strange));
  if (index.ledger === null) {
    if (bearers.length > 1) return blocked('twins', twinsHint(traits, label, bearers));
    return { kind: 'live', live: first, entry: undefined, adopt: false };
  }
  return amongBearers(traits, index, manifest, bearers);
}

/** With a ledger: live things have the label, and this address is bound to none of them. */
function amongBearers(traits: KindTraits, index: PlanIndex, manifest: Manifest, bearers: readonly Live[]): Binding {
  const { noun } = traits;
  const label = labelOf(traits, manifest.spec) ?? '';
  const free = bearers.filter((one) => ownerOf(index, one) === undefined);
  const [first] = free;
  if (free.length > 1) return blocked('twins', twinsHint(traits, label, free));
  const taken = bearers.find((one) => ownerOf(index, one) !== undefined);
  if (taken !== undefined) {
    const owner = ownerOf(index, taken) ?? '';
    return blocked(
      'label-taken',
      index.declared.byAddress.has(owner)
        ? `The label "${label}" is used by the ${noun} ${taken.id} of ${owner}; give one of them another label.`
        : `The label "${label}" is used by the ${noun} ${taken.id}, bound to ${owner}, which no manifest declares. If this is its new name, say so here: \`moved_from: ${nameOf(owner)}\` keeps the ${noun} under it.`,
    );
  }
  if (first === undefined) return fresh(traits, index, manifest, { kind: 'new', label, note: undefined });
  if (manifest.lifecycle.adopt) return { kind: 'live', live: first, entry: undefined, adopt: true };
  return blocked(
    'foreign',
    `The live ${noun} ${first.id} already has the label "${label}", and Syncline does not own it; \`lifecycle.adopt: true\` in the manifest or \`syncline adopt ${manifest.address}\` takes it over.`,
  );
}

/** A new thing, unless what had this name has another one by now that nobody declares here: a checkout from before would make it twice. */
function fresh({ noun }: KindTraits, index: PlanIndex, { address, kind }: Manifest, binding: Binding): Binding {
  const name = nameOf(address);
  const heir = Object.entries(index.ledger?.meta.moved ?? {}).find(
    ([to, { names }]) =>
      kindOf(to) === kind &&
      names.includes(name) &&
      index.ledger?.syncs[to] !== undefined &&
      !index.declared.byAddress.has(to),
  )?.[0];
  if (heir === undefined) return binding;
  const id = index.ledger?.syncs[heir]?.id;
  const thing = id == null ? 'What was bound to it' : `The ${noun} ${id} that was bound to it`;
  const hint = `${thing} is ${heir} by now, which no manifest declares: an older checkout would make it twice. Merge the change that renamed it; if a second ${noun} is meant, delete ${heir} with --prune or let it go with \`syncline forget ${heir}\` first.`;
  return blocked('depends', hint);
}

/** What may be live already comes first: a label would lead to a second one. */
function unlabelledHint({ label, noun }: KindTraits, index: PlanIndex, { address }: Manifest): string {
  const names = label.map((field) => `spec.${field}`).join(' and ');
  const bind =
    index.ledger === null ? '' : `If the ${noun} is live already, \`syncline adopt ${address} --id N\` binds it. `;
  return `${bind}To make a new one, give it ${names}: without a label, Syncline could not find the new ${noun} again.`;
}

function strangeHint(traits: KindTraits, label: string, live: Live): string {
  return `The live ${traits.noun} ${live.id}, with ${strangeness(traits, live)}, already has the label "${label}", and Syncline cannot manage it; give this one another label.`;
}

function twinsHint({ noun }: KindTraits, label: string, twins: readonly Live[]): string {
  const ids = twins
    .map((one) => one.id)
    .sort()
    .join(', ');
  return `${twins.length} live ${noun}s have the label "${label}" (ids ${ids}); rename or delete all but one.`;
}

/** Without a memory nobody can tell a label that the service has written otherwise from one that somebody else wrote. */
function alikeHint({ noun }: KindTraits, label: string, { id, label: other = '' }: Live): string {
  const [own, theirs] = toldApart(label, other);
  return `The live ${noun} ${id} has the label "${theirs}", which looks like "${own}"; without a ledger it may be this one, as the service stored it. Write the label as it is there, or another one.`;
}

function blocked(reason: BlockReason, hint: string): Binding {
  return { kind: 'blocked', wanted: 'create', reason, hint };
}
