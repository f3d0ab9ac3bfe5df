import type { Outcome } from '../exchange.ts';
import type { JsonObject } from '../json.ts';
import { type Call, type Route, route } from './call.ts';
import { decodeBody, type Fields, fieldsOf } from './decode.ts';
import { bad, json, unexpected } from './reply.ts';
import { accountRoutes } from './routes/account.ts';
import { addTarget, readDocumentedTarget } from './routes/new-object.ts';
import { targetsOf } from './routes/objects.ts';
import { addDestination, addSource, destinationsOf } from './routes/places.ts';
import { fieldsOfTarget, type Mapping, type Sync, type Target, type World } from './state.ts';
import { createSync } from './sync/create.ts';
import { destinationView, sourceView } from './views.ts';

/**
 * The service as its documentation has it: creates and lists, nothing for a single thing. Mappings are by name and stand
 * inside the sync, a sync names its destination, and an answer gives back what was sent.
 */
export const documentedRoutes: readonly Route[] = [
  route('POST /sync', 'key', create),
  route('GET /syncs', 'key', list),
  route('POST /destination', 'key', ({ world, caller, text }) =>
    documented({ destination: destinationView(addDestination(world, caller.organisation, decodeBody(text))) }),
  ),
  route('GET /destinations', 'key', ({ world, caller }) =>
    documented({ destinations: destinationsOf(world, caller.organisation).map(destinationView) }),
  ),
  route('POST /source', 'key', ({ world, caller, text }) =>
    documented({ source: sourceView(addSource(world, caller.organisation, decodeBody(text), undefined)) }),
  ),
  route('GET /sources', 'key', ({ world, caller }) =>
    documented({
      sources: [...world.sources.values()]
        .filter((source) => source.organization_id === caller.organisation)
        .map(sourceView),
    }),
  ),
  route('POST /object', 'key', ({ world, caller, text }) => {
    const { target, fields } = readDocumentedTarget(decodeBody(text), caller.organisation);
    return documented({ object: objectView(addTarget(world, target, fields), world) });
  }),
  route('GET /objects', 'key', ({ world, caller }) =>
    documented({ objects: targetsOf(world, caller.organisation).map((target) => objectView(target, world)) }),
  ),
  ...accountRoutes
    .filter(({ on }) => /^POST \/link_token|\/connection\/(?:namespaces|tables|schema)$|\/record$/u.test(on))
    .map((one) => ({ ...one, handle: (call: Call) => typed(one.handle(call)) })),
];

function documented(body: JsonObject): Outcome {
  return json(body, 'application/json');
}

function typed(outcome: Outcome): Outcome {
  if (outcome === 'drop') return outcome;
  return { ...outcome, headers: { ...outcome.headers, 'content-type': 'application/json' } };
}

const required = ['display_name', 'source_id', 'destination_id', 'object_id', 'end_customer_id', 'field_mappings'];
const units = ['minutes', 'hours', 'days', 'weeks'];

function create({ world, caller, text }: Call): Outcome {
  const body = decodeBody(text);
  const missing = required.find((key) => (body.raw(key) ?? null) === null);
  if (missing !== undefined) throw bad(`${missing} is required`);
  const target = world.objects.get(body.whole('object_id') ?? 0);
  const source = world.sources.get(body.whole('source_id') ?? 0);
  if (target?.organization_id !== caller.organisation) throw unexpected();
  if (source?.organization_id !== caller.organisation) throw unexpected();
  if (target.destination_id !== body.whole('destination_id')) throw bad('object does not belong to the destination');
  const request = requestOf(body, target, world);
  return documented({
    sync: syncView(createSync(request, request.end_customer_id, caller.organisation, world), world),
  });
}

function requestOf(body: Fields, target: Target, world: World) {
  const frequency_units = body.text('frequency_units');
  const frequency = body.whole('frequency');
  if (frequency_units !== null && !units.includes(frequency_units)) throw bad('unknown frequency_units');
  return {
    display_name: body.text('display_name') ?? '',
    end_customer_id: body.text('end_customer_id') ?? '',
    source_id: body.whole('source_id') ?? 0,
    object_id: target.id,
    namespace: body.text('namespace'),
    table_name: body.text('table_name'),
    custom_join: body.text('custom_join'),
    source_cursor_field: body.text('cursor_field'),
    source_primary_key: body.text('primary_key'),
    sync_mode: null,
    recurring: frequency !== null && frequency_units !== null,
    frequency,
    frequency_units,
    field_mappings: (body.list('field_mappings') ?? []).map((item) => mappingOf(fieldsOf(item), target, world)),
  };
}

/** Throws Stopped for a name that the object does not have. */
function mappingOf(item: Fields, target: Target, world: World): Mapping {
  const name = item.text('destination_field_name') ?? '';
  const field = fieldsOfTarget(world, target.id).find((one) => one.name === name);
  if (field === undefined) throw bad(`object has no field ${name}`);
  return {
    source_field_name: item.text('source_field_name') ?? '',
    source_field_type: '',
    destination_field_id: field.id,
    is_json_field: false,
  };
}

function list({ world, caller }: Call): Outcome {
  const shown = [...world.syncs.values()].filter(
    (sync) => sync.organization_id === caller.organisation && !sync.deactivated,
  );
  return documented({ syncs: shown.reverse().map((sync) => syncView(sync, world)) });
}

function syncView(sync: Sync, world: World): JsonObject {
  return {
    cursor_field: sync.source_cursor_field ?? undefined,
    custom_join: sync.custom_join ?? undefined,
    destination_id: world.objects.get(sync.object_id)?.destination_id,
    display_name: sync.display_name,
    end_customer_id: sync.end_customer_id,
    field_mappings: sync.field_mappings.map((mapping) => ({
      destination_field_name: world.fields.get(mapping.destination_field_id)?.name,
      source_field_name: mapping.source_field_name,
    })),
    frequency: sync.frequency ?? undefined,
    frequency_units: sync.frequency_units ?? undefined,
    id: sync.id,
    namespace: sync.namespace ?? undefined,
    object_id: sync.object_id,
    primary_key: sync.source_primary_key ?? undefined,
    source_id: sync.source_id,
    table_name: sync.table_name ?? undefined,
  };
}

function objectView(target: Target, world: World): JsonObject {
  return {
    destination_id: target.destination_id,
    display_name: target.display_name,
    end_customer_id_field: target.end_customer_id_field ?? undefined,
    id: target.id,
    namespace: target.namespace ?? undefined,
    object_fields: fieldsOfTarget(world, target.id).map(({ name, type }) => ({ name, type: type.toLowerCase() })),
    table_name: target.table_name ?? undefined,
  };
}
