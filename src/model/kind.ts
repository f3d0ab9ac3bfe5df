import type { CatalogueContent, Finding, Known, Proposals } from './catalogue.ts';
import type { Problem } from './diagnostic.ts';
import type { Spec } from './json.ts';
import type { KindTraits } from './traits.ts';

/** One error of a precompiled ajv validator, as ajv reports it. */
export interface SchemaError {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** A precompiled ajv validator: true where the value is valid, else `errors` holds every error. */
export interface SchemaValidator {
  (value: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

/** Parsers that are loaded only when a manifest needs them. */
export interface Tools {
  /** The message of a Liquid syntax error, or undefined where the template is well formed. */
  readonly liquid: ((template: string) => string | undefined) | undefined;
}

/** What a manifest of one kind is judged by. */
export interface KindRules {
  /** Validates a whole manifest document (kind, name, …, spec), variables filled in and overrides merged. */
  readonly validate: SchemaValidator;
  /** Rules that a schema cannot say, offline. Called only with a spec that the schema accepts. Paths start with `/spec`. */
  check(spec: Spec, tools: Tools): readonly Problem[];
  /**
   * What the catalogue of a target does not have, as warnings, offline. Called only with a spec that is valid. Paths start with `/spec`.
   * What the catalogue says nothing of is left alone. Absent where a kind refers to nothing that a catalogue holds.
   */
  look?(spec: Spec, known: Known): readonly Finding[];
  /** What a catalogue has for the places of a spec that name something, for editors. */
  propose?(catalogue: CatalogueContent): Proposals;
}

/** The pure half of a provider: what its manifests mean. No network, no clock. */
export interface KindDefinition {
  /** `CensusSync`. */
  readonly kind: string;
  /** `census`. */
  readonly provider: string;
  readonly traits: KindTraits;
  /** Does the service keep showing syncs that are gone, or never were whole? What `Capabilities` say of it, known without a connection. */
  readonly ghosts: boolean;
  /** Loaded only where there is a manifest of the kind: a compiled schema is the largest part of what a start would load. */
  rules(): Promise<KindRules>;
  /**
   * The spec in canonical form: sugar unfolded, legacy forms rewritten, server-set keys dropped.
   * Total on specs that the schema accepts; `canonical(canonical(x)) = canonical(x)`.
   */
  canonical(spec: Spec): Spec;
  /**
   * Turns a spec in canonical form into what a person would write, short forms and all. Loaded only where manifests are written. What it
   * makes is no other spec: nothing differs between its canonical form and the spec itself.
   */
  written(): Promise<(spec: Spec) => Spec>;
}
