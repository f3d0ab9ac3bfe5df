import { censusSyncDeprecated } from '../../../../generated/census-sync-fields.ts';
import type { Problem } from '../../../../model/diagnostic.ts';
import { isObject, type Json, type Spec, tokens } from '../../../../model/json.ts';
import { isGiven, isSet } from '../../../../wire/json.ts';
import { legacyModeKeys } from '../canonical.ts';
import { atKey, warning } from './problem.ts';

/** Rules over single top-level fields, and fields that need a certain value of another. */
export function checkFields(spec: Spec): readonly Problem[] {
  return [...belongings(spec), ...highWaterMark(spec), ...deprecated(spec)];
}

function belongings(spec: Spec): readonly Problem[] {
  const problems: Problem[] = [];
  if (isGiven(spec.mirror_strategy) && spec.operation !== 'mirror') {
    problems.push(needsOperation('needs-mirror', 'mirror_strategy', spec.operation));
  }
  for (const key of ['high_water_mark_attribute', 'high_water_mark_attributes', 'historical_sync_operation']) {
    if (isGiven(spec[key]) && spec.operation !== 'append')
      problems.push(needsOperation('needs-append', key, spec.operation));
  }
  if (isGiven(spec.field_normalization) && spec.field_behavior !== 'sync_all_properties') {
    const message = '`field_normalization` means nothing without `field_behavior: sync_all_properties`.';
    problems.push(atKey(warning('needs-sync-all', ['field_normalization'], message, 'Remove one, or add the other.')));
  }
  if (spec.sync_behavior_family === 'activateEvents') problems.push(...needsTopic(spec.source_attributes));
  return problems;
}

function needsTopic(source: Json | undefined): readonly Problem[] {
  const object = isObject(source) && isObject(source.object) ? source.object : {};
  if (object.type === 'topic') return [];
  const message = `\`activateEvents\` is for topics of streaming sources, and this source is a ${String(object.type)}.`;
  const hint = 'Leave it out unless `apply --dry-run`, which asks the server, accepts it.';
  return [warning('needs-topic', ['sync_behavior_family'], message, hint)];
}

/** The reference prints some of these with other operations, so only the server can tell. */
function needsOperation(code: 'needs-append' | 'needs-mirror', key: string, given: Json | undefined): Problem {
  const operation = code.slice('needs-'.length);
  const message = `\`${key}\` goes with the operation \`${operation}\`, and this one is \`${String(given)}\`.`;
  const hint = `Remove it unless \`apply --dry-run\`, which asks the server, accepts it.`;
  return atKey(warning(code, [key], message, hint));
}

/** The older form has two halves, of which the API wants both. */
function highWaterMark({ high_water_mark_attributes: mark }: Spec): readonly Problem[] {
  if (!isObject(mark) || isSet(mark.column_name) === isSet(mark.use_high_water_mark_diff_type)) return [];
  const message = 'Only one of `use_high_water_mark_diff_type` and `column_name` is given; the API wants both.';
  const hint = 'Give both, or write `high_water_mark_attribute` with the column instead.';
  return [atKey(warning('incomplete-high-water-mark', ['high_water_mark_attributes'], message, hint))];
}

const deprecatedKeys = Object.entries(censusSyncDeprecated).map(
  ([path, instead]) => [tokens(path)[0] ?? '', instead] as const,
);

/** Beside a `mode` its old forms are mere copies, which is another warning. */
function deprecated(spec: Spec): readonly Problem[] {
  return deprecatedKeys.flatMap(([key, instead]) => {
    if (spec[key] === undefined || (legacyModeKeys.includes(key) && isObject(spec.mode))) return [];
    return [atKey(warning('deprecated-field', [key], `\`${key}\` is deprecated.`, `Use ${instead} instead.`))];
  });
}
