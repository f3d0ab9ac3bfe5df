import { type Address, nameOf as manifestName } from '../../model/address.ts';
import { type Json, type Pointer, type Spec, valueAt, withValueAt } from '../../model/json.ts';
import type { Key } from '../../model/live.ts';
import { keyOf, type NamedThing } from '../../model/live.ts';
import type { KindTraits, Reference } from '../../model/traits.ts';
import type { DeclaredIndex } from '../references/declared.ts';
import { applies, idAt } from '../references/fill.ts';
import { joiningEnds, plainId, withoutJoining } from '../references/joined.ts';
import { type Catalogue, type CollectionPart, partKey } from '../references/names.ts';

/** Where it is looked up what an id is called. */
export interface NameBook {
  readonly catalogue: Catalogue;
  /** What manifests declare once everything is written. */
  readonly declared: DeclaredIndex;
  /** The address of each thing that is bound then. */
  readonly boundTo: ReadonlyMap<Key, Address>;
  /** What waits for itself on the live side, if only through others: manifests must not name each other in a circle. */
  readonly circular: ReadonlySet<string>;
}

/** The collections that have the names of what a spec refers to by its id. */
export function partsNamedIn({ references }: KindTraits, spec: Spec): readonly CollectionPart[] {
  return references.flatMap((reference) => {
    const isSaid = [reference.into, ...(reference.joins ?? [])].some(
      (path) => plainId(valueAt(spec, path)) !== undefined,
    );
    if (reference.collection === undefined || !isSaid || !applies(reference, spec)) return [];
    return [partOf(reference, spec)];
  });
}

function partOf({ collection = '', within }: Reference, spec: Spec): CollectionPart {
  return { collection, within: within === undefined ? undefined : valueAt(spec, within) };
}

/**
 * The spec with a name in the place of each id, where the name means that very thing and nothing else; else the id stays. What joins
 * two things is said by its id where their names do not tell which one is meant, or where the manifest has said it before, which
 * stands as `written`.
 */
export function withReferenceNames(
  { references }: KindTraits,
  spec: Spec,
  book: NameBook,
  written: Spec | undefined,
): Spec {
  const named = references.reduce((rest, reference) => {
    // Scopes are told by ids, which the spec itself still has.
    const name = reference.joins === undefined ? nameFor(reference, spec, book) : undefined;
    return name === undefined ? rest : said(reference, rest, name);
  }, spec);
  return references.reduce((rest, reference) => {
    const { joins = [], path, into } = reference;
    const id = joiningId(reference, spec, book);
    const ends = references.filter((one) => one.joint !== undefined && joins.includes(one.into));
    const isWritten = (at: Pointer) => typeof valueAt(written, at) === 'string';
    if (id === undefined || !(isWritten(path) || isWritten(into) || ends.some((end) => hasTwin(end, spec, book))))
      return rest;
    const called = (end: Reference) => (isWritten(end.path) ? nameOf(end, spec, book) : undefined);
    return said(
      reference,
      ends.reduce((less, end) => said(end, less, called(end)), rest),
      id,
    );
  }, named);
}

/** The id of what joins the things that a spec refers to; undefined where the spec does not tell it. */
function joiningId(reference: Reference, spec: Spec, { catalogue }: NameBook): string | undefined {
  const { joins } = reference;
  if (joins === undefined) return undefined;
  const [only, ...others] = joiningEnds(joins, spec, catalogue.get(partKey(partOf(reference, spec))) ?? []);
  return idAt(reference, spec) ?? (only === undefined || others.length > 0 ? undefined : textOf(only.id));
}

/** The spec without ids of what joins two things that nothing else joins. */
export function withEndsAlone({ references }: KindTraits, spec: Spec, { catalogue }: NameBook): Spec {
  return references.reduce((rest, reference) => {
    const things = reference.joins === undefined ? [] : (catalogue.get(partKey(partOf(reference, rest))) ?? []);
    return reference.joins === undefined ? rest : withoutJoining(reference, reference.joins, rest, things);
  }, spec);
}

/** The spec with a name, or nothing, in the place of an id. */
function said({ path, into }: Reference, spec: Spec, name: string | undefined): Spec {
  return withValueAt(withValueAt(spec, into, undefined), path, name);
}

/** What a thing is called, whether or not others are called so too. */
function nameOf(reference: Reference, spec: Spec, book: NameBook): string | undefined {
  return ownIn(reference, spec, book)[0]?.name;
}

/** Does another thing of the same parent bear the name, or the id, of what a spec refers to? */
function hasTwin(reference: Reference, spec: Spec, book: NameBook): boolean {
  const own = ownIn(reference, spec, book);
  const things = book.catalogue.get(partKey(partOf(reference, spec))) ?? [];
  return own.length > 1 || own.some((one) => things.some((other) => other !== one && other.name === one.name));
}

/** The things with the id that a spec refers to. */
function ownIn(reference: Reference, spec: Spec, { catalogue }: NameBook): readonly NamedThing[] {
  const id = idAt(reference, spec);
  const things = catalogue.get(partKey(partOf(reference, spec))) ?? [];
  return id === undefined ? [] : things.filter((one) => textOf(one.id) === id);
}

function nameFor(reference: Reference, spec: Spec, book: NameBook): string | undefined {
  const id = idAt(reference, spec);
  if (id === undefined) return undefined;
  const { manifest: kind, collection } = reference;
  const address = kind === undefined ? undefined : book.boundTo.get(keyOf(kind, id));
  if (collection === undefined) {
    const isNamed = address !== undefined && book.declared.byAddress.has(address) && !book.circular.has(address);
    return isNamed ? manifestName(address) : undefined;
  }
  const things = book.catalogue.get(partKey(partOf(reference, spec))) ?? [];
  const name = onlyName(things, id);
  if (name === undefined) return undefined;
  // What a manifest declares under this name is meant first.
  const meant = book.declared.named(reference, name);
  return meant === undefined || meant === address ? name : undefined;
}

/** The name of a thing, where no other one bears it. */
function onlyName(things: readonly NamedThing[], id: string): string | undefined {
  const name = nameBook(things).get(id);
  return name === undefined || name === '' ? undefined : name;
}

const books = new WeakMap<readonly NamedThing[], ReadonlyMap<string, string>>();

/** By id, names that one thing alone bears. Thousands of manifests look things up on the same list. */
function nameBook(things: readonly NamedThing[]): ReadonlyMap<string, string> {
  const known = books.get(things);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const { name } of things) counts.set(name, (counts.get(name) ?? 0) + 1);
  const own = things.filter(({ name }) => counts.get(name) === 1);
  const book = new Map(own.map(({ id, name }) => [textOf(id), name]));
  books.set(things, book);
  return book;
}

function textOf(id: Json): string {
  return typeof id === 'string' ? id : JSON.stringify(id);
}
