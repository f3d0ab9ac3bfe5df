import type { Source } from '../../census-v1/state.ts';
import { connectors } from '../../census-v1/types.ts';
import type { Reply } from '../../exchange.ts';
import { jsonReply } from '../../exchange.ts';
import { idOf, isObject, type JsonObject, objectAt, objectIn, textAt } from '../../json.ts';
import { activationAnswer } from '../activation-answer.ts';
import { askOlder, olderRoutes, route, type V2Call, type V2Route, withGroup, withKept } from '../call.ts';
import { type Activation, activationById, activations, groupOf, isSeen, type Kept, syncsOf } from '../face.ts';
import { page } from '../page.ts';
import { isFailure, refused, shown } from '../reply.ts';
import { activationSlug } from '../slug.ts';

/** Activations, their types, and what version 1 has below a destination. */
export const activationRoutes: readonly V2Route[] = [
  route('GET /activation_types', ({ exchange: { query } }) => page(connectors, query, (type) => JSON.stringify(type))),
  route('GET /activations', list),
  route('POST /activations', create),
  route('GET /activations/:id', (call) => withActivation(call, (one) => whole(call, one, 200, 'success'))),
  route('PATCH /activations/:id', (call) => withActivation(call, (one) => change(call, one))),
  route('DELETE /activations/:id', (call) => withActivation(call, (one) => remove(call, one))),
  ...[...olderRoutes.keys()].filter((on) => / \/destinations\/:id\//u.test(on)).map(below),
];

/** The same as in version 1, for the destination of the activation that the path names. */
function below(on: string): V2Route {
  return route(on.replace('/destinations/', '/activations/'), (call) =>
    withActivation(call, ({ workspace, destination }) => {
      const params = { ...call.params, id: String(destination.id) };
      return shown(askOlder(call, on, { workspace, params }), (data) => data);
    }),
  );
}

function withActivation(call: V2Call, reply: (activation: Activation) => Reply): Reply {
  const { face, params } = call;
  const found = activationById(face, String(params.id));
  const kept = found === undefined ? undefined : { workspace: found.workspace, thing: found };
  return withKept(
    call,
    kept,
    ({ workspace, thing }) => groupOf(face, workspace, thing.source.id),
    ({ thing }) => reply(thing),
  );
}

function list({ face, exchange: { query } }: V2Call): Reply {
  const seen = activations(face).filter(({ workspace, source }) => isSeen(face, groupOf(face, workspace, source.id)));
  return page(seen, query, (one) => JSON.stringify(activationAnswer(face, one)));
}

function whole({ face }: V2Call, activation: Activation, code: number, status: string): Reply {
  return jsonReply(code, { status, data: activationAnswer(face, activation) });
}

/** Makes the destination that version 1 shows, too. */
function create(call: V2Call): Reply {
  const { activation: asked } = call.body;
  if (!isObject(asked)) return refused('activation is required');
  return withGroup(call.face, asked.group_id, (source) => {
    const problem = problemOf(asked);
    return problem === undefined ? createIn(call, asked, source) : refused(problem);
  });
}

function createIn(call: V2Call, { type, name }: JsonObject, { workspace, thing: source }: Kept<Source>): Reply {
  const body = { service_connection: { type, name } };
  const reply = askOlder(call, 'POST /destinations', { workspace, body });
  const destination = workspace.destinations.get(idOf(objectAt(objectIn(reply.text) ?? {}, 'data').id));
  if (isFailure(reply) || destination === undefined) return reply;
  const id = activationSlug(source.id, destination.id);
  call.face.pairs.set(id, 'made');
  return whole(call, { id, workspace, source, destination }, 201, 'created');
}

function problemOf(asked: JsonObject): string | undefined {
  if (!connectors.some(({ service_name }) => service_name === asked.type)) return `Invalid type: ${String(asked.type)}`;
  if (!textAt(asked, 'name')) return 'name is required';
  return isObject(asked.credentials) ? undefined : 'credentials is required';
}

/** Its name is the destination's, so every activation of that destination has it. */
function change(call: V2Call, activation: Activation): Reply {
  const { face, body } = call;
  const { activation: asked } = body;
  const { workspace, source, destination } = activation;
  if (!isObject(asked)) return refused('activation is required');
  if (asked.group_id !== undefined && asked.group_id !== groupOf(face, workspace, source.id)) {
    return refused(`Invalid group_id: ${String(asked.group_id)}`);
  }
  if (asked.type !== undefined && asked.type !== destination.type)
    return refused(`Invalid type: ${String(asked.type)}`);
  const params = { id: String(destination.id) };
  const older = { service_connection: { name: asked.name } };
  const reply = askOlder(call, 'PATCH /destinations/:id', { workspace, params, body: older });
  const after = workspace.destinations.get(destination.id) ?? destination;
  return isFailure(reply) ? reply : whole(call, { ...activation, destination: after }, 200, 'updated');
}

/** The destination goes with the last of its activations. */
function remove(call: V2Call, activation: Activation): Reply {
  const { face } = call;
  const { id, workspace, destination } = activation;
  const syncs = syncsOf(activation);
  if (syncs.length > 0 && face.switches.deleteWithSyncs === 'refuse')
    return refused('This activation is used by syncs');
  for (const sync of syncs) {
    askOlder(call, 'DELETE /syncs/:id', { workspace, params: { id: String(sync.id) } });
  }
  face.pairs.set(id, 'gone');
  const isUsed = activations(face).some((one) => one.destination.id === destination.id);
  if (!isUsed) askOlder(call, 'DELETE /destinations/:id', { workspace, params: { id: String(destination.id) } });
  return jsonReply(200, { message: `Activation with ID ${id} successfully deleted` });
}
