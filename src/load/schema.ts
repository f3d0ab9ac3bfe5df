import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  floatCoreTag,
  intCoreTag,
  NOT_RESOLVED,
  Schema,
} from 'js-yaml';
import { losesSpelling, surpriseIn, suspects } from './plain.ts';

/** Keys that no field has and that are dangerous (or a merge that YAML 1.2 does not do) if they get through. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '<<']);

/** Construction met something that a closer look will explain. It never leaves this folder. */
class Suspicious extends Error {}

const guard = defineScalarTag<never>('tag:syncline,2026:guard', {
  implicit: true,
  implicitFirstChars: suspects,
  resolve: (source, explicit) => {
    if (!explicit && (surpriseIn(source) !== undefined || losesSpelling(source))) throw new Suspicious(source);
    return NOT_RESOLVED;
  },
  identify: () => false,
});

/** A number that its tag says to be one is looked at all the same. */
function guarded(tag: typeof intCoreTag): typeof intCoreTag {
  return defineScalarTag(tag.tagName, {
    implicit: true,
    implicitFirstChars: tag.implicitFirstChars,
    resolve: (source, explicit, name) => {
      if (explicit && surpriseIn(source) !== undefined) throw new Suspicious(source);
      return tag.resolve(source, explicit, name);
    },
    identify: () => false,
  });
}

const stringKeyedMap = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair: (carrier, key, value) => {
    if (typeof key !== 'string' || forbiddenKeys.has(key)) throw new Suspicious(String(key));
    carrier[key] = value;
    return '';
  },
  has: (carrier, key) => typeof key === 'string' && Object.hasOwn(carrier, key),
  keys: (result) => Object.keys(result),
  get: (result, key) => (typeof key === 'string' ? result[key] : undefined),
  identify: () => false,
});

/**
 * YAML 1.2 core, stricter: construction throws on any plain scalar or key that needs a second look. So good files, nearly all of
 * them, are read in one pass that looks for nothing else.
 */
export const strictSchema = new Schema([
  guard,
  ...CORE_SCHEMA.tags,
  guarded(intCoreTag),
  guarded(floatCoreTag),
  stringKeyedMap,
]);
