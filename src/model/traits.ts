import type { Json, JsonObject, Pointer } from './json.ts';

/** What a change of a field costs, mildest first. */
export const impacts = [
  'none',
  'next_run',
  'starts_running',
  'stops_running',
  'full_resync',
  'rekeys',
  'starts_deleting',
  'loses_memory',
] as const;
export type Impact = (typeof impacts)[number];

/** First matching rule wins. `from`: the value before; `to`: the new value; null for one that is not set. `when`: sibling values in the item or object that holds the field, on either side. */
export interface ImpactRule {
  readonly from?: Json;
  readonly to?: Json;
  readonly when?: Readonly<Record<string, Json>>;
  readonly impact: Impact;
}

/** On either condition a field of the live sync cannot be changed in place. */
export interface ImmutableWhen {
  /** The live sync has these values at these top-level keys. */
  readonly when?: Readonly<Record<string, Json>>;
  /** What the live sync refers to at these pointers, by id, is of these types. */
  readonly types?: Readonly<Record<Pointer, string>>;
}

/** What the core must know about one field; generated from the kind's schema source. Absent keys mean "nothing special". */
export interface FieldTrait {
  /**
   * `value`: compared and sent as one leaf (also a JSON value whose inside nobody describes).
   * `object`: silence inside means "not ours", live keys are kept.
   * `whole`: one value with known fields; compared field by field, an absent field means its default, nothing live is merged in.
   * `map`: an object with free keys; only declared keys are ours.
   * `list`: one value made of items; each item is a `whole` or a `value`.
   */
  readonly shape: 'value' | 'object' | 'whole' | 'map' | 'list';
  /** What absence (or null) means to the server. A key without one has no stated default. `null` is a stated default: "unset". */
  readonly default?: Json;
  /** Further values that mean the default, for example `"set"` where null and "set" read the same. */
  readonly same?: readonly Json[];
  /** Only the server sets it: dropped before comparison, outside the fingerprint. */
  readonly server?: true;
  /** The API no longer wants it, and other fields say the same. */
  readonly deprecated?: true;
  /** The answer may leave it out for good: absence in a live object proves nothing. */
  readonly unreadable?: true;
  /** Siblings that an answer may show in its place; which of them belongs to which value nobody can tell. */
  readonly instead?: readonly string[];
  /** Live values that prove nothing, because the service answers them whatever was sent. Where there is a memory, they count as left out. */
  readonly unproven?: readonly Json[];
  /** What a new thing gets where nothing is said: a manifest that is written from what is live leaves it out. It is no default: silence changes nothing. */
  readonly initial?: readonly Json[];
  /** A manifest may give it as `{file: PATH}`. */
  readonly file?: true;
  /** After a change of it the service works out what others need of the thing, such as the columns of a query. */
  readonly prepares?: true;
  /** Text of which single lines matter: reports show those that differ. */
  readonly lines?: true;
  /** Cannot be changed in place: always, or on a condition. */
  readonly immutable?: true | ImmutableWhen;
  readonly impact?: readonly ImpactRule[];
  /** Fields of an `object` or a `whole`. */
  readonly fields?: Readonly<Record<string, FieldTrait>>;
  /** Trait of each item of a list, or of each value of a map. */
  readonly items?: FieldTrait;
  /** Items of a list are matched by this field; their order means nothing unless `ordered_when` says so. */
  readonly key?: string;
  /** The order of items counts while this top-level field has this value (desired, or else live). */
  readonly ordered_when?: Readonly<Record<string, Json>>;
  /** The order of items counts while this top-level field is set. */
  readonly ordered_with?: string;
  /** While this top-level field has this value, live items that nobody declared are the server's and are kept. */
  readonly open_when?: Readonly<Record<string, Json>>;
}

/** A place in the spec that refers to another thing by its id, and that may name it instead. */
export interface Reference {
  /** Where the name stands, as a pointer into the canonical spec. */
  readonly path: Pointer;
  /** Where the id belongs; setting it removes the name. */
  readonly into: Pointer;
  /** How the service writes the id. */
  readonly id: 'number' | 'text';
  /** The kind whose manifests may be named: by the manifest's name where there is no `collection`, else by its label. */
  readonly manifest?: string;
  /** The provider's collection in which a live thing of that name is found, for example `sources` or `models`. */
  readonly collection?: string;
  /** Pointer to the id of the parent in whose scope the name is unique, for example the source of a model. */
  readonly within?: Pointer;
  /** The reference exists only where these pointers have these values. */
  readonly when?: Readonly<Record<Pointer, Json>>;
  /** Places that must say the same here (keys) and in the manifest that is named (values), as pointers to ids. */
  readonly agrees?: Readonly<Record<Pointer, Pointer>>;
  /** Ids that the thing says by itself, because it joins what they stand for. Its own id may then stand where its name may. */
  readonly joins?: readonly Pointer[];
  /** What joins the thing to its parent, or is what joins: a thing that nothing joins cannot be referred to. */
  readonly joint?: Joint;
  /** What holds `into` can be left out where a body is only checked, and need not wait for changes of what it refers to. */
  readonly optional?: true;
}

/** What joins a thing to its parent, and what is said where nothing does. */
export interface Joint {
  /** What one is called: `activation`. */
  readonly noun: string;
  /** What its two ends are called. */
  readonly ends: readonly [parent: string, thing: string];
  /** Where it may be said by its id or its name, and where its id belongs. */
  readonly path: Pointer;
  readonly into: Pointer;
  /** Two things that nothing joins. `way`: how they get joined, in a sentence. */
  readonly missing: { readonly code: string; readonly way: string };
  /** One is said, and other ends than its own. */
  readonly mismatch: { readonly code: string };
}

/** How a thing is stopped. */
export interface PauseTrait {
  readonly field: string;
  readonly value: Json;
  readonly resumed: Json;
  /** Only what exists can be paused: a sync of these values runs once between its create and its pause. */
  readonly runs_first?: JsonObject;
}

/** Everything the core knows about a kind. */
export interface KindTraits {
  readonly kind: string;
  /** What one is called in a sentence: `sync`, `dataset`. */
  readonly noun: string;
  /** The root of the spec; its shape is `object`. */
  readonly spec: FieldTrait;
  /** Top-level fields that together are the label, in order. */
  readonly label: readonly string[];
  /** The top-level field and value that stop a thing without deleting it (`on_delete: pause`); absent where nothing can be stopped. */
  readonly pause?: PauseTrait;
  /** Top-level values that every thing of ours has: what a list shows with other ones cannot be taken over. */
  readonly managed?: Readonly<Record<string, Json>>;
  /** Can one be deleted and made anew where a field cannot be changed in place? Its users would lose it meanwhile. */
  readonly replaceable: boolean;
  readonly references: readonly Reference[];
}

/** The traits of a kind. Total on the kinds that a plan is about. */
export type TraitsOf = (kind: string) => KindTraits;
