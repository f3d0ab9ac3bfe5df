import type { Spec } from '../../../../model/json.ts';
import type { Reader } from '../reader.ts';

/** Attributes that only the server sets, or that tell the provider what to wait for. */
const meaningless = [
  'id',
  'workspace_id',
  'cached_record_count',
  'columns',
  'created_at',
  'updated_at',
  'metadata_ready',
  'resource_identifier',
  'wait_for_metadata_refresh',
];

/** What a `census_dataset` of a state says, as a body of the API. A description that is not set is none. */
export function datasetSpec(values: Reader): Spec {
  values.skip(...meaningless);
  const spec = {
    name: values.text('name'),
    type: values.text('type') ?? 'sql',
    query: values.text('query'),
    source_id: values.number('source_id'),
    description: values.text('description') ?? null,
  };
  values.rest();
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
}
