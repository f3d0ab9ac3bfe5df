import { censusSyncDeprecated } from '../../../generated/census-sync-fields.ts';
import type { Problem } from '../../../model/diagnostic.ts';
import { isList, isObject, type Json, type Spec, tokens } from '../../../model/json.ts';
import { legacyModeKeys, ownKeys, serverKeys } from '../canonical.ts';
import { isSet } from '../shape.ts';
import { atKey, error, warning } from './problem.ts';

/** Rules over single top-level fields, and fields that need a certain value of another. */
export function checkFields(spec: Spec): readonly Problem[] {
  return [...belongings(spec), ...pasted(spec), ...deprecated(spec), ...alertIds(spec)];
}

function belongings(spec: Spec): readonly Problem[] {
  const problems: Problem[] = [];
  if (isSet(spec.mirror_strategy) && spec.operation !== 'mirror') {
    problems.push(needsOperation('mirror_strategy', 'mirror', spec.operation));
  }
  for (const key of ['high_water_mark_attribute', 'high_water_mark_attributes', 'historical_sync_operation']) {
    if (isSet(spec[key]) && spec.operation !== 'append') problems.push(needsOperation(key, 'append', spec.operation));
  }
  if (isSet(spec.field_normalization) && spec.field_behavior !== 'sync_all_properties') {
    const message = '`field_normalization` means nothing without `field_behavior: sync_all_properties`.';
    problems.push(atKey(warning('needs-sync-all', ['field_normalization'], message, 'Remove one, or add the other.')));
  }
  return problems;
}

function needsOperation(key: string, operation: string, given: Json | undefined): Problem {
  const message = `\`${key}\` goes with the operation \`${operation}\` only, and this one is \`${String(given)}\`.`;
  return atKey(error(`needs-${operation}`, [key], message, `Remove it, or write \`operation: ${operation}\`.`));
}

function pasted(spec: Spec): readonly Problem[] {
  return serverKeys
    .filter((key) => spec[key] !== undefined)
    .map((key) => {
      if (!ownKeys.includes(key)) {
        return warning('server-field', [key], `\`${key}\` is set by the server and ignored.`, 'Remove it.');
      }
      return warning('ignored-field', [key], `\`${key}\` is said by \`apply --dry-run\`, not here.`, 'Remove it.');
    })
    .map(atKey);
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

function alertIds(spec: Spec): readonly Problem[] {
  const alerts = isList(spec.alert_attributes) ? spec.alert_attributes : [];
  return alerts.flatMap((alert, index) => {
    if (!isObject(alert) || alert.id === undefined) return [];
    const message = 'The `id` of an alert is set by the server and ignored.';
    return [atKey(warning('server-field', ['alert_attributes', index, 'id'], message, 'Remove it.'))];
  });
}
