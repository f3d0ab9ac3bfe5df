import { type Fields, fieldsOf } from '../decode.ts';
import { bad, unexpected } from '../reply.ts';
import { freshId, type Target, type TargetField, type World } from '../state.ts';

type NewTarget = Omit<Target, 'id'>;
type NewField = Omit<TargetField, 'id' | 'object_id'>;

interface Wanted {
  readonly target: NewTarget;
  readonly fields: readonly NewField[];
}

/** The body of a create. The type of a field goes in as `field_type` and comes out as `type`. Throws Stopped. */
export function readTarget(body: Fields, organization_id: number): Wanted {
  const target = textsOf(body);
  const recurring = body.flag('recurring');
  const destination_id = body.whole('destination_id') ?? 0;
  const named = target.display_name !== '' && target.target_type !== '' && target.sync_mode !== '';
  const frequency = body.whole('frequency');
  const fields = (body.list('object_fields') ?? []).map((item) => fieldOf(fieldsOf(item), 'field_type'));
  if (recurring === null || !named || destination_id === 0) throw unexpected();
  if (recurring && (frequency === null || target.frequency_units === null)) {
    throw bad('frequency and frequency_units are required for recurring objects');
  }
  if (target.end_customer_id_field === null && target.target_type !== 'webhook') {
    throw bad('end_customer_id_field is required');
  }
  requireCursor(target.cursor_field, fields);
  return { target: { ...target, organization_id, destination_id, recurring, frequency }, fields };
}

const documentedTexts = ['display_name', 'namespace', 'table_name', 'frequency_units', 'end_customer_id_field'];
const documentedNumbers = ['destination_id', 'frequency'];

/** The body of a create as documented: recurring throughout, the type of a field under `type`. Throws Stopped. */
export function readDocumentedTarget(body: Fields, organization_id: number): Wanted {
  const absent = documentedTexts.find((key) => body.text(key) === null);
  const missing = absent ?? documentedNumbers.find((key) => body.whole(key) === null);
  if (missing !== undefined) throw bad(`${missing} is required`);
  const kind = { target_type: 'single_existing', sync_mode: 'full_overwrite', recurring: true };
  const numbers = { destination_id: body.whole('destination_id') ?? 0, frequency: body.whole('frequency') };
  const fields = (body.list('object_fields') ?? []).map((item) => fieldOf(fieldsOf(item), 'type'));
  return { target: { ...textsOf(body), ...kind, ...numbers, organization_id }, fields };
}

/** Adds an object and its fields; the field of the customer's id is always omitted. Throws Stopped. */
export function addTarget(world: World, wanted: NewTarget, fields: readonly NewField[]): Target {
  if (!world.destinations.has(wanted.destination_id)) throw unexpected();
  const target = { id: freshId(world.objects), ...wanted };
  world.objects.set(target.id, target);
  for (const field of fields) {
    const id = freshId(world.fields);
    const omit = field.omit || field.name === target.end_customer_id_field;
    world.fields.set(id, { id, object_id: target.id, ...field, omit });
  }
  return target;
}

function textsOf(body: Fields) {
  return {
    display_name: body.text('display_name') ?? '',
    target_type: body.text('target_type') ?? '',
    namespace: body.text('namespace'),
    table_name: body.text('table_name'),
    sync_mode: body.text('sync_mode') ?? '',
    cursor_field: body.text('cursor_field'),
    primary_key: body.text('primary_key'),
    end_customer_id_field: body.text('end_customer_id_field'),
    frequency_units: body.text('frequency_units'),
  };
}

function fieldOf(item: Fields, typeKey: string): NewField {
  return {
    name: item.text('name') ?? '',
    type: item.text(typeKey) ?? '',
    display_name: item.text('display_name'),
    description: item.text('description'),
    omit: item.flag('omit') ?? false,
    optional: item.flag('optional') ?? false,
  };
}

const cursorTypes = new Set(['DATE', 'DATETIME_TZ', 'DATETIME_NTZ', 'TIMESTAMP', 'INTEGER', 'NUMBER']);

function requireCursor(name: string | null, fields: readonly NewField[]): void {
  if (name === null) return;
  const type = fields.find((field) => field.name === name)?.type ?? '';
  if (!cursorTypes.has(type)) throw bad(`invalid cursor field type: ${type}`);
}
