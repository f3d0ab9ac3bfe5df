import type { Reply } from '../../exchange.ts';
import { idOf, isObject, type JsonObject, textAt } from '../../json.ts';
import { buildSource } from '../build-source.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { refreshStatus, startRefresh } from '../jobs.ts';
import { page } from '../page.ts';
import { created, deleted, notFound, success, updated } from '../reply.ts';
import type { Source, Table } from '../state.ts';
import { modelInSync } from '../sync/source-answer.ts';
import { sourceTypes } from '../types.ts';

export const sourceRoutes: readonly Route[] = [
  workspaceRoute('GET /source_types', (call) =>
    page(sourceTypes, call.query, call.address, (type) => JSON.stringify(type)),
  ),
  workspaceRoute('GET /source_types/:name', ({ params }) => {
    const type = sourceTypes.find((one) => one.service_name === params.name);
    return type === undefined ? notFound() : success(type);
  }),
  workspaceRoute('GET /sources', (call) =>
    page(call.workspace.sources.all(), call.query, call.address, (source) => JSON.stringify(answer(source))),
  ),
  workspaceRoute('POST /sources', create),
  workspaceRoute('GET /sources/:id', (call) => withSource(call, (source) => success(answer(source)))),
  workspaceRoute('PATCH /sources/:id', (call) => withSource(call, (source) => change(call, source))),
  workspaceRoute('DELETE /sources/:id', (call) => withSource(call, (source) => remove(call, source))),
  workspaceRoute('GET /sources/:id/objects', (call) => withSource(call, (source) => objects(call, source))),
  workspaceRoute('GET /sources/:id/tables', (call) =>
    withSource(call, ({ tables }) =>
      page(tables, call.query, call.address, (table) => JSON.stringify(tableAnswer(table))),
    ),
  ),
  workspaceRoute('GET /sources/:id/tables/:table', (call) =>
    withTable(call, (table) =>
      success({ ...tableAnswer(table), columns: table.columns.map((column) => ({ ...column })) }),
    ),
  ),
  workspaceRoute('POST /sources/:id/refresh_tables', (call) =>
    withSource(call, () => startRefresh(call, () => undefined)),
  ),
  workspaceRoute('GET /sources/:id/refresh_tables_status', (call) => withSource(call, () => refreshStatus(call))),
  workspaceRoute('POST /sources/:id/tables/:table/refresh_columns', (call) =>
    withTable(call, () => startRefresh(call, () => undefined)),
  ),
  workspaceRoute('GET /sources/:id/tables/:table/refresh_columns_status', (call) =>
    withTable(call, () => refreshStatus(call)),
  ),
];

/** Answers with the source that the path names, or 404. */
export function withSource(call: WorkspaceCall, reply: (source: Source) => Reply): Reply {
  const source = call.workspace.sources.get(idOf(call.params.id));
  return source === undefined ? notFound() : reply(source);
}

function withTable(call: WorkspaceCall, reply: (table: Table) => Reply): Reply {
  return withSource(call, ({ tables }) => {
    const table = tables.find(({ id }) => id === idOf(call.params.table));
    return table === undefined ? notFound() : reply(table);
  });
}

function create(call: WorkspaceCall): Reply {
  const { world, workspace, body } = call;
  if (!isObject(body.connection)) return reject(call, 'connection is required');
  const { connection } = body;
  const known = sourceTypes.find((type) => type.service_name === connection.type && type.creatable_via_api);
  if (known === undefined) return reject(call, `Connection type '${String(connection.type)}' cannot be created`);
  const name = nameOf(connection) ?? known.label;
  const seed = {
    id: world.nextId(),
    name,
    type: known.service_name,
    sync_engine: textAt(connection, 'sync_engine') ?? 'basic',
  };
  const source = {
    ...buildSource(seed, world, world.now),
    warehouse_writeback_retention_in_days: retention(connection),
  };
  workspace.sources.put(source);
  return created({ id: source.id });
}

function change(call: WorkspaceCall, source: Source): Reply {
  const { connection } = call.body;
  if (!isObject(connection)) return reject(call, 'connection is required');
  for (const key of ['type', 'sync_engine'] as const) {
    if (typeof connection[key] === 'string' && connection[key] !== source[key])
      return reject(call, `${key} cannot be changed`);
  }
  const days = retention(connection) ?? source.warehouse_writeback_retention_in_days;
  const after = { ...source, name: nameOf(connection) ?? source.name, warehouse_writeback_retention_in_days: days };
  call.workspace.sources.put(after);
  return updated(answer(after));
}

function remove(call: WorkspaceCall, source: Source): Reply {
  const { workspace } = call;
  const used = workspace.syncs
    .all()
    .some(({ body }) => isObject(body.source_attributes) && body.source_attributes.connection_id === source.id);
  if (used) return reject(call, 'This source is used by syncs');
  workspace.sources.remove(source.id);
  for (const dataset of workspace.datasets.all())
    if (dataset.source_id === source.id) workspace.datasets.remove(dataset.id);
  return deleted();
}

/** `label` is the older word for `name`. */
function nameOf(connection: JsonObject): string | undefined {
  return textAt(connection, 'name') ?? textAt(connection, 'label');
}

function retention(connection: JsonObject): number | null {
  return idOf(connection.warehouse_writeback_retention_in_days) ?? null;
}

function answer(source: Source): JsonObject {
  const { id, name, type, sync_engine, connection_details, warehouse_writeback_retention_in_days, created_at } = source;
  const tested = { last_test_succeeded: true, last_tested_at: created_at };
  const more = { connection_details, warehouse_writeback_retention_in_days, read_only_connection: false };
  return { id, name, label: name, type, sync_engine, ...more, ...tested, created_at };
}

function tableAnswer({ id, table_catalog, table_schema, table_name }: Table): JsonObject {
  return { type: 'table', id, table_catalog, table_schema, table_name };
}

/** Tables, models and datasets in one list. */
function objects(call: WorkspaceCall, source: Source): Reply {
  const datasets = call.workspace.datasets.all().filter(({ source_id }) => source_id === source.id);
  const all = [
    ...source.tables.map(tableAnswer),
    ...source.models.all().map((model) => modelInSync(model) ?? null),
    ...datasets.map(({ id, source_object_id, name }) => ({
      type: 'business_object_source',
      id: source_object_id,
      dataset_id: id,
      name,
    })),
  ];
  return page(all, call.query, call.address, (object) => JSON.stringify(object));
}
