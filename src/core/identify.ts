import type { Address } from '../model/address.ts';
import type { Entry, Ledger } from '../model/ledger.ts';
import type { LiveSync, RemoteId } from '../model/live.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Action, BlockReason, Note } from '../model/plan.ts';
import type { KindTraits } from '../model/traits.ts';
import { labelOf } from './label.ts';
import { appearance, toldApart } from './look-alike.ts';

/** The live side and the ledger, indexed. */
export interface World {
  readonly liveById: ReadonlyMap<RemoteId, LiveSync>;
  /** Without tombstones and ghosts. */
  readonly byLabel: ReadonlyMap<string, readonly LiveSync[]>;
  /** By what the eye makes of their labels, likewise. */
  readonly byLook: ReadonlyMap<string, readonly LiveSync[]>;
  readonly boundTo: ReadonlyMap<RemoteId, Address>;
  /** Every address that a manifest declares, selected or not. */
  readonly declared: ReadonlyMap<Address, Manifest>;
  readonly ledger: Ledger | null;
}

/** What a declared address stands for on the live side. */
export type Binding =
  | { readonly kind: 'live'; readonly live: LiveSync; readonly entry: Entry | undefined; readonly adopt: boolean }
  | { readonly kind: 'new'; readonly note: Pick<Note, 'code' | 'message'> | undefined }
  | { readonly kind: 'blocked'; readonly wanted: Action; readonly reason: BlockReason; readonly hint: string };

interface Rules {
  readonly traits: KindTraits;
  readonly gone: ReadonlySet<RemoteId>;
  readonly settleSeconds: number;
  readonly suspects: ReadonlyMap<Address, readonly LiveSync[]>;
}

/** Syncs of other addresses that bear the label which an unbound manifest wants: their fate decides what it finds. */
export function rivals(rules: Pick<Rules, 'traits'>, world: World, manifest: Manifest): LiveSync[] {
  const entry = world.ledger?.syncs[manifest.address];
  const label = labelOf(rules.traits, manifest.spec);
  if (label === undefined || (entry?.id != null && world.liveById.has(entry.id))) return [];
  return (world.byLabel.get(label) ?? []).filter((one) => world.boundTo.has(one.id));
}

/**
 * Finds the sync of a manifest. A bound address goes by its id alone; labels matter only to unbound ones. Without a ledger
 * the label is the identity. `freed` are syncs that give up their label in this very plan.
 */
export function identify(rules: Rules, world: World, manifest: Manifest, freed: ReadonlySet<RemoteId>): Binding {
  const entry = world.ledger?.syncs[manifest.address];
  const rows = rules.suspects.get(manifest.address);
  const bound = entry?.id == null ? undefined : world.liveById.get(entry.id);
  if (rows !== undefined && bound !== undefined) return { kind: 'live', live: bound, entry, adopt: false };
  if (rows !== undefined) {
    const ids = rows.map((one) => one.id).join(', ');
    const message = `A create of an earlier run ended without success and may have left the row ${ids}, whole or as a ghost: apply asks, and makes a new sync only where it is a ghost.`;
    return byLabel(rules, world, manifest, new Set([...freed, ...rows.map((one) => one.id)]), {
      code: 'ghost',
      message,
    });
  }
  if (entry?.pending != null) return stillPending(rules, entry);
  if (entry?.id != null) {
    const live = world.liveById.get(entry.id);
    if (live !== undefined) return { kind: 'live', live, entry, adopt: false };
    const message = `The sync ${entry.id} that was bound to this address no longer exists; it is made again.`;
    return byLabel(rules, world, manifest, freed, { code: 'gone', message });
  }
  return byLabel(rules, world, manifest, freed, undefined);
}

function stillPending(rules: Rules, entry: Entry): Binding {
  const sent = entry.pending?.sent_at ?? 'an unknown time';
  const hint = `A create sent at ${sent} ended without a known outcome, and a slow server may still carry it out; run again ${rules.settleSeconds} s after that.`;
  return blocked('pending-create', hint);
}

function byLabel(
  rules: Rules,
  world: World,
  manifest: Manifest,
  freed: ReadonlySet<RemoteId>,
  note: Pick<Note, 'code' | 'message'> | undefined,
): Binding {
  const label = labelOf(rules.traits, manifest.spec);
  if (label === undefined) {
    const names = rules.traits.label.map((field) => `spec.${field}`).join(' and ');
    return blocked('needs-label', `Give ${names}: without a label a new sync could never be found again.`);
  }
  const bearers = (world.byLabel.get(label) ?? []).filter((one) => !freed.has(one.id));
  const [first] = bearers;
  const [alike] = first === undefined && world.ledger === null ? (world.byLook.get(appearance(label)) ?? []) : [];
  if (alike !== undefined) return blocked('label-taken', alikeHint(label, alike));
  if (first === undefined) return { kind: 'new', note };
  if (world.ledger === null) {
    if (bearers.length > 1) return blocked('twins', twinsHint(label, bearers));
    return { kind: 'live', live: first, entry: undefined, adopt: false };
  }
  return amongBearers(world, manifest, label, bearers);
}

/** With a ledger: live syncs bear the label, and this address is bound to none of them. */
function amongBearers(world: World, manifest: Manifest, label: string, bearers: readonly LiveSync[]): Binding {
  const free = bearers.filter((one) => !world.boundTo.has(one.id));
  const [first] = free;
  if (free.length > 1) return blocked('twins', twinsHint(label, free));
  const taken = bearers.find((one) => world.boundTo.has(one.id));
  if (taken !== undefined) {
    const owner = world.boundTo.get(taken.id) ?? '';
    return blocked(
      'label-taken',
      world.declared.has(owner)
        ? `The label "${label}" is borne by the sync ${taken.id} of ${owner}; give one of them another label.`
        : `The label "${label}" is borne by the sync ${taken.id}, bound to ${owner}, which no manifest declares. A manifest with a new name is a new address: \`syncline adopt ${manifest.address} --id ${taken.id}\` keeps the sync under it.`,
    );
  }
  if (first === undefined) return { kind: 'new', note: undefined };
  if (manifest.lifecycle.adopt) return { kind: 'live', live: first, entry: undefined, adopt: true };
  return blocked(
    'foreign',
    `The live sync ${first.id} already bears the label "${label}" and is not ours; \`lifecycle.adopt: true\` in the manifest or \`syncline adopt ${manifest.address}\` takes it over.`,
  );
}

function twinsHint(label: string, twins: readonly LiveSync[]): string {
  const ids = twins
    .map((one) => one.id)
    .sort()
    .join(', ');
  return `${twins.length} live syncs bear the label "${label}" (ids ${ids}); rename or delete all but one.`;
}

/** Without a memory nobody can tell a label that the service has written otherwise from one that somebody else wrote. */
function alikeHint(label: string, { id, label: other = '' }: LiveSync): string {
  const [own, theirs] = toldApart(label, other);
  return `The live sync ${id} bears the label "${theirs}", which looks like "${own}"; without a ledger it may be this one, as the service stored it. Write the label as it is there, or another one.`;
}

function blocked(reason: BlockReason, hint: string): Binding {
  return { kind: 'blocked', wanted: 'create', reason, hint };
}
