import { didYouMean } from '../../core/suggest.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { isObject } from '../../model/json.ts';
import type { KindDefinition } from '../../model/kind.ts';

/** What is wrong with a document that is of no kind that there is. */
export function kindProblem(value: unknown, kinds: ReadonlyMap<string, KindDefinition>): Problem {
  const names = [...kinds.keys()];
  const error = { severity: 'error', path: '', at: 'value' } as const;
  if (!isObject(value)) {
    const message = 'This document is not a manifest.';
    return {
      ...error,
      code: 'wrong-type',
      message,
      hint: 'A manifest is a mapping that starts with kind, name and spec.',
    };
  }
  const { kind } = value;
  if (kind === undefined || kind === null) {
    const hint = `Start it with "kind: ${names.join('" or "kind: ')}", or keep it out of \`manifests\` in the project file.`;
    return { ...error, code: 'missing-field', message: 'This document has no "kind".', hint };
  }
  const said = typeof kind === 'string' ? kind : JSON.stringify(kind);
  return {
    ...error,
    code: 'unknown-kind',
    message: `There is no kind "${said}".`,
    hint: didYouMean(said, names, 'Remove it.'),
    path: '/kind',
  };
}
