import type { Source } from '../../census-v1/state.ts';
import { sourceTypes } from '../../census-v1/types.ts';
import type { Reply } from '../../exchange.ts';
import { idOf, type JsonObject, objectAt, objectIn } from '../../json.ts';
import { askOlder, olderRoutes, route, type V2Call, type V2Route, withKept } from '../call.ts';
import { everyOne, type Face, groupOf, type Kept, keptIn } from '../face.ts';
import { shift, unshifted } from '../ids.ts';
import { page, visible } from '../page.ts';
import { isFailure, refused, shown } from '../reply.ts';

/** Sources, and everything that version 1 has below one of them. */
export const sourceRoutes: readonly V2Route[] = [
  route('GET /source_types', ({ exchange: { query } }) => page(sourceTypes, query, (type) => JSON.stringify(type))),
  route('GET /source_types/:name', (call) => inAny(call, 'GET /source_types/:name')),
  route('GET /sources', list),
  route('POST /sources', create),
  ...[...olderRoutes.keys()].filter((on) => / \/sources\/:id/u.test(on)).map(below),
];

/** The same as in version 1, for the source that the path names. */
function below(on: string): V2Route {
  const isWhole = on.endsWith('/:id');
  return route(on, (call) =>
    withSource(call, (kept) => {
      const params = { ...call.params, id: String(kept.thing.id) };
      const reply = askOlder(call, on, { workspace: kept.workspace, params });
      return shown(reply, (data) => (isWhole ? sourceAnswer(call.face, kept, data) : data));
    }),
  );
}

function withSource(call: V2Call, reply: (source: Kept<Source>) => Reply): Reply {
  const { face, params } = call;
  const id = unshifted(face, 'source', params.id);
  const kept = keptIn(face, ({ sources }) => sources.get(id));
  return withKept(call, kept, ({ workspace, thing }) => groupOf(face, workspace, thing.id), reply);
}

function list(call: V2Call): Reply {
  const { face, exchange } = call;
  const all = everyOne(face, ({ sources }) => sources.all());
  const seen = visible(face, all, ({ workspace, thing }) => groupOf(face, workspace, thing.id));
  return page(seen, exchange.query, (kept) => JSON.stringify(fetched(call, kept)));
}

function fetched(call: V2Call, kept: Kept<Source>): JsonObject {
  const params = { id: String(kept.thing.id) };
  const reply = askOlder(call, 'GET /sources/:id', { workspace: kept.workspace, params });
  return sourceAnswer(call.face, kept, objectAt(objectIn(reply.text) ?? {}, 'data'));
}

/** What version 1 says of a source, with its group, and without the deprecated `label`. */
function sourceAnswer(face: Face, { workspace, thing }: Kept<Source>, older: JsonObject): JsonObject {
  const { id, label: _, read_only_connection: __, ...rest } = older;
  const last_test_results = [{ name: 'connect', status: 'succeeded', error: null }];
  return { id: shift(face, 'source', id), group_id: groupOf(face, workspace, thing.id), ...rest, last_test_results };
}

/** Answers that are the same in every workspace. */
function inAny(call: V2Call, on: string): Reply {
  const [workspace] = call.face.world.workspaces.all();
  return workspace === undefined ? refused('This account is empty') : askOlder(call, on, { workspace });
}

/** A new source belongs to the oldest workspace: version 2 knows none. */
function create(call: V2Call): Reply {
  const [workspace] = call.face.world.workspaces.all();
  if (workspace === undefined) return refused('This account is empty');
  const reply = askOlder(call, 'POST /sources', { workspace });
  if (isFailure(reply)) return reply;
  const thing = workspace.sources.get(idOf(objectAt(objectIn(reply.text) ?? {}, 'data').id));
  return shown(reply, (data) => (thing === undefined ? data : fetched(call, { workspace, thing })));
}
