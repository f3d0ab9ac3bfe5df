import type { Reply } from '../exchange.ts';
import type { JsonObject } from '../json.ts';
import type { Quirks } from './quirks.ts';
import { refused } from './reply.ts';
import type { Workspace, World } from './state.ts';

/** One authorised request, as a route's handler sees it. */
export interface Call {
  readonly world: World;
  readonly quirks: Quirks;
  /** What stood in the path where the route has `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Empty where none was sent. */
  readonly body: JsonObject;
  /** The request's own URL without its query. */
  readonly address: string;
}

/** A call made with a workspace's key. */
export interface WorkspaceCall extends Call {
  readonly workspace: Workspace;
}

/**
 * `METHOD /path/:param` and what answers it. `workspace` routes want a workspace's key, `organisation` routes the
 * personal access token.
 */
export type Route =
  | { readonly on: string; readonly scope: 'workspace'; readonly handle: (call: WorkspaceCall) => Reply }
  | { readonly on: string; readonly scope: 'organisation'; readonly handle: (call: Call) => Reply };

export function workspaceRoute(on: string, handle: (call: WorkspaceCall) => Reply): Route {
  return { on, scope: 'workspace', handle };
}

export function organisationRoute(on: string, handle: (call: Call) => Reply): Route {
  return { on, scope: 'organisation', handle };
}

/** The refusal of a body, with the status that the quirks ask for. */
export function reject(call: Call, message: string): Reply {
  return refused(message, call.quirks.errorStatus);
}
