import { type Address, address } from '../../model/address.ts';
import { pointer } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { LinkProblem } from './check.ts';

/** What is wrong with the earlier names of the manifests of one target: a name of one's own, and a name that two manifests claim. */
export function movedProblems(manifests: readonly Manifest[]): LinkProblem[] {
  const first = new Map<Address, Claim>();
  const problems: LinkProblem[] = [];
  for (const claim of manifests.flatMap(claimsOf)) {
    const { manifest, from } = claim;
    const other = first.get(from);
    if (from === manifest.address) problems.push(itself(claim));
    else if (other === undefined) first.set(from, claim);
    else if (other.manifest.address !== manifest.address)
      problems.push({ ...twice(claim, other), twin: twice(other, claim) });
  }
  return problems;
}

/** One earlier name of a manifest. */
interface Claim {
  readonly manifest: Manifest;
  readonly from: Address;
  readonly index: number;
}

function claimsOf(manifest: Manifest): Claim[] {
  const { moved_from: names = [] } = manifest;
  return names.map((name, index) => ({ manifest, from: address(manifest.kind, name), index }));
}

function itself(claim: Claim): LinkProblem {
  return {
    ...error(claim),
    code: 'moved-from-itself',
    message: `${claim.from} is the address of this manifest itself.`,
    hint: 'Write the earlier name, or remove the line.',
  };
}

function twice(claim: Claim, other: Claim): LinkProblem {
  const { file, line, column } = other.manifest.origin;
  return {
    ...error(claim),
    code: 'moved-from-twice',
    message: `${claim.from} moves to ${claim.manifest.address} here, and to ${other.manifest.address} at ${file}:${line}:${column}.`,
    hint: 'Only one manifest can take it over; remove the name from the other one.',
  };
}

function error({ manifest, index }: Claim) {
  const path = pointer(['moved_from', String(index)]);
  return { severity: 'error', path, at: 'value', subject: manifest, twin: undefined } as const;
}
