import { stableJson } from '../core/stable.ts';
import { didYouMean, listed } from '../core/suggest.ts';
import { maxFileBytes } from '../load/files.ts';
import { mergePatch } from '../load/merge-patch.ts';
import { hasReferences, printed, type Substitution, substitute } from '../load/vars.ts';
import type { Problem } from '../model/diagnostic.ts';
import { isObject, type Json, type JsonObject } from '../model/json.ts';
import type { Target } from '../model/project.ts';

/** What a manifest says on some of its targets: overrides merged, variables filled in. */
export interface Variant {
  readonly targets: readonly Target[];
  readonly document: JsonObject;
  /** What the targets override; undefined where they override nothing. */
  readonly patch: JsonObject | undefined;
  /** References that could not be filled in. */
  readonly problems: readonly Problem[];
  /** The same document with variables that are numbers, and are printed otherwise than written, as text; undefined without any. */
  readonly asText: JsonObject | undefined;
  /** Where these variables stand as whole values, and how they are written. */
  readonly spellings: readonly { readonly path: string; readonly written: string }[];
}

/**
 * One variant for each distinct spec that results. Without overrides and references, which is nearly always, that is the document
 * as it stands, for all targets. `mayRefer`: can there be a reference at all (a cheap look at the text decides)?
 */
export function variantsOf(document: JsonObject, targets: readonly Target[], mayRefer: boolean): readonly Variant[] {
  const { spec, overrides } = document;
  const patches = isObject(overrides) ? overrides : {};
  const refers = mayRefer && (hasReferences(spec) || hasReferences(patches));
  const patched = targets.some((target) => isObject(patches[target.name]));
  if (!refers && !patched)
    return [{ targets, document, patch: undefined, problems: [], asText: undefined, spellings: [] }];
  const variants = new Map<string, Variant>();
  for (const target of targets) {
    const patch = patches[target.name];
    const variant = variantFor(document, target, isObject(patch) ? patch : undefined, refers);
    const identity = stableJson([
      variant.document.spec ?? null,
      variant.problems.map((one) => `${one.path} ${one.message}`),
      variant.spellings.map((one) => `${one.path} ${one.written}`),
    ]);
    const same = variants.get(identity);
    variants.set(identity, same === undefined ? variant : { ...same, targets: [...same.targets, target] });
  }
  return [...variants.values()];
}

function variantFor(document: JsonObject, target: Target, patch: JsonObject | undefined, refers: boolean): Variant {
  const { spec } = document;
  const problems: Problem[] = [];
  const merged: Json | undefined = patch === undefined ? spec : mergePatch(spec, patch);
  const spellings: { path: string; written: string }[] = [];
  const { vars, written = {} } = target;
  const how: Substitution = {
    vars,
    written,
    refuse: (name, path, closed) => (closed ? refusal(name, path, target) : unclosed(name, path)),
    loses: (name, path) => spellings.push({ path, written: written[name] ?? '' }),
  };
  const filled =
    refers && merged !== undefined
      ? substitute(merged, '/spec', { ...how, fits: roomFor(target, problems) }, problems)
      : merged;
  const resolved = filled === undefined ? document : { ...document, spec: filled };
  const asText =
    spellings.length === 0 || merged === undefined
      ? undefined
      : {
          ...document,
          spec: substitute(merged, '/spec', { ...how, vars: { ...vars, ...written }, fits: roomFor(target, []) }, []),
        };
  return { targets: [target], document: resolved, patch, problems, asText, spellings };
}

/** What variables may add to one manifest, in characters: as much as a file may hold. */
const maxFilled = maxFileBytes;

/** Counts what is filled in. Says no, and adds one problem, where it would be too much: a long variable may be used very often. */
function roomFor(target: Target, problems: Problem[]): (name: string, path: string) => boolean {
  const sizes = new Map<string, number>();
  let left = maxFilled;
  return (name, path) => {
    const size = sizes.get(name) ?? printed(target.vars[name] ?? null).length;
    sizes.set(name, size);
    const before = left;
    left -= size;
    if (before >= 0 && left < 0) problems.push(tooMuch(target, path));
    return left >= 0;
  };
}

function tooMuch({ name }: Target, path: string): Problem {
  const message = `From here on the variables of target "${name}" make this manifest longer than 1 MiB.`;
  const hint = 'Use them less often, make them shorter, or split the manifest.';
  return { severity: 'error', code: 'too-much-text', message, hint, path, at: 'value' };
}

function unclosed(name: string, path: string): Problem {
  const message = `The reference \${${name} is not closed.`;
  const hint = `Write \${${name}}; for a literal \${ write $\${.`;
  return { severity: 'error', code: 'unclosed-reference', message, hint, path, at: 'value' };
}

function refusal(name: string, path: string, target: Target): Problem {
  const common = { severity: 'error', path, at: 'value' } as const;
  if (name.startsWith('vars.')) {
    const variable = name.slice('vars.'.length);
    const message = `The variable "${variable}" is not set.`;
    const set = Object.keys(target.vars);
    const hint = didYouMean(variable, set, `Set it under \`vars\` of the target "${target.name}" in the project file.`);
    return {
      ...common,
      code: 'unset-variable',
      message,
      hint: set.length === 0 ? hint : `${hint} Variables are set under \`vars\` of a target.`,
    };
  }
  if (name.startsWith('env.')) {
    const message = 'Environment variables are not read in manifests.';
    return {
      ...common,
      code: 'env-in-manifest',
      message,
      hint: `Use \${vars.NAME}, and set it under "vars" of the target in the project file.`,
    };
  }
  const names = Object.keys(target.vars).map((one) => `\${vars.${one}}`);
  const known = names.length === 0 ? `Write \${vars.NAME} for a variable of the target` : `There is ${listed(names)}`;
  const message = `\${${name}} stands for nothing.`;
  return { ...common, code: 'unknown-reference', message, hint: `${known}; for a literal \${ write $\${.` };
}
