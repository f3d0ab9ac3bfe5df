import { randomBytes } from 'node:crypto';
import type { Reply } from '../../exchange.ts';
import { idOf, isList, type JsonObject, textAt } from '../../json.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { page } from '../page.ts';
import { created, deleted, notFound, success, updated } from '../reply.ts';
import type { Webhook } from '../state.ts';

/** Webhooks are kept, never called. */
export const webhookRoutes: readonly Route[] = [
  workspaceRoute('GET /webhooks', (call) =>
    page(call.workspace.webhooks.all(), call.query, call.address, (webhook) => JSON.stringify(answer(webhook))),
  ),
  workspaceRoute('POST /webhooks', create),
  workspaceRoute('GET /webhooks/:id', (call) => withWebhook(call, (webhook) => success(answer(webhook)))),
  workspaceRoute('PATCH /webhooks/:id', (call) => withWebhook(call, (webhook) => change(call, webhook))),
  workspaceRoute('DELETE /webhooks/:id', (call) =>
    withWebhook(call, ({ id }) => {
      call.workspace.webhooks.remove(id);
      return deleted();
    }),
  ),
];

function withWebhook(call: WorkspaceCall, reply: (webhook: Webhook) => Reply): Reply {
  const webhook = call.workspace.webhooks.get(idOf(call.params.id));
  return webhook === undefined ? notFound() : reply(webhook);
}

/** The signing secret is shown once. */
function create(call: WorkspaceCall): Reply {
  const problem = problemOf(call.body);
  if (problem !== undefined) return reject(call, problem);
  const webhook = { id: call.world.nextId(), created_at: call.world.now(), body: call.body };
  call.workspace.webhooks.put(webhook);
  return created({ ...answer(webhook), signing_secret: randomBytes(24).toString('base64url') });
}

function change(call: WorkspaceCall, webhook: Webhook): Reply {
  const after = { ...webhook, body: { ...webhook.body, ...call.body } };
  const problem = problemOf(after.body);
  if (problem !== undefined) return reject(call, problem);
  call.workspace.webhooks.put(after);
  return updated(answer(after));
}

function problemOf(body: JsonObject): string | undefined {
  if (!textAt(body, 'name')) return 'name is required';
  return textAt(body, 'endpoint')?.startsWith('https://') === true ? undefined : 'endpoint must be an HTTPS address';
}

function answer({ id, created_at, body }: Webhook): JsonObject {
  const { name, description = null, endpoint } = body;
  return { id, name, description, endpoint, events: isList(body.events) ? body.events : [], created_at };
}
