import type { Problem } from '../../../model/diagnostic.ts';
import { isList, isObject, type Spec } from '../../../model/json.ts';
import { serverOnly } from '../encode.ts';

/**
 * What a manifest declares and the documented API has no words for. It cannot be sent and must not be dropped silently, so it
 * is said before anything is planned.
 */
export function documentedLimits(spec: Spec): readonly Problem[] {
  const paths = serverOnly.filter((key) => isSaid(spec[key])).map((key) => `/spec/${key}`);
  if (spec.status === 'paused') paths.push('/spec/status');
  for (const [index, mapping] of (isList(spec.field_mappings) ? spec.field_mappings : []).entries()) {
    if (!isObject(mapping)) continue;
    if (isSaid(mapping.source_field_type)) paths.push(`/spec/field_mappings/${index}/source_field_type`);
    if (mapping.is_json_field === true) paths.push(`/spec/field_mappings/${index}/is_json_field`);
  }
  return paths.map((path) => ({
    severity: 'error',
    code: 'unsupported-field',
    message: `The documented API has no word for \`${path.slice(path.lastIndexOf('/') + 1)}\`.`,
    hint: 'Leave it out, or use `api: server` if the service is the published server.',
    path,
    at: 'key',
  }));
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}
