import { isObject, type Json } from '../../json.ts';
import type { Check, Draft } from './draft.ts';
import { answerFields, flatFields, nestedFields, type Plain, plainFields, requiredFields } from './vocabulary.ts';

/** The first reason to refuse a body by itself: unknown and missing keys, null, and fields that stand for themselves. */
export function bodyProblem(draft: Draft): string | undefined {
  return unknownKeys(draft) ?? nulls(draft) ?? required(draft) ?? plain(draft);
}

const known = new Set([
  ...requiredFields,
  ...nestedFields,
  ...Object.keys(plainFields),
  ...flatFields,
  ...answerFields,
]);

const unknownKeys: Check = ({ sent, world }) => {
  if (world.quirks.unknownKeys === 'ignore') return undefined;
  const unknown = Object.keys(sent).find((key) => !known.has(key));
  return unknown === undefined ? undefined : `Unknown parameter: ${unknown}`;
};

const nulls: Check = ({ sent, world }) => {
  const refused = world.quirks.nullRefused.find((key) => sent[key] === null);
  return refused === undefined ? undefined : `${refused} cannot be null`;
};

const required: Check = ({ sent, existing }) => {
  const missing = requiredFields.find(
    (key) => sent[key] === null || (existing === undefined && sent[key] === undefined),
  );
  return missing === undefined ? undefined : `${missing} is required`;
};

const plain: Check = ({ sent }) => {
  for (const [key, { is }] of Object.entries(plainFields)) {
    const problem = plainProblem(key, sent[key], is);
    if (problem !== undefined) return problem;
  }
  for (const key of ['advanced_configuration', 'high_water_mark_attributes']) {
    const problem = plainProblem(key, sent[key], { kind: 'object' });
    if (problem !== undefined) return problem;
  }
  return plainProblem('validate_only', sent.validate_only, { kind: 'boolean' });
};

function plainProblem(key: string, value: Json | undefined, is: Plain): string | undefined {
  if (value === undefined || value === null) return undefined;
  switch (is.kind) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${key} must be a boolean`;
    case 'object':
      return isObject(value) ? undefined : `${key} must be an object`;
    case 'text':
      return typeof value === 'string' && (value !== '' || key === 'label')
        ? undefined
        : `${key} must be a string that is not empty`;
    case 'number':
      return Number.isInteger(value) && Number(value) >= is.from && Number(value) <= is.to
        ? undefined
        : `${key} must be an integer from ${is.from} to ${is.to}`;
    default:
      return typeof value === 'string' && is.values.includes(value)
        ? undefined
        : `${key} must be one of ${is.values.join(', ')}`;
  }
}
