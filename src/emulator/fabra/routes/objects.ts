import type { Outcome } from '../../exchange.ts';
import type { Json } from '../../json.ts';
import { type Call, type Route, route } from '../call.ts';
import { decodeBody, fieldsOf } from '../decode.ts';
import { failure, json, Stopped, unexpected } from '../reply.ts';
import { fieldsOfTarget, type Target, type World } from '../state.ts';
import { fieldView, rawTarget, targetView } from '../views.ts';
import type { Wire } from '../wire.ts';
import { addTarget, readTarget } from './new-object.ts';
import { pathId } from './path-id.ts';

export const objectRoutes: readonly Route[] = [
  route('GET /objects', 'either', list),
  route('GET /object/:id', 'either', read),
  route('POST /object', 'key', create),
  route('PATCH /object/:id', 'key', patch),
  route('PATCH /object/:id/object_fields', 'key', patchFields),
];

/** Objects of an organisation, those of one destination, or those that a link token is limited to. */
function list({ world, caller, query }: Call): Outcome {
  const asked = query.get('destinationID');
  const wanted = asked === null || asked === '' ? undefined : pathId(asked);
  const limits = caller.link?.destinations ?? undefined;
  if (wanted !== undefined && limits?.includes(wanted) === false) throw new Stopped(failure(401));
  const found = targetsOf(world, caller.organisation).filter(
    ({ destination_id: id }) => (wanted === undefined || id === wanted) && limits?.includes(id) !== false,
  );
  return json({ objects: found.map(rawTarget) });
}

export function targetsOf(world: World, organisation: number): readonly Target[] {
  return [...world.objects.values()].filter((target) => target.organization_id === organisation);
}

function read(call: Call): Outcome {
  return shown(named(call), call.world);
}

function shown(target: Target, world: World): Outcome {
  return json({ object: targetView(target, fieldsOfTarget(world, target.id)) });
}

function named({ world, caller, params }: Call): Target {
  const found = world.objects.get(pathId(params.id));
  if (found?.organization_id !== caller.organisation) throw unexpected();
  return found;
}

function create({ world, caller, text }: Call): Outcome {
  const { target, fields } = readTarget(decodeBody(text), caller.organisation);
  return shown(addTarget(world, target, fields), world);
}

/** Null leaves a value as it is. Syncs that exist never follow. */
function patch(call: Call): Outcome {
  const { world } = call;
  const target = named(call);
  const body = decodeBody(call.text);
  const recurring = body.flag('recurring') ?? target.recurring;
  const frequency = recurring ? (body.whole('frequency') ?? target.frequency) : null;
  const frequency_units = recurring ? (body.text('frequency_units') ?? target.frequency_units) : null;
  if (recurring && (frequency === null || frequency_units === null)) throw unexpected();
  const display_name = body.text('display_name') ?? target.display_name;
  const changed: Target = { ...target, display_name, recurring, frequency, frequency_units };
  world.objects.set(target.id, changed);
  return shown(changed, world);
}

function patchFields(call: Call): Outcome {
  const { world } = call;
  const target = named(call);
  const changed: Json[] = [];
  const failures: Json[] = [];
  const items = (decodeBody(call.text).list('object_fields') ?? []).map(fieldsOf);
  if (items.some((item) => (item.whole('id') ?? 0) === 0)) throw unexpected();
  for (const item of items) {
    const id = item.whole('id') ?? 0;
    const field = world.fields.get(id);
    if (field?.object_id !== target.id) {
      failures.push(id);
      continue;
    }
    const display_name = label(item.raw('display_name'), field.display_name);
    const described = { ...field, display_name, description: label(item.raw('description'), field.description) };
    world.fields.set(id, described);
    changed.push(fieldView(described));
  }
  return json({ object_fields: changed, failures });
}

/** Absent leaves it, null clears it, a text sets it; other types are ignored. */
function label(sent: Wire | undefined, before: string | null | undefined): string | null | undefined {
  return sent === null || typeof sent === 'string' ? sent : before;
}
