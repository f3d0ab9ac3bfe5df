import { type Address, nameOf } from '../../model/address.ts';
import { type Json, type Spec, valueAt, withValueAt } from '../../model/json.ts';
import type { Key } from '../../model/live.ts';
import { keyOf, type NamedThing } from '../../model/live.ts';
import type { KindTraits, Reference } from '../../model/traits.ts';
import type { DeclaredIndex } from '../references/declared.ts';
import { idAt } from '../references/fill.ts';
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
    if (reference.collection === undefined || idAt(reference, spec) === undefined) return [];
    return [partOf(reference, spec)];
  });
}

function partOf({ collection = '', within }: Reference, spec: Spec): CollectionPart {
  return { collection, within: within === undefined ? undefined : valueAt(spec, within) };
}

/**
 * The spec with a name in the place of each id, where the name means that very thing and nothing else; else the id stays. What joins
 * two things is said by its id where their names do not tell which one is meant, or where the manifest has said it before.
 */
export function withReferenceNames(
  { references }: KindTraits,
  spec: Spec,
  book: NameBook,
  before: Spec | undefined,
): Spec {
  const named = references.reduce((rest, reference) => {
    // Scopes are told by ids, which the spec itself still has.
    const name = reference.joins === undefined ? nameFor(reference, spec, book) : undefined;
    return name === undefined ? rest : said(reference, rest, name);
  }, spec);
  return references.reduce((rest, reference) => {
    const id = reference.joins === undefined ? undefined : idAt(reference, spec);
    if (id === undefined) return rest;
    const isSaid = before !== undefined && idAt(reference, before) !== undefined;
    const ends = references.filter((one) => one.joint !== undefined && reference.joins?.includes(one.into) === true);
    if (isSaid || ends.some((end) => hasTwin(end, spec, book)))
      return said(
        reference,
        ends.reduce((less, end) => said(end, less, undefined), rest),
        id,
      );
    const isNamed = ends.every(({ path }) => valueAt(rest, path) !== undefined);
    return isNamed ? said(reference, rest, undefined) : rest;
  }, named);
}

/** The spec with a name, or nothing, in the place of an id. */
function said({ path, into }: Reference, spec: Spec, name: string | undefined): Spec {
  return withValueAt(withValueAt(spec, into, undefined), path, name);
}

/** Does another thing of the same parent bear the name, or the id, of what a spec refers to? */
function hasTwin(reference: Reference, spec: Spec, { catalogue }: NameBook): boolean {
  const id = idAt(reference, spec);
  const things = catalogue.get(partKey(partOf(reference, spec))) ?? [];
  const own = things.filter((one) => textOf(one.id) === id);
  return own.length > 1 || own.some((one) => things.some((other) => other !== one && other.name === one.name));
}

function nameFor(reference: Reference, spec: Spec, book: NameBook): string | undefined {
  const id = idAt(reference, spec);
  if (id === undefined) return undefined;
  const { manifest: kind, collection } = reference;
  const address = kind === undefined ? undefined : book.boundTo.get(keyOf(kind, id));
  if (collection === undefined) {
    const isNamed = address !== undefined && book.declared.byAddress.has(address) && !book.circular.has(address);
    return isNamed ? nameOf(address) : undefined;
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
