import type { Webhook } from '../../census-v1/state.ts';
import { jsonReply, type Reply } from '../../exchange.ts';
import { idOf, type JsonObject, objectAt, objectIn, textAt } from '../../json.ts';
import { askOlder, route, type V2Call, type V2Route, withGroup, withKept } from '../call.ts';
import { everyOne, type Face, groupOf, type Kept, keptIn, sourceOfGroup } from '../face.ts';
import { visible } from '../page.ts';
import { refused, shown } from '../reply.ts';

/** Webhooks are of the account, and each names a group. */
export const webhookRoutes: readonly V2Route[] = [
  route('GET /webhooks', list),
  route('POST /webhooks', create),
  ...['GET /webhooks/:id', 'PATCH /webhooks/:id', 'DELETE /webhooks/:id'].map((on) =>
    route(on, (call) => withWebhook(call, (kept) => same(call, on, kept))),
  ),
];

function withWebhook(call: V2Call, reply: (webhook: Kept<Webhook>) => Reply): Reply {
  const { face, params } = call;
  const kept = keptIn(face, ({ webhooks }) => webhooks.get(idOf(params.id)));
  return withKept(call, kept, (one) => groupOfWebhook(face, one), reply);
}

/** The group it was made with; one that was made through version 1 is of its workspace's oldest source. */
function groupOfWebhook(face: Face, { workspace, thing }: Kept<Webhook>): string | undefined {
  const [oldest] = workspace.sources.all();
  return textAt(thing.body, 'group_id') ?? (oldest === undefined ? undefined : groupOf(face, workspace, oldest.id));
}

/** The whole list, without pages; its items have no ids. */
function list(call: V2Call): Reply {
  const { face } = call;
  const all = everyOne(face, ({ webhooks }) => webhooks.all());
  const seen = visible(face, all, (kept) => groupOfWebhook(face, kept));
  const data = seen.map((kept) => {
    const params = { id: String(kept.thing.id) };
    const reply = askOlder(call, 'GET /webhooks/:id', { workspace: kept.workspace, params });
    const { id: _, ...rest } = webhookAnswer(face, kept, objectAt(objectIn(reply.text) ?? {}, 'data'));
    return rest;
  });
  return jsonReply(200, { status: 'success', data });
}

function create(call: V2Call): Reply {
  const { face, body } = call;
  return withGroup(face, body.group_id, ({ workspace }) =>
    shown(askOlder(call, 'POST /webhooks', { workspace }), (data) => ({ ...data, group_id: body.group_id })),
  );
}

function same(call: V2Call, on: string, kept: Kept<Webhook>): Reply {
  const { face, body } = call;
  const { workspace } = kept;
  if (body.group_id !== undefined && sourceOfGroup(face, body.group_id)?.workspace.id !== workspace.id) {
    return refused(`Invalid group_id: ${String(body.group_id)}`);
  }
  const reply = askOlder(call, on, { workspace });
  const after = workspace.webhooks.get(kept.thing.id) ?? kept.thing;
  return shown(reply, (data) => webhookAnswer(face, { workspace, thing: after }, data));
}

function webhookAnswer(face: Face, kept: Kept<Webhook>, older: JsonObject): JsonObject {
  return { ...older, group_id: groupOfWebhook(face, kept) ?? null };
}
