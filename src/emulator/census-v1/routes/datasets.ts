import type { Reply } from '../../exchange.ts';
import { idOf, isObject, type JsonObject, textAt } from '../../json.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { discovered, queryProblem } from '../columns.ts';
import { refreshStatus, startRefresh } from '../jobs.ts';
import { page } from '../page.ts';
import { created, deleted, notFound, success, updated } from '../reply.ts';
import type { Dataset } from '../state.ts';
import { slug } from '../sync/answer.ts';

export const datasetRoutes: readonly Route[] = [
  workspaceRoute('GET /datasets', list),
  workspaceRoute('POST /datasets', create),
  workspaceRoute('GET /datasets/:id', (call) => withDataset(call, (dataset) => success(answer(dataset)))),
  workspaceRoute('PATCH /datasets/:id', (call) => withDataset(call, (dataset) => change(call, dataset))),
  workspaceRoute('DELETE /datasets/:id', (call) => withDataset(call, (dataset) => remove(call, dataset))),
  workspaceRoute('POST /datasets/:id/refresh_columns', (call) =>
    withDataset(call, ({ id }) => startRefresh(call, () => refresh(call, id))),
  ),
  workspaceRoute('GET /datasets/:id/refresh_columns_status', (call) => withDataset(call, () => refreshStatus(call))),
];

function withDataset(call: WorkspaceCall, reply: (dataset: Dataset) => Reply): Reply {
  const dataset = call.workspace.datasets.get(idOf(call.params.id));
  return dataset === undefined ? notFound() : reply(dataset);
}

/** The only list with a filter. */
function list(call: WorkspaceCall): Reply {
  const type = call.query.get('type');
  const all = call.workspace.datasets.all();
  const wanted = type === null ? all : all.filter((dataset) => dataset.type === type);
  return page(wanted, call.query, call.address, (dataset) => JSON.stringify(answer(dataset)));
}

function create(call: WorkspaceCall): Reply {
  const { world, workspace, body } = call;
  const name = textAt(body, 'name');
  if (name === undefined || name === '') return reject(call, 'name is required');
  if (body.type !== 'sql') return reject(call, 'type must be sql');
  const source = workspace.sources.get(idOf(body.source_id));
  if (source === undefined) return reject(call, 'source_id is invalid');
  const query = textAt(body, 'query') ?? '';
  const problem = queryProblem(query);
  if (problem !== undefined) return reject(call, problem);
  const now = world.now();
  const blank = { columns: [], cached_record_count: null, refresh_failure: null, created_at: now, updated_at: now };
  const facts = { name, type: 'sql', query, description: textAt(body, 'description') ?? null, source_id: source.id };
  const dataset: Dataset = { id: world.nextId(), source_object_id: world.nextId(), ...facts, ...blank };
  workspace.datasets.put(dataset);
  return created(answer(dataset));
}

function change(call: WorkspaceCall, dataset: Dataset): Reply {
  const { world, workspace, body } = call;
  const query = textAt(body, 'query') ?? dataset.query;
  const problem = queryProblem(query);
  if (problem !== undefined) return reject(call, problem);
  const name = textAt(body, 'name') ?? dataset.name;
  const description = body.description === null ? null : (textAt(body, 'description') ?? dataset.description);
  const columns = query === dataset.query ? dataset.columns : [];
  const after = { ...dataset, name, query, description, columns, updated_at: world.now() };
  workspace.datasets.put(after);
  return updated(answer(after));
}

function remove(call: WorkspaceCall, dataset: Dataset): Reply {
  const { workspace } = call;
  const used = workspace.syncs.all().some(({ body }) => {
    const object = isObject(body.source_attributes) ? body.source_attributes.object : undefined;
    return isObject(object) && object.type === 'dataset' && object.id === dataset.id;
  });
  if (used) return reject(call, 'This dataset is used by syncs');
  workspace.datasets.remove(dataset.id);
  return deleted();
}

function refresh({ workspace }: WorkspaceCall, id: number): string | undefined {
  const dataset = workspace.datasets.get(id);
  if (dataset === undefined) return undefined;
  if (dataset.refresh_failure !== null) return dataset.refresh_failure;
  workspace.datasets.put(discovered(dataset, workspace));
  return undefined;
}

function answer(dataset: Dataset): JsonObject {
  const { id, name, type, query, description, source_id, cached_record_count, created_at, updated_at } = dataset;
  const columns = dataset.columns.map((column) => ({
    name: column.name,
    data_type: column.type,
    can_be_upsert_key: true,
  }));
  const identity = { id, name, type, resource_identifier: `dataset:${slug(name)}`, description, source_id };
  return { ...identity, query, columns, cached_record_count, created_at, updated_at };
}
