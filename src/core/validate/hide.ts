import type { Problem } from '../../model/diagnostic.ts';
import { isSet } from '../../model/hidden.ts';
import { type Pointer, pointer, type Spec, tokens } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { didYouMean } from '../suggest.ts';

/**
 * What is wrong with `lifecycle.hide`: a pointer that leads to no field, so that a value is seen which its author believes to be
 * hidden, or to the label, by which things are told apart. `spec` is canonical; undefined where it has mistakes of its own.
 */
export function hideProblems(hide: readonly Pointer[], traits: KindTraits, spec: Spec | undefined): Problem[] {
  return hide.flatMap((path, index) => {
    const problem = wellFormed.test(path) ? hideProblem(path, traits, spec) : undefined;
    return problem === undefined ? [] : [{ ...problem, path: `/lifecycle/hide/${index}` }];
  });
}

type Unplaced = Omit<Problem, 'path'>;

/** What is no pointer at all is the schema's to refuse. */
const wellFormed = /^(?:\/(?:[^~/]|~[01])*)+$/;

function hideProblem(path: Pointer, traits: KindTraits, spec: Spec | undefined): Unplaced | undefined {
  if (traits.label.includes(tokens(path)[0] ?? '')) {
    return problem(
      'error',
      'hide-label',
      'The label cannot be hidden.',
      `Syncline tells ${traits.noun}s apart by their label; remove this pointer.`,
    );
  }
  const reference = traits.references.find((one) => one.path === path);
  if (reference !== undefined) {
    const message = `"${path}" is replaced by an id before anything is compared.`;
    return problem('error', 'unknown-hide', message, `Write "${reference.into}".`);
  }
  return unknownStep(path, traits.spec) ?? (spec === undefined ? undefined : idle(path, traits, spec));
}

function unknownStep(path: Pointer, root: FieldTrait): Unplaced | undefined {
  const steps = tokens(path);
  let here: FieldTrait = root;
  for (const [index, step] of steps.entries()) {
    if (here.shape === 'map' || here.shape === 'list') {
      here = here.items ?? leaf;
      continue;
    }
    // Nobody describes what is inside.
    if (here.fields === undefined) return undefined;
    const field = Object.hasOwn(here.fields, step) ? here.fields[step] : undefined;
    if (field === undefined || field.server) return unknown(path, pointer(steps.slice(0, index)), step, here.fields);
    here = field;
  }
  return undefined;
}

const leaf: FieldTrait = { shape: 'value' };

function unknown(path: Pointer, above: Pointer, step: string, fields: Readonly<Record<string, FieldTrait>>): Unplaced {
  const names = Object.keys(fields).map((field) => `${above}${pointer([field])}`);
  const hint = didYouMean(`${above}${pointer([step])}`, names, 'Remove this pointer.');
  return problem('error', 'unknown-hide', `"${path}" leads to no field, so it hides nothing.`, hint);
}

/** Keys that are free, and items of lists, are known from the spec alone. */
function idle(path: Pointer, { references }: KindTraits, spec: Spec): Unplaced | undefined {
  const named = references.find((one) => one.into === path)?.path;
  if (isSet(spec, path) || (named !== undefined && isSet(spec, named))) return undefined;
  const message = `"${path}" leads to nothing in spec, so it hides nothing.`;
  return problem('warning', 'idle-hide', message, 'Fix the pointer, or remove it.');
}

function problem(severity: Problem['severity'], code: string, message: string, hint: string): Unplaced {
  return { severity, code, message, hint, at: 'value' };
}
