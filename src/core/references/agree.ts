import type { Problem } from '../../model/diagnostic.ts';
import { type Json, type Pointer, type Spec, valueAt } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import { equal } from '../spec/equal.ts';
import { indexDeclared, namedManifests } from './declared.ts';

/** A mistake of a manifest that only shows beside another one. */
export interface Mistake {
  readonly manifest: Manifest;
  readonly problem: Problem;
}

/**
 * Manifests that name another one and say something else than that one where both must say the same, such as the connection of a
 * dataset and of the syncs that read it. Compared by id where both have one, else by name; where one has a name and the other an id,
 * nobody can tell yet.
 */
export function disagreements(manifests: readonly Manifest[], traitsOf: TraitsOf): Mistake[] {
  const kinds = new Set(manifests.map((one) => one.kind));
  const shares = new Set([...kinds].filter((kind) => sharesWith(traitsOf(kind), kinds)));
  if (shares.size === 0) return [];
  const declared = indexDeclared(manifests, traitsOf);
  return manifests.flatMap((manifest) => {
    if (!shares.has(manifest.kind)) return [];
    const traits = traitsOf(manifest.kind);
    return namedManifests(traits, manifest.spec, declared).flatMap(({ reference, address }) => {
      const other = declared.byAddress.get(address);
      if (other === undefined) return [];
      return Object.entries(reference.agrees ?? {}).flatMap(([own, theirs]) => {
        const here = spoken(traits, manifest.spec, own);
        const there = spoken(traitsOf(other.kind), other.spec, theirs);
        const key = (['id', 'name'] as const).find((one) => here[one] != null && there[one] != null);
        if (key === undefined || equal(here[key], there[key])) return [];
        return [{ manifest, problem: mismatch(here.at, other, [here[key], there[key]]) }];
      });
    });
  });
}

/** Does a kind say something that one of these says too? */
function sharesWith({ references }: KindTraits, kinds: ReadonlySet<string>): boolean {
  return references.some(
    ({ agrees, manifest }) => agrees !== undefined && manifest !== undefined && kinds.has(manifest),
  );
}

/** What stands at a place that refers to something: an id, or a name. */
function spoken(
  { references }: KindTraits,
  spec: Spec,
  into: Pointer,
): { readonly id: Json | undefined; readonly name: Json | undefined; readonly at: Pointer } {
  const path = references.find((one) => one.into === into)?.path ?? into;
  const [id, name] = [valueAt(spec, into), valueAt(spec, path)];
  return { id: id == null ? undefined : String(id), name, at: name === undefined ? into : path };
}

function mismatch(path: Pointer, other: Manifest, [own, theirs]: readonly (Json | undefined)[]): Problem {
  return {
    severity: 'error',
    code: 'source-mismatch',
    message: `${other.address}, which this manifest uses, is of ${JSON.stringify(theirs)}, and here stands ${JSON.stringify(own)}.`,
    hint: `Let both say the same; ${other.address} is declared at ${other.origin.file}:${other.origin.line}:${other.origin.column}.`,
    path: `/spec${path}`,
    at: 'value',
  };
}
