import type { Reply } from '../../exchange.ts';
import { idOf, isObject, type JsonObject, textAt } from '../../json.ts';
import { buildDestination } from '../build-destination.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { refreshStatus, startRefresh } from '../jobs.ts';
import { page } from '../page.ts';
import { created, deleted, notFound, success, updated } from '../reply.ts';
import type { Destination, DestinationObject } from '../state.ts';
import { connectors } from '../types.ts';

export const destinationRoutes: readonly Route[] = [
  workspaceRoute('GET /connectors', (call) =>
    page(connectors, call.query, call.address, (type) => JSON.stringify(type)),
  ),
  workspaceRoute('GET /destinations', (call) =>
    page(call.workspace.destinations.all(), call.query, call.address, (one) => JSON.stringify(answer(one))),
  ),
  workspaceRoute('POST /destinations', create),
  workspaceRoute('GET /destinations/:id', (call) => withDestination(call, (one) => success(answer(one)))),
  workspaceRoute('PATCH /destinations/:id', (call) => withDestination(call, (one) => change(call, one))),
  workspaceRoute('DELETE /destinations/:id', (call) => withDestination(call, (one) => remove(call, one))),
  workspaceRoute('GET /destinations/:id/objects', (call) =>
    withDestination(call, ({ objects }) =>
      page(objects, call.query, call.address, (object) => JSON.stringify(object.answer)),
    ),
  ),
  workspaceRoute('GET /destinations/:id/objects/:object', (call) =>
    withObject(call, (object) => success(object.answer)),
  ),
  workspaceRoute('POST /destinations/:id/refresh_objects', (call) =>
    withDestination(call, () => startRefresh(call, () => undefined)),
  ),
  workspaceRoute('GET /destinations/:id/refresh_objects_status', (call) =>
    withDestination(call, () => refreshStatus(call)),
  ),
  workspaceRoute('POST /destinations/:id/objects/:object/refresh_fields', (call) =>
    withObject(call, () => startRefresh(call, () => undefined)),
  ),
  workspaceRoute('GET /destinations/:id/objects/:object/refresh_fields_status', (call) =>
    withObject(call, () => refreshStatus(call)),
  ),
];

function withDestination(call: WorkspaceCall, reply: (destination: Destination) => Reply): Reply {
  const destination = call.workspace.destinations.get(idOf(call.params.id));
  return destination === undefined ? notFound() : reply(destination);
}

function withObject(call: WorkspaceCall, reply: (object: DestinationObject) => Reply): Reply {
  return withDestination(call, ({ objects }) => {
    const object = objects.find(({ full_name }) => full_name === call.params.object);
    return object === undefined ? notFound() : reply(object);
  });
}

function create(call: WorkspaceCall): Reply {
  const { world, workspace, body } = call;
  if (!isObject(body.service_connection)) return reject(call, 'service_connection is required');
  const type = textAt(body.service_connection, 'type') ?? textAt(body, 'type');
  const connector = connectors.find((one) => one.service_name === type);
  if (connector === undefined) return reject(call, `Destination type '${String(type)}' could not be found`);
  const name = textAt(body.service_connection, 'name') ?? connector.label;
  const destination = buildDestination({ id: world.nextId(), name, type: connector.service_name }, world.now());
  workspace.destinations.put(destination);
  return created({ id: destination.id });
}

/** Refused without `service_connection`, even for a new name. */
function change(call: WorkspaceCall, destination: Destination): Reply {
  const { service_connection: connection } = call.body;
  if (!isObject(connection)) return reject(call, 'service_connection is required');
  const after = { ...destination, name: textAt(connection, 'name') ?? destination.name };
  call.workspace.destinations.put(after);
  return updated(answer(after));
}

function remove(call: WorkspaceCall, destination: Destination): Reply {
  const { workspace } = call;
  const used = workspace.syncs.all().some(({ body }) => {
    return isObject(body.destination_attributes) && body.destination_attributes.connection_id === destination.id;
  });
  if (used) return reject(call, 'This destination is used by syncs');
  workspace.destinations.remove(destination.id);
  return deleted();
}

function answer({ id, name, type, created_at, connection_details, objects }: Destination): JsonObject {
  const tested = { last_test_succeeded: true, last_tested_at: created_at };
  return { id, name, type, created_at, connection_details, ...tested, objects: objects.map((object) => object.answer) };
}
