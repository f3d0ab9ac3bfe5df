import type { Exchange, Outcome } from '../exchange.ts';
import type { Backstage } from './backstage.ts';
import type { Memory } from './memory.ts';

/** What a manner sees of the moment. */
export interface Turn {
  readonly backstage: Backstage;
  readonly memory: Memory;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How many requests the rule has befallen, this one included. */
  readonly hit: number;
  /** How the service words an error status. */
  failure(status: number): Outcome;
}

/** Stands around the work on a request: may change what is asked, what is answered, or what is behind both. */
export type Manner = (turn: Turn, exchange: Exchange, next: (exchange: Exchange) => Outcome) => Outcome;

export interface MannerKind {
  /** The methods that it can befall. */
  readonly methods: readonly string[];
  /** What a service must have for it. */
  readonly wants?: 'pages' | 'validate_only';
  /** It shows what was there before, which somebody must have kept. */
  readonly remembers?: boolean;
  /** The manner with this value, made anew for every rule; or what the value should be. */
  read(value: string | undefined): (() => Manner) | { readonly hint: string };
}

export const reads: readonly string[] = ['GET'];
export const writes: readonly string[] = ['POST', 'PATCH', 'PUT', 'DELETE'];
export const everything: readonly string[] = [...reads, ...writes];

/** A kind without a value. */
export function plain(methods: readonly string[], manner: Manner): MannerKind {
  return {
    methods,
    read: (value) => (value === undefined ? () => manner : { hint: `Leave "=${value}" out.` }),
  };
}

/** A kind whose value has one shape; the groups of the pattern are handed over. */
export function shaped(
  methods: readonly string[],
  shape: RegExp,
  hint: string,
  make: (groups: readonly (string | undefined)[]) => Manner,
): MannerKind {
  return {
    methods,
    read: (value) => {
      const match = shape.exec(value ?? '');
      return match === null ? { hint } : () => make(match.slice(1));
    },
  };
}
