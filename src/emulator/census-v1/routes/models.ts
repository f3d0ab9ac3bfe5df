import type { Reply } from '../../exchange.ts';
import { idOf, type JsonObject, textAt } from '../../json.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { columnsOfQuery, queryProblem } from '../columns.ts';
import { refreshStatus, startRefresh } from '../jobs.ts';
import { page } from '../page.ts';
import { created, deleted, notFound, success, updated } from '../reply.ts';
import type { Model, Source } from '../state.ts';
import { withSource } from './sources.ts';

const base = '/sources/:id/models';

export const modelRoutes: readonly Route[] = [
  workspaceRoute(`GET ${base}`, (call) =>
    withSource(call, ({ models }) =>
      page(models.all(), call.query, call.address, (model) => JSON.stringify(answer(model))),
    ),
  ),
  workspaceRoute(`POST ${base}`, (call) => withSource(call, (source) => create(call, source))),
  workspaceRoute(`GET ${base}/:model`, (call) => withModel(call, (model) => success(answer(model)))),
  workspaceRoute(`PATCH ${base}/:model`, (call) => withModel(call, (model, source) => change(call, source, model))),
  workspaceRoute(`DELETE ${base}/:model`, (call) =>
    withModel(call, (model, source) => {
      source.models.remove(model.id);
      return deleted();
    }),
  ),
  workspaceRoute(`POST ${base}/:model/refresh_columns`, (call) =>
    withModel(call, (model, source) => startRefresh(call, () => refresh(source, model.id))),
  ),
  workspaceRoute(`GET ${base}/:model/refresh_columns_status`, (call) => withModel(call, () => refreshStatus(call))),
];

function withModel(call: WorkspaceCall, reply: (model: Model, source: Source) => Reply): Reply {
  return withSource(call, (source) => {
    const model = source.models.get(idOf(call.params.model));
    return model === undefined ? notFound() : reply(model, source);
  });
}

function create(call: WorkspaceCall, source: Source): Reply {
  const { world, body } = call;
  const name = textAt(body, 'name');
  const query = textAt(body, 'query') ?? '';
  if (name === undefined || name === '') return reject(call, 'name is required');
  const problem = queryProblem(query);
  if (problem !== undefined) return reject(call, problem);
  const now = world.now();
  const facts = { name, query, description: textAt(body, 'description') ?? null, approved: body.approved === true };
  const columns = columnsOfQuery(query, source);
  const model = {
    id: world.nextId(),
    source_object_id: world.nextId(),
    ...facts,
    columns,
    created_at: now,
    updated_at: now,
  };
  source.models.put(model);
  return created({ id: model.id });
}

function change(call: WorkspaceCall, source: Source, model: Model): Reply {
  const { world, body } = call;
  const query = textAt(body, 'query') ?? model.query;
  const problem = queryProblem(query);
  if (problem !== undefined) return reject(call, problem);
  const name = textAt(body, 'name') ?? model.name;
  const description = body.description === null ? null : (textAt(body, 'description') ?? model.description);
  const approved = typeof body.approved === 'boolean' ? body.approved : model.approved;
  const columns = query === model.query ? model.columns : columnsOfQuery(query, source);
  const after = { ...model, name, query, description, approved, columns, updated_at: world.now() };
  source.models.put(after);
  return updated(answer(after));
}

function refresh(source: Source, id: number): undefined {
  const model = source.models.get(id);
  if (model === undefined || model.columns.length > 0) return;
  source.models.put({ ...model, columns: columnsOfQuery(model.query, source) });
}

function answer(model: Model): JsonObject {
  const columns = model.columns.map((column) => ({ ...column }));
  return { type: 'model', ...model, compiled_query: model.query, columns };
}
