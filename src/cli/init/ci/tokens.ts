import type { Pipeline, PipelineTarget } from './pipeline.ts';
import { scalar } from './text.ts';

/**
 * The lines below `env:` that give a job the variables of its target, and of no other. `target`: the expression that says which it is.
 */
export function environment({ targets }: Pipeline, target: string): string {
  const lines = [
    ...variables(targets, (one) => one.secrets).map((name) => [name, 'secrets'] as const),
    ...variables(targets, (one) => one.settings).map((name) => [name, 'vars'] as const),
  ].map(([name, from]) => {
    const users = targets.filter((one) => [...one.secrets, ...one.settings].includes(name)).map((one) => one.name);
    const value = `${from}.${name}`;
    const chosen = users.length === targets.length ? value : `${isOneOf(target, users)} && ${value} || ''`;
    return `${scalar(name)}: \${{ ${chosen} }}\n`;
  });
  return lines.join('');
}

/** The names of all variables that hold something secret, each once. */
export function secretsOf({ targets }: Pick<Pipeline, 'targets'>): readonly string[] {
  return variables(targets, (one) => one.secrets);
}

function variables(targets: Pipeline['targets'], of: (target: PipelineTarget) => readonly string[]): readonly string[] {
  return [...new Set(targets.flatMap(of))];
}

function isOneOf(target: string, names: readonly string[]): string {
  const [only, ...others] = names;
  return others.length === 0 ? `${target} == '${only}'` : `contains(fromJSON('${JSON.stringify(names)}'), ${target})`;
}
