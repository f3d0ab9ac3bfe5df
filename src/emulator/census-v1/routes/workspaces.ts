import { jsonReply, type Reply } from '../../exchange.ts';
import { idOf, isList, type JsonObject, textAt } from '../../json.ts';
import { type Call, organisationRoute, type Route, reject, workspaceRoute } from '../call.ts';
import { page } from '../page.ts';
import { created, deleted, notFound, success, updated } from '../reply.ts';
import type { Workspace } from '../state.ts';
import { emptyWorkspace, freshKey } from '../world.ts';

/** Workspaces belong to the organisation: a personal access token, except for "which one am I?". */
export const workspaceRoutes: readonly Route[] = [
  workspaceRoute('GET /workspace', ({ workspace }) => success(answer(workspace))),
  organisationRoute('GET /workspaces', (call) =>
    page(call.world.workspaces.all(), call.query, call.address, (one) => JSON.stringify(answer(one))),
  ),
  organisationRoute('POST /workspaces', create),
  organisationRoute('GET /workspaces/:id', (call) => withWorkspace(call, (one) => success(answer(one)))),
  organisationRoute('PATCH /workspaces/:id', (call) => withWorkspace(call, (one) => change(call, one))),
  organisationRoute('DELETE /workspaces/:id', (call) => withWorkspace(call, (one) => remove(call, one))),
  organisationRoute('GET /workspaces/:id/api_key', (call) =>
    withWorkspace(call, ({ api_key }) => jsonReply(200, { api_key })),
  ),
];

function withWorkspace(call: Call, reply: (workspace: Workspace) => Reply): Reply {
  const workspace = call.world.workspaces.get(idOf(call.params.id));
  return workspace === undefined ? notFound() : reply(workspace);
}

function create(call: Call): Reply {
  const { world, body } = call;
  const name = textAt(body, 'name');
  if (name === undefined || name === '') return reject(call, 'name is required');
  if (isTaken(call, name, undefined)) return reject(call, 'Name has already been taken');
  const organization_id = world.workspaces.all()[0]?.organization_id ?? 1;
  const facts = {
    id: world.nextId(),
    name,
    organization_id,
    notification_emails: emails(body) ?? [],
    created_at: world.now(),
  };
  const workspace = emptyWorkspace({ ...facts, api_key: freshKey() });
  world.workspaces.put(workspace);
  const key = body.return_workspace_api_key === true ? { api_key: workspace.api_key } : {};
  return created({ ...answer(workspace), ...key });
}

function change(call: Call, workspace: Workspace): Reply {
  const name = textAt(call.body, 'name') ?? workspace.name;
  if (isTaken(call, name, workspace.id)) return reject(call, 'Name has already been taken');
  const after = { ...workspace, name, notification_emails: emails(call.body) ?? workspace.notification_emails };
  call.world.workspaces.put(after);
  return updated(answer(after));
}

/** What is in it goes with it, and its key with both. */
function remove({ world }: Call, workspace: Workspace): Reply {
  world.workspaces.remove(workspace.id);
  return deleted();
}

function isTaken({ world }: Call, name: string, except: number | undefined): boolean {
  return world.workspaces.all().some((one) => one.name === name && one.id !== except);
}

function emails(body: JsonObject): readonly string[] | undefined {
  return isList(body.notification_emails) ? body.notification_emails.map(String) : undefined;
}

function answer({ id, name, organization_id, created_at, notification_emails }: Workspace): JsonObject {
  return { id, name, organization_id, created_at, notification_emails };
}
