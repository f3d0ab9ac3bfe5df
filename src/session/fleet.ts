import { partition, type ShardName } from '../core/partition.ts';
import { differing } from '../core/references/differing.ts';
import type { Since } from '../engine/request.ts';
import { countManifests } from '../engine/validate/count.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import type { TraitsOf } from '../model/traits.ts';
import { kindsOf } from '../providers/index.ts';

/** Targets that one job does together. */
export interface Shard {
  readonly targets: readonly Target[];
  /** Of all of them; one that several share counts for each. */
  readonly manifests: number;
}

/** At most `most` shards of these targets, weighed by their manifests, which nobody checks for it; none of them is empty. */
export function shardsOf(project: Project, targets: readonly Target[], most: number): readonly Shard[] {
  const counts = countManifests(project, kindsOf);
  const countOf = (name: string) => counts.get(name) ?? 0;
  const weighed = targets.map(({ name }) => ({ name, weight: countOf(name) }));
  const byName = new Map(targets.map((one) => [one.name, one]));
  return partition(weighed, most).map((names) => ({
    targets: names.flatMap((name) => byName.get(name) ?? []),
    manifests: names.reduce((sum, name) => sum + countOf(name), 0),
  }));
}

/** The targets of one shard; none where there are fewer shards than its name says. */
export function inShard(project: Project, targets: readonly Target[], { index, of }: ShardName): readonly Target[] {
  return shardsOf(project, targets, of)[index - 1]?.targets ?? [];
}

/** Of these targets those that do not declare what they did. One that has to be looked at whole, and so has no `since`, is among them. */
export function changedTargets(
  targets: readonly Target[],
  manifests: ReadonlyMap<string, readonly Manifest[]>,
  since: ReadonlyMap<string, Since>,
): readonly Target[] {
  return targets.filter((target) => {
    const before = since.get(target.name)?.manifests;
    if (before === undefined) return true;
    const now = manifests.get(target.name) ?? [];
    return differing({ traitsOf: traitsOn(target), before, now, ledger: null }).size > 0;
  });
}

function traitsOn(target: Target): TraitsOf {
  const meant = kindsOf(target);
  return (kind) => {
    const found = meant.get(kind);
    if (found === undefined) throw new Error(`A target of ${target.provider} ${target.api} has no ${kind}.`);
    return found.traits;
  };
}
