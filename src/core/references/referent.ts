import type { Referent } from '../../model/about.ts';
import { type Address, nameOf } from '../../model/address.ts';
import { type Json, type Pointer, type Spec, valueAt } from '../../model/json.ts';
import type { Ledger } from '../../model/ledger.ts';
import { type Key, keyOf, type Live, type NamedThing, type RemoteId } from '../../model/live.ts';
import type { KindTraits, Reference, TraitsOf } from '../../model/traits.ts';
import { idText } from '../spec/immutable.ts';
import { labelOf } from '../spec/label.ts';
import type { DeclaredIndex } from './declared.ts';
import { applies, awaited } from './fill.ts';
import { type Catalogue, type CollectionPart, partKey } from './names.ts';

/** Where it is looked up what an id or a name stands for. */
export interface Directory {
  readonly traitsOf: TraitsOf;
  readonly declared: DeclaredIndex;
  readonly byKey: ReadonlyMap<Key, Live>;
  /** The address that holds a live thing. */
  readonly boundTo: ReadonlyMap<Key, Address>;
  readonly ledger: Ledger | null;
  /** As far as it was read. */
  readonly catalogue: Catalogue;
}

/** What a reference stands for, and the collection that has its name if that was not read yet. */
export interface Found {
  readonly referent: Referent;
  readonly unread: CollectionPart | undefined;
}

const nobody: Found = { referent: { id: null, name: null, address: null }, unread: undefined };

/** What the reference whose id belongs to `into` stands for in this spec. What nobody knows of it is null. */
export function referentAt(directory: Directory, { references }: KindTraits, spec: Spec, into: Pointer): Found {
  const reference = references.find((one) => one.into === into && applies(one, spec));
  if (reference === undefined) return nobody;
  const value = valueAt(spec, into);
  const address = awaited(value);
  if (address !== undefined)
    return { ...nobody, referent: { id: null, name: declaredName(directory, address), address } };
  if (typeof value === 'string' || typeof value === 'number') return byId(directory, reference, spec, String(value));
  const name = valueAt(spec, reference.path);
  return typeof name === 'string' ? { ...nobody, referent: byName(directory, reference, name) } : nobody;
}

/** Told of a collection that has a name and was not read yet. */
export type Note = (part: CollectionPart) => void;

/** The name of an id at a place of a spec; undefined where it is no id, or nobody knows its name. */
export function nameOfId(
  directory: Directory,
  { traits, spec }: { readonly traits: KindTraits; readonly spec: Spec | undefined },
  path: Pointer,
  value: Json,
  note: Note,
): string | undefined {
  const isId = typeof value === 'string' || typeof value === 'number';
  if (!isId || spec === undefined || !traits.references.some(({ into }) => into === path)) return undefined;
  const { referent, unread } = referentAt(directory, traits, spec, path);
  if (referent.id !== String(value)) return undefined;
  if (unread !== undefined) note(unread);
  return referent.name ?? undefined;
}

function byId(directory: Directory, reference: Reference, spec: Spec, id: RemoteId): Found {
  const { manifest: kind, collection, within } = reference;
  const live = kind === undefined ? undefined : directory.byKey.get(keyOf(kind, id));
  const address = kind === undefined ? null : holderOf(directory, keyOf(kind, id), live);
  const known = live?.label ?? (address === null ? undefined : nameOf(address));
  if (known !== undefined) return { referent: { id, name: known, address }, unread: undefined };
  if (collection === undefined) return { referent: { id, name: null, address }, unread: undefined };
  const part = { collection, within: within === undefined ? undefined : valueAt(spec, within) };
  const things = directory.catalogue.get(partKey(part));
  const name = things === undefined ? undefined : namesIn(things).get(id);
  const isRead = directory.catalogue.has(partKey(part));
  return { referent: { id, name: name ?? null, address }, unread: isRead ? undefined : part };
}

/** Without a ledger a manifest holds what bears its label. */
function holderOf({ boundTo, ledger, declared }: Directory, key: Key, live: Live | undefined): Address | null {
  const held = boundTo.get(key);
  if (held !== undefined || ledger !== null || live?.label === undefined) return held ?? null;
  return declared.labelled(live.kind).get(live.label) ?? null;
}

function byName(directory: Directory, reference: Reference, name: string): Referent {
  const address = directory.declared.named(reference, name);
  if (address === undefined) return { id: null, name, address: null };
  const id = directory.ledger?.syncs[address]?.id ?? null;
  return { id, name: declaredName(directory, address), address };
}

/** The label that a manifest gives its thing, or else its own name. */
function declaredName({ declared, traitsOf }: Directory, address: Address): string {
  const manifest = declared.byAddress.get(address);
  return (manifest === undefined ? undefined : labelOf(traitsOf(manifest.kind), manifest.spec)) ?? nameOf(address);
}

/** Names of the things of a part, by id. */
const indexes = new WeakMap<readonly NamedThing[], ReadonlyMap<RemoteId, string>>();

function namesIn(things: readonly NamedThing[]): ReadonlyMap<RemoteId, string> {
  const known = indexes.get(things) ?? new Map(things.map(({ id, name }) => [idText(id), name]));
  indexes.set(things, known);
  return known;
}
