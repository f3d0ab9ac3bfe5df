import type { Problem } from '../../model/diagnostic.ts';
import { type Pointer, pointer, tokens } from '../../model/json.ts';
import type { FieldTrait, KindTraits } from '../../model/traits.ts';
import { didYouMean } from '../suggest.ts';

/**
 * What is wrong with `lifecycle.ignore`: it can leave out what is compared on its own, no part of a one-value thing, and not the
 * label.
 */
export function ignoreProblems(ignored: readonly Pointer[], traits: KindTraits): Problem[] {
  return ignored.flatMap((path, index) => {
    const problem = ignoreProblem(path, traits);
    return problem === undefined ? [] : [{ ...problem, path: `/lifecycle/ignore/${index}` }];
  });
}

type Unplaced = Omit<Problem, 'path'>;

/** What is no pointer at all is the schema's to refuse. */
const wellFormed = /^(?:\/(?:[^~/]|~[01])*)*$/;

function ignoreProblem(path: Pointer, traits: KindTraits): Unplaced | undefined {
  if (!wellFormed.test(path)) return undefined;
  const [first] = tokens(path);
  if (first === undefined || traits.label.includes(first)) {
    return error(
      'ignore-label',
      'The label cannot be ignored.',
      'Syncline finds a thing again by its label; remove this pointer.',
    );
  }
  const ref = traits.references.find((one) => one.path === path);
  if (ref !== undefined) {
    return error(
      'unknown-ignore',
      `"${path}" is replaced by an id before anything is compared.`,
      `Write "${ref.into}".`,
    );
  }
  return insideProblem(path, traits.spec);
}

function insideProblem(path: Pointer, root: FieldTrait): Unplaced | undefined {
  const steps = tokens(path);
  let here: FieldTrait | undefined = root;
  for (const [index, step] of steps.entries()) {
    const above = pointer(steps.slice(0, index));
    if (here.shape === 'map') {
      here = here.items ?? { shape: 'value' };
    } else if (here.shape === 'object') {
      const fields: Readonly<Record<string, FieldTrait>> = here.fields ?? {};
      const field: FieldTrait | undefined = Object.hasOwn(fields, step) ? fields[step] : undefined;
      if (field === undefined || field.server) return unknown(path, above, step, Object.keys(fields));
      here = field;
    } else {
      const message = `"${path}" lies inside ${above}, which is one value.`;
      return error('ignore-inside', message, `Ignore "${above}", or leave it out of spec.`);
    }
  }
  return undefined;
}

function unknown(path: Pointer, above: Pointer, step: string, fields: readonly string[]): Unplaced {
  const names = fields.map((field) => `${above}${pointer([field])}`);
  const message = `"${path}" leads to no field that is compared.`;
  return error('unknown-ignore', message, didYouMean(`${above}${pointer([step])}`, names, 'Remove this pointer.'));
}

function error(code: string, message: string, hint: string): Unplaced {
  return { severity: 'error', code, message, hint, at: 'value' };
}
