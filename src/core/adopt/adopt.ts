import { type Address, nameOf } from '../../model/address.ts';
import type { Origin } from '../../model/diagnostic.ts';
import { Exit, type ExitCode } from '../../model/errors.ts';
import type { Entry, Ledger } from '../../model/ledger.ts';
import { keyAt, keyOf, type Live, type RemoteId } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Capabilities } from '../../model/provider.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import { indexLive, type LiveIndex } from '../live-index.ts';
import { labelOf } from '../spec/label.ts';
import { isManaged, strangeness } from '../spec/managed.ts';

/** What an adoption is decided from. */
export interface AdoptInput {
  readonly traitsOf: TraitsOf;
  /** Of the target, names resolved. */
  readonly manifests: readonly Manifest[];
  /** What is to be adopted must be whole in it. */
  readonly live: readonly Live[];
  readonly ledger: Ledger;
  readonly deletionsOf: (kind: string) => Capabilities['deletions'];
}

/** A binding to be recorded. */
export interface Adoption {
  readonly kind: 'adopt';
  readonly manifest: Manifest;
  readonly live: Live;
  /** The address, declared no more, that the sync was bound to until now. */
  readonly from: Address | undefined;
}

/** Why an address is not bound: one sentence of fact, one of help. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly exit: ExitCode;
}

export type Verdict = Adoption | { readonly kind: 'bound'; readonly id: RemoteId } | Refusal;

/** An address that a search by label has left alone, and why. */
export interface Left {
  readonly address: Address;
  readonly reason: string;
}

/** What a search by label comes to. */
export interface Matches {
  readonly adoptions: readonly Adoption[];
  readonly left: readonly Left[];
  /** Unbound manifests whose label no live sync bears. */
  readonly unmatched: readonly Address[];
}

/** The live side and the ledger, indexed. */
type AdoptIndex = AdoptInput & LiveIndex;

function adoptIndexOf(input: AdoptInput): AdoptIndex {
  return { ...input, ...indexLive(input.live, input.ledger) };
}

function ownerOf({ boundTo }: AdoptIndex, { kind, id }: Live): Address | undefined {
  return boundTo.get(keyOf(kind, id));
}

/** May this address be bound to the one sync that bears its label? */
export function adoptByLabel(input: AdoptInput, manifest: Manifest): Verdict {
  return byLabel(adoptIndexOf(input), manifest);
}

/** Every declared, unbound manifest with exactly one unbound bearer of its label. */
export function adoptMatching(input: AdoptInput): Matches {
  const index = adoptIndexOf(input);
  const adoptions: Adoption[] = [];
  const left: Left[] = [];
  const unmatched: Address[] = [];
  for (const manifest of input.manifests) {
    const verdict = byLabel(index, manifest);
    if (verdict.kind === 'adopt') adoptions.push(verdict);
    else if (verdict.kind === 'bound') continue;
    else if (verdict.code === noBearer) unmatched.push(manifest.address);
    else left.push({ address: manifest.address, reason: `${verdict.message} ${verdict.hint}` });
  }
  return { adoptions, left, unmatched };
}

const noBearer = 'no-match';

function byLabel(index: AdoptIndex, manifest: Manifest): Verdict {
  const { address, kind } = manifest;
  const traits = index.traitsOf(kind);
  const { noun } = traits;
  const entry = index.ledger.syncs[address];
  if (entry?.id != null) return { kind: 'bound', id: entry.id };
  if (entry !== undefined) return pendingCreate(address, entry);
  const label = labelOf(traits, manifest.spec);
  if (label === undefined)
    return refused('needs-label', `${address} has no label to find its ${noun} by.`, give(address), Exit.invalid);
  const bearers = index.bearers(kind, label);
  const owned = bearers.find((one) => ownerOf(index, one) !== undefined);
  if (owned !== undefined) return labelTaken(index, manifest, label, owned);
  const [only] = bearers;
  if (only === undefined) {
    const hint = `\`syncline apply\` makes it; a ${noun} with another label is taken by ${command(address)}.`;
    return refused(noBearer, `No live ${noun} has the label "${label}".`, hint, Exit.invalid);
  }
  if (bearers.length === 1) return strange(traits, only) ?? { kind: 'adopt', manifest, live: only, from: undefined };
  const ids = bearers.map((one) => one.id).join(', ');
  const message = `${bearers.length} live ${noun}s have the label "${label}" (ids ${ids}).`;
  return refused('twins', message, give(address), Exit.invalid);
}

