import type { Problem } from '../../model/diagnostic.ts';
import { pointer } from '../../model/json.ts';
import { type Key, keyAt, keyOf } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Change } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import type { Mistake } from './agree.ts';
import { idAt } from './fill.ts';

/**
 * Names that were found on the live side and that this plan takes away: the thing that bears such a name is renamed or deleted by it,
 * so that the next plan would not find it any more. `manifests` have their names resolved.
 */
export function vanishingNames(
  manifests: readonly Manifest[],
  changes: readonly Change[],
  traitsOf: TraitsOf,
): readonly Mistake[] {
  const byKey = new Map(
    changes.flatMap((one) => (one.id === null ? [] : [[keyAt(one.address, one.id), one] as const])),
  );
  if (byKey.size === 0) return [];
  return manifests.flatMap((manifest) =>
    traitsOf(manifest.kind).references.flatMap((reference) => {
      const name = manifest.names?.[reference.path];
      const id = reference.manifest === undefined || name === undefined ? undefined : idAt(reference, manifest.spec);
      if (name === undefined || id === undefined || reference.manifest === undefined) return [];
      const end = endOf(byKey, keyOf(reference.manifest, id), name, traitsOf);
      return end === undefined ? [] : [{ manifest, problem: vanishing(`/spec${reference.path}`, name, end) }];
    }),
  );
}

interface End {
  readonly change: Change;
  /** What it is called then; null where it goes. */
  readonly renamed: string | null;
}

function endOf(byKey: ReadonlyMap<Key, Change>, key: Key, name: string, traitsOf: TraitsOf): End | undefined {
  const change = byKey.get(key);
  if (change === undefined) return undefined;
  if (change.action === 'delete') return { change, renamed: null };
  const labels = traitsOf(key.slice(0, key.indexOf('#'))).label.map((field) => pointer([field]));
  const renames = change.fields.some(({ path }) => labels.includes(path)) && change.label !== name;
  return renames ? { change, renamed: change.label } : undefined;
}

function vanishing(path: string, name: string, { change, renamed }: End): Problem {
  const fact = renamed === null ? `deletes it (${change.address})` : `renames it to "${renamed}" (${change.address})`;
  return {
    severity: 'error',
    code: 'vanishing-name',
    message: `What is now named "${name}" loses that name by this plan, which ${fact}`,
    hint: renamed === null ? 'Use a name that stays.' : `Write the new name, "${renamed}".`,
    path,
    at: 'value',
  };
}
