import { type Pointer, type Spec, tokens, valueAt } from '../../model/json.ts';
import type { KindTraits } from '../../model/traits.ts';

/** The part of a spec that `linkProblems` looks at: its label, the manifests that it names, and what has to agree with them. */
export type Outline = (kind: string, spec: Spec) => Spec;

/** Makes outlines for these kinds. */
export function outlinesOf(kinds: readonly KindTraits[]): Outline {
  const fields = new Map(kinds.map((one) => [one.kind, fieldsOf(one, kinds)]));
  return (kind, spec) => {
    const { always = new Set<string>(), naming = [] } = fields.get(kind) ?? {};
    const kept: Record<string, Spec[string]> = {};
    for (const field of always) keep(kept, spec, field);
    for (const { path, told } of naming) {
      if (valueAt(spec, path) === undefined) continue;
      for (const field of told) keep(kept, spec, field);
    }
    return kept;
  };
}

/** Top-level fields of a kind. */
interface Fields {
  readonly always: ReadonlySet<string>;
  /** Those that say more of a manifest, where one is named at `path`. */
  readonly naming: readonly { readonly path: Pointer; readonly told: ReadonlySet<string> }[];
}

function fieldsOf(traits: KindTraits, kinds: readonly KindTraits[]): Fields {
  const { kind, label, references } = traits;
  const compared = kinds.flatMap((one) =>
    one.references.flatMap(({ manifest, agrees = {} }) => (manifest === kind ? Object.values(agrees) : [])),
  );
  const naming = references.flatMap(({ manifest, path, into, within, when = {}, agrees = {} }) => {
    if (manifest === undefined) return [];
    const beside = [path, into, ...(within === undefined ? [] : [within]), ...Object.keys(when)];
    return [{ path, told: tops([...beside, ...spoken(traits, Object.keys(agrees))]) }];
  });
  return { always: new Set([...label, ...tops(spoken(traits, compared))]), naming };
}

/** What refers to something may say so by its id, or by its name elsewhere. */
function spoken({ references }: KindTraits, places: readonly Pointer[]): readonly Pointer[] {
  return places.flatMap((into) => [into, ...references.filter((one) => one.into === into).map((one) => one.path)]);
}

function tops(places: readonly Pointer[]): ReadonlySet<string> {
  return new Set(places.map((one) => tokens(one)[0] ?? ''));
}

function keep(kept: Record<string, Spec[string]>, spec: Spec, field: string): void {
  const value = spec[field];
  if (value !== undefined) kept[field] = value;
}
