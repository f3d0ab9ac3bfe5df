import type { Problem } from '../../model/diagnostic.ts';
import { isList, isObject, type JsonObject, pointer } from '../../model/json.ts';
import type { KindDefinition } from '../../model/kind.ts';
import type { Project, Target } from '../../model/project.ts';
import { didYouMean, listed } from '../suggest.ts';

/** Whose a file is, by the globs that find it. */
export interface Found {
  readonly targets: readonly Target[];
  /** Is it open whose it is meant to be, so that the manifest must say it? */
  readonly isContested: boolean;
}

/** Which targets a manifest belongs to: those it names, else every one of its kind's provider, of those whose globs find its file. */
export function targetsOf(
  document: JsonObject,
  kind: KindDefinition,
  project: Project,
  found: Found,
  problems: Problem[],
): readonly Target[] {
  const own = found.targets.filter((target) => target.provider === kind.provider);
  const { targets, overrides } = document;
  let chosen = own;
  if (isList(targets)) {
    const names = targets.map((name) => (typeof name === 'string' ? name : undefined));
    for (const [index, name] of names.entries()) {
      const wrong = name === undefined ? undefined : (wrongTarget(name, kind, project) ?? elsewhere(name, own));
      if (wrong !== undefined) problems.push({ ...wrong, path: `/targets/${index}`, at: 'value' });
    }
    chosen = own.filter((target) => names.includes(target.name));
  } else if (found.isContested && own.length > 1) problems.push(contested(own));
  if (own.length === 0) problems.push(noTarget(kind, project));
  if (isObject(overrides)) problems.push(...overrideProblems(Object.keys(overrides), chosen, kind, project));
  return chosen;
}

/** A target may have globs of its own, or be left to those who have. */
function elsewhere(name: string, own: readonly Target[]): Omit<Problem, 'path' | 'at'> | undefined {
  if (own.some((target) => target.name === name)) return undefined;
  const message = `The globs by which target "${name}" finds its manifests do not find this file.`;
  const hint = `Remove it here, or move the file to where "${name}" finds it.`;
  return { severity: 'error', code: 'target-elsewhere', message, hint };
}

function contested(own: readonly Target[]): Problem {
  return {
    severity: 'error',
    code: 'contested-file',
    message: `Different globs find this file, for the targets ${listed(own.map((one) => one.name))}.`,
    hint: 'Say in `targets` whose manifest it is, or narrow the globs; a glob that every list repeats is meant for all.',
    path: '/kind',
    at: 'key',
  };
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

function noTarget(kind: KindDefinition, project: Project): Problem {
  const isElsewhere = project.targets.some((target) => target.provider === kind.provider);
  const [which, help] = isElsewhere
    ? ['whose globs find this file', `Move the file to where a target of ${kind.provider} finds it.`]
    : ['of this project', `Declare a target with provider: ${kind.provider} in the project file.`];
  return {
    severity: 'error',
    code: 'no-target',
    message: `No target ${which} is of ${kind.provider}, to which a ${kind.kind} belongs.`,
    hint: help,
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
