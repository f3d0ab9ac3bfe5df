import type { Address } from '../model/address.ts';
import type { Selection } from '../model/plan.ts';
import { compileWildcard } from '../model/wildcard.ts';
import { byCodePoint } from './stable.ts';

/** Globs of addresses, in any order; where there are none of a kind, it narrows nothing. */
export interface Globs {
  readonly only?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** What differs from a commit. */
export interface Differing {
  /** Its full name. */
  readonly commit: string;
  readonly addresses: ReadonlySet<Address>;
}

/** A part of a target, or all of it. */
export interface Chosen {
  /** As a plan holds it. */
  readonly selection: Selection;
  readonly has: (address: Address) => boolean;
}

/** The part that every one of these leaves: globs in one order and each once, so that a plan does not depend on how they were given. */
export function choose({ only = [], exclude = [] }: Globs, differing?: Differing): Chosen {
  const [wanted, unwanted] = [inOrder(only), inOrder(exclude)];
  const [isWanted, isUnwanted] = [anyOf(wanted), anyOf(unwanted)];
  return {
    selection: {
      only: wanted.length === 0 ? null : wanted,
      exclude: unwanted,
      changed: differing?.commit ?? null,
    },
    has: (address) =>
      (wanted.length === 0 || isWanted(address)) &&
      !isUnwanted(address) &&
      (differing === undefined || differing.addresses.has(address)),
  };
}

/** All of a target. */
export const everything: Chosen = choose({});

function anyOf(globs: readonly string[]): (address: Address) => boolean {
  const tests = globs.map((glob) => compileWildcard(glob));
  return (address) => tests.some((test) => test(address));
}

function inOrder(globs: readonly string[]): readonly string[] {
  return [...new Set(globs)].sort(byCodePoint);
}