/** Why a thing can be nobody's here; undefined where it can. */
function strange(traits: KindTraits, live: Live): Refusal | undefined {
  if (isManaged(traits, live)) return undefined;
  const message = `The ${traits.noun} ${live.id} has ${strangeness(traits, live)}, and Syncline cannot manage it.`;
  return refused('foreign', message, 'Give the manifest another label.', Exit.refused);
}

/** A sync that another address has may be the very one that this manifest was renamed from: only a person can tell. */
function labelTaken(index: AdoptIndex, { address, kind }: Manifest, label: string, live: Live): Refusal {
  const { id } = live;
  const owner = ownerOf(index, live) ?? '';
  const { noun } = index.traitsOf(kind);
  const message = `The ${noun} ${id}, which has the label "${label}", is bound to ${owner}.`;
  const hint = isDeclared(index, owner)
    ? 'Give one of the two manifests another label.'
    : `No manifest declares ${owner}. If this is its new name, say so here: \`moved_from: ${nameOf(owner)}\` keeps the ${noun} under it; \`syncline adopt ${address} --id ${id}\` moves the binding without it.`;
  return refused('label-taken', message, hint, Exit.refused);
}

function pendingCreate(address: Address, { pending }: Entry): Refusal {
  const sent = pending?.sent_at ?? 'an unknown time';
  const message = `A create of ${address}, sent at ${sent}, was never answered and may still be carried out.`;
  return refused('pending-create', message, `Run \`syncline apply\` later, or ${lower(give(address))}`, Exit.refused);
}

/** May this address be bound to this very sync? Its label may be another one, and a person may have recorded it as dead. */
export function adoptById(input: AdoptInput, manifest: Manifest, id: RemoteId): Verdict {
  const index = adoptIndexOf(input);
  const { address, kind } = manifest;
  const traits = index.traitsOf(kind);
  const { noun } = traits;
  const key = keyAt(address, id);
  const dead = index.ledger.dead[key];
  // Where deletions show, being listed disproves the record of one.
  const isAlive = input.deletionsOf(kind) === 'visible' && dead?.reason !== 'ghost' && index.byKey.has(key);
  if (dead !== undefined && dead.reason !== 'by-hand' && !isAlive) {
    const what = dead.reason === 'ghost' ? `is no ${noun}` : 'no longer exists';
    const message = `The ${noun} ${id} ${what}: the ledger has recorded it as dead (${dead.reason}).`;
    return refused('dead', message, 'Give the id of another one.', Exit.refused);
  }
  const live = index.byKey.get(key);
  if (live === undefined)
    return refused(`unknown-${noun}`, `There is no live ${noun} ${id}.`, 'Check the id and the target.', Exit.invalid);
  const entry = index.ledger.syncs[address];
  if (entry?.id === id) return { kind: 'bound', id };
  if (entry?.id != null) {
    const hint = `If you mean that, unbind it first: syncline forget ${address}.`;
    return refused('already-bound', `${address} is bound to the ${noun} ${entry.id}.`, hint, Exit.refused);
  }
  const from = index.boundTo.get(key);
  const doubt = from === undefined ? undefined : unmovable(index, manifest, id, from);
  return doubt ?? strange(traits, live) ?? { kind: 'adopt', manifest, live, from };
}

/** Why a binding cannot leave its address. */
function unmovable(index: AdoptIndex, manifest: Manifest, id: RemoteId, from: Address): Refusal | undefined {
  const { noun } = index.traitsOf(manifest.kind);
  const owner = index.manifests.find((one) => one.address === from);
  if (owner !== undefined) {
    const message = `The ${noun} ${id} is bound to ${from} (${place(owner.origin)}), and ${manifest.address} (${place(manifest.origin)}) wants it too.`;
    return refused('two-claimants', message, 'Remove one of the two manifests.', Exit.refused);
  }
  const entry = index.ledger.syncs[from];
  if (entry?.state === 'bound' && entry.pending === null) return undefined;
  const message = `The ${noun} ${id} is bound to ${from}, where an earlier run has left a change unfinished.`;
  return refused('unfinished', message, 'Let `syncline apply` finish it first.', Exit.refused);
}

function isDeclared(index: AdoptIndex, address: Address): boolean {
  return index.manifests.some((one) => one.address === address);
}

function refused(code: string, message: string, hint: string, exit: ExitCode): Refusal {
  return { kind: 'refused', code, message, hint, exit };
}

function command(address: Address): string {
  return `\`syncline adopt ${address} --id N\``;
}

function give(address: Address): string {
  return `Give its id: ${command(address)}.`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function place({ file, line }: Origin): string {
  return `${file}:${line}`;
}
