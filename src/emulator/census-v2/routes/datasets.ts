import type { Dataset } from '../../census-v1/state.ts';
import { jsonReply, type Reply } from '../../exchange.ts';
import { idOf, type JsonObject, objectAt, objectIn } from '../../json.ts';
import { askOlder, olderRoutes, route, type V2Call, type V2Route, withGroup, withKept } from '../call.ts';
import { everyOne, type Face, groupOf, type Kept, keptIn } from '../face.ts';
import { shift } from '../ids.ts';
import { groupedPage } from '../page.ts';
import { isFailure, shown } from '../reply.ts';

/** Datasets, and everything that version 1 has below one of them. */
export const datasetRoutes: readonly V2Route[] = [
  route('GET /datasets', list),
  route('POST /datasets', create),
  ...[...olderRoutes.keys()].filter((on) => / \/datasets\/:id/u.test(on)).map(below),
];

/** The same as in version 1, for the dataset that the path names. */
function below(on: string): V2Route {
  return route(on, (call) =>
    withDataset(call, (kept) => {
      const { source_id: _, group_id: __, ...body } = call.body;
      const reply = askOlder(call, on, { workspace: kept.workspace, body });
      return shown(reply, (data) => datasetAnswer(call.face, kept, data));
    }),
  );
}

function withDataset(call: V2Call, reply: (dataset: Kept<Dataset>) => Reply): Reply {
  const { face, params } = call;
  const kept = keptIn(face, ({ datasets }) => datasets.get(idOf(params.id)));
  return withKept(call, kept, (one) => groupOfDataset(face, one), reply);
}

function groupOfDataset(face: Face, { workspace, thing }: Kept<Dataset>): string {
  return groupOf(face, workspace, thing.source_id);
}

function list(call: V2Call): Reply {
  const { face } = call;
  const type = call.exchange.query.get('type');
  const all = everyOne(face, ({ datasets }) => datasets.all());
  const wanted = all.filter(({ thing }) => type === null || thing.type === type);
  const group = (kept: Kept<Dataset>) => groupOfDataset(face, kept);
  return groupedPage(call, wanted, group, (kept) => JSON.stringify(fetched(call, kept)));
}

/** A new dataset reads from the group's source; where the group has several, from the oldest. */
function create(call: V2Call): Reply {
  const { face, body } = call;
  return withGroup(face, body.group_id, ({ workspace, thing: source }) => {
    const reply = askOlder(call, 'POST /datasets', { workspace, body: { ...body, source_id: source.id } });
    const thing = workspace.datasets.get(idOf(objectAt(objectIn(reply.text) ?? {}, 'data').id));
    if (isFailure(reply) || thing === undefined) return reply;
    return jsonReply(201, { status: 'created', data: fetched(call, { workspace, thing }) });
  });
}

function fetched(call: V2Call, kept: Kept<Dataset>): JsonObject {
  const params = { id: String(kept.thing.id) };
  const reply = askOlder(call, 'GET /datasets/:id', { workspace: kept.workspace, params });
  return datasetAnswer(call.face, kept, objectAt(objectIn(reply.text) ?? {}, 'data'));
}

function datasetAnswer(face: Face, kept: Kept<Dataset>, older: JsonObject): JsonObject {
  return { ...older, source_id: shift(face, 'source', older.source_id), group_id: groupOfDataset(face, kept) };
}
