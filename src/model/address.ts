import { compileWildcard } from './wildcard.ts';

/** `Kind/name`, for example `CensusSync/users-to-crm`. Unique within a target; never sent to an API. */
export type Address = string;

export function address(kind: string, name: string): Address {
  return `${kind}/${name}`;
}

/** `CensusSync` of `CensusSync/users`. */
export function kindOf(address: Address): string {
  const slash = address.indexOf('/');
  return slash < 0 ? address : address.slice(0, slash);
}

export function nameOf(address: Address): string {
  return address.slice(address.indexOf('/') + 1);
}

/** Does `address` match a glob of `*` (any run of characters) and `?` (one)? Used by `protect`, `--only` and `--exclude`. */
export function matches(address: Address, glob: string): boolean {
  if (glob !== compiled.glob) compiled = { glob, test: compileWildcard(glob) };
  return compiled.test(address);
}

/** One glob is mostly asked about many addresses in a row. */
let compiled = { glob: '', test: compileWildcard('') };
