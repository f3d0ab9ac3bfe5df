import { stableJson } from '../../core/stable.ts';
import { didYouMean, listed } from '../../core/suggest.ts';
import { maxFileBytes } from '../../load/files.ts';
import { mergePatch } from '../../load/merge-patch.ts';
import { hasReferences, printed, type Substitution, substitute } from '../../load/vars.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Target } from '../../model/project.ts';
import { type FileFields, type Filling, filesRefer, textsOf } from './file-fields.ts';

/** What a manifest says on some of its targets: overrides merged, variables filled in, files read. */
export interface Variant {
  readonly targets: readonly Target[];
  readonly document: JsonObject;
  /** What the targets override; undefined where they override nothing. */
  readonly patch: JsonObject | undefined;
  /** Files that text of the document stands in. */
  readonly files: readonly string[];
  /** References that could not be filled in, and files that could not be read. */
  readonly problems: readonly Problem[];
  /** The same document with variables that are numbers, and are printed otherwise than written, as text; undefined without any. */
  readonly asText: JsonObject | undefined;
  /** Where these variables stand as whole values, and how they are written. */
  readonly spellings: readonly { readonly path: string; readonly written: string }[];
}

/**
 * One variant for each distinct spec that results. Without overrides and references, which is nearly always, that is the document
 * as it stands, for all targets. `mayRefer`: can there be a reference at all (a cheap look at the text decides)? `fields`: those that
 * may be given as files; undefined where the kind has none.
 */
export function variantsOf(
  document: JsonObject,
  targets: readonly Target[],
  mayRefer: boolean,
  fields: FileFields | undefined,
): readonly Variant[] {
  const { spec, overrides } = document;
  const patches = isObject(overrides) ? overrides : {};
  const refers = mayRefer && (hasReferences(spec) || hasReferences(patches));
  const patched = targets.some((target) => isObject(patches[target.name]));
  if (!refers && !patched && !filesRefer(spec, fields)) return [sameVariant(document, targets, fields)];
  const variants = new Map<string, Variant>();
  for (const target of targets) {
    const patch = patches[target.name];
    const variant = variantFor(document, target, isObject(patch) ? patch : undefined, refers, fields);
    const identity = stableJson([
      variant.document.spec ?? null,
      variant.files,
      variant.problems.map((one) => `${one.path} ${one.message}`),
      variant.spellings.map((one) => `${one.path} ${one.written}`),
    ]);
    const same = variants.get(identity);
    variants.set(identity, same === undefined ? variant : { ...same, targets: [...same.targets, target] });
  }
  return [...variants.values()];
}

/** What is the same on all targets. */
function sameVariant(document: JsonObject, targets: readonly Target[], fields: FileFields | undefined): Variant {
  const problems: Problem[] = [];
  const { texts, files } = textsOf(document.spec, fields, undefined, problems);
  const read = withTexts(document, document.spec, texts);
  return { targets, document: read, patch: undefined, files, problems, asText: undefined, spellings: [] };
}

function variantFor(
  document: JsonObject,
  target: Target,
  patch: JsonObject | undefined,
  refers: boolean,
  fields: FileFields | undefined,
): Variant {
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
  const fits = roomFor(target, problems);
  const filled = refers && merged !== undefined ? substitute(merged, '/spec', { ...how, fits }, problems) : merged;
  const unset: Filling['unset'] = (name, path, place) => unsetVariable(name, path, target, ` in ${place}`);
  const { texts, files } = textsOf(filled, fields, { vars, written, fits, unset }, problems);
  const resolved = withTexts(document, filled, texts);
  const asText =
    spellings.length === 0 || merged === undefined
      ? undefined
      : withTexts(
          document,
          substitute(merged, '/spec', { ...how, vars: { ...vars, ...written }, fits: roomFor(target, []) }, []),
          texts,
        );
  return { targets: [target], document: resolved, patch, files, problems, asText, spellings };
}

/** The document with this spec, in which texts stand in place of their files. */
function withTexts(document: JsonObject, spec: Json | undefined, texts: JsonObject): JsonObject {
  const read = isObject(spec) && Object.keys(texts).length > 0 ? { ...spec, ...texts } : spec;
  return read === undefined || read === document.spec ? document : { ...document, spec: read };
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

/** `where`: the place of the reference, where that is not in the manifest. */
function unsetVariable(variable: string, path: string, target: Target, where = ''): Problem {
  const set = Object.keys(target.vars);
  const hint = didYouMean(variable, set, `Set it under \`vars\` of the target "${target.name}" in the project file.`);
  return {
    severity: 'error',
    code: 'unset-variable',
    message: `The variable "${variable}"${where} is not set.`,
    hint: set.length === 0 ? hint : `${hint} Variables are set under \`vars\` of a target.`,
    path,
    at: 'value',
  };
}

function refusal(name: string, path: string, target: Target): Problem {
  const common = { severity: 'error', path, at: 'value' } as const;
  if (name.startsWith('vars.')) return unsetVariable(name.slice('vars.'.length), path, target);
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
