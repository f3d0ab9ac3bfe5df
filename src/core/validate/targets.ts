import type { Problem } from '../../model/diagnostic.ts';
import { isList, isObject, type JsonObject, pointer } from '../../model/json.ts';
import type { KindDefinition } from '../../model/kind.ts';
import type { Project, Target } from '../../model/project.ts';
import { didYouMean } from '../suggest.ts';

/** Which targets a manifest belongs to: those it names, else every one of its kind's provider. */
export function targetsOf(
  document: JsonObject,
  kind: KindDefinition,
  project: Project,
  problems: Problem[],
): readonly Target[] {
  const own = project.targets.filter((target) => target.provider === kind.provider);
  const { targets, overrides } = document;
  let chosen = own;
  if (isList(targets)) {
    const names = targets.map((name) => (typeof name === 'string' ? name : undefined));
    for (const [index, name] of names.entries()) {
      const wrong = name === undefined ? undefined : wrongTarget(name, kind, project);
      if (wrong !== undefined) problems.push({ ...wrong, path: `/targets/${index}`, at: 'value' });
    }
    chosen = own.filter((target) => names.includes(target.name));
  }
  if (own.length === 0) problems.push(noTarget(kind));
  if (isObject(overrides)) problems.push(...overrideProblems(Object.keys(overrides), chosen, kind, project));
  return chosen;
}

function wrongTarget(name: string, kind: KindDefinition, project: Project): Omit<Problem, 'path' | 'at'> | undefined {
  const target = project.targets.find((one) => one.name === name);
  if (target?.provider === kind.provider) return undefined;
  const own = project.targets.filter((one) => one.provider === kind.provider).map((one) => one.name);
  const hint = didYouMean(name, own, 'Declare it under `targets` in the project file.');
  if (target === undefined) {
    return { severity: 'error', code: 'unknown-target', message: `There is no target "${name}".`, hint };
  }
  const message = `The target "${name}" is of ${target.provider}; a ${kind.kind} belongs to ${kind.provider}.`;
  return { severity: 'error', code: 'wrong-provider', message, hint };
}

function noTarget(kind: KindDefinition): Problem {
  return {
    severity: 'error',
    code: 'no-target',
    message: `No target of this project is of ${kind.provider}, to which a ${kind.kind} belongs.`,
    hint: `Declare a target with provider: ${kind.provider} in the project file.`,
    path: '/kind',
    at: 'value',
  };
}

function overrideProblems(
  names: readonly string[],
  chosen: readonly Target[],
  kind: KindDefinition,
  project: Project,
): Problem[] {
  return names.flatMap((name): Problem[] => {
    const place = { path: pointer(['overrides', name]), at: 'key' } as const;
    const wrong = wrongTarget(name, kind, project);
    if (wrong !== undefined) return [{ ...wrong, ...place }];
    if (chosen.some((target) => target.name === name)) return [];
    const message = `This manifest does not belong to the target "${name}" that it overrides.`;
    const hint = `Add "${name}" to targets, or remove the override.`;
    return [{ severity: 'error', code: 'unused-override', message, hint, ...place }];
  });
}
