import type { Json, JsonObject, Pointer } from './json.ts';

/** What a change of a field costs, mildest first. */
export const impacts = ['none', 'next_run', 'full_resync', 'rekeys', 'starts_deleting', 'loses_memory'] as const;
export type Impact = (typeof impacts)[number];

/** First matching rule wins. `to`: the new value. `when`: sibling values in the item or object that holds the field, on either side. */
export interface ImpactRule {
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
  /** The answer may leave it out for good: absence in a live object proves nothing. */
  readonly unreadable?: true;
  /** Siblings that an answer may show in its place; which of them belongs to which value nobody can tell. */
  readonly instead?: readonly string[];
  /** Live values that prove nothing, because the service answers them whatever was sent. Where there is a memory, they count as left out. */
  readonly unproven?: readonly Json[];
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

/** A place in the spec that may name a live thing instead of giving its id. */
export interface RefTrait {
  /** Where the name stands, as a pointer into the canonical spec. */
  readonly path: string;
  /** Where its id belongs; setting it removes the name. */
  readonly into: string;
  /** The provider's collection, for example `sources` or `models`. */
  readonly collection: string;
  /** Pointer to the id of the parent in whose scope the name is unique, for example the source of a model. */
  readonly within?: string;
  /** The reference exists only where these pointers have these values. */
  readonly when?: Readonly<Record<string, Json>>;
}

/** A place in the spec that names another manifest of the same kind; its id is known once that sync exists. */
export interface LinkTrait {
  readonly path: string;
  readonly into: string;
}

/** How a sync is stopped. */
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
  /** The root of the spec; its shape is `object`. */
  readonly spec: FieldTrait;
  /** Top-level fields that together are the label, in order. */
  readonly label: readonly string[];
  /** The top-level field and value that stop a sync without deleting it (`on_delete: pause`), and the value of one that runs. */
  readonly pause: PauseTrait;
  readonly refs: readonly RefTrait[];
  readonly links: readonly LinkTrait[];
}
