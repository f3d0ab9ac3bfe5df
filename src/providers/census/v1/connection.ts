import type { Http } from '../../../http/client.ts';
import { traffic } from '../../../http/traffic.ts';
import { isObject } from '../../../model/json.ts';
import type { Workspace } from '../../../model/live.ts';
import type { WriteSwitch } from '../../../model/provider.ts';
import { type Secret, secret } from '../../../model/secret.ts';
import { misshapen } from '../../../wire/answer.ts';
import { asSecret, clientFor, invalid, type WireOptions } from '../wire/hosts.ts';

/** How to reach a workspace: with its own key, or with a personal access token that may fetch the key. */
export interface CensusV1Options extends WireOptions {
  /** Workspace API key. */
  readonly token?: Secret | string | undefined;
  /** Instead of `token`, together with `workspace`. */
  readonly personalAccessToken?: Secret | string | undefined;
  readonly workspace?: number | string | undefined;
}

/** The connection to one workspace. */
export interface Connection {
  readonly host: string;
  /** The workspace whose key was asked for with a personal access token. */
  readonly fetchedFor: Workspace | undefined;
  /** The client that carries the workspace's key; with a personal access token, the first call fetches the key. */
  workspace(): Promise<Http>;
  permit(mode: WriteSwitch, left?: () => number): void;
  /** As the provider's. */
  skew(): number | undefined;
  close(): Promise<void>;
}

const noToken = 'Give `token`, or `personal_access_token` and `workspace`.';

/** Throws a SynclineError (exit 3) for options that cannot work. Sends nothing. */
export function connection(options: CensusV1Options): Connection {
  const { token, personalAccessToken } = options;
  if (token === undefined && personalAccessToken !== undefined) {
    return viaPersonalToken(options, asSecret(personalAccessToken));
  }
  return direct(clientFor(options, token, { hint: noToken }));
}

function direct(http: Http): Connection {
  return {
    host: http.host,
    fetchedFor: undefined,
    workspace: async () => http,
    permit: http.permit,
    skew: http.skew,
    close: http.close,
  };
}

/** Two hops: the personal token asks for the workspace's key, once, and the key does everything else. */
function viaPersonalToken(options: CensusV1Options, token: Secret): Connection {
  const { workspace } = options;
  if (workspace === undefined) {
    throw invalid(
      'missing-workspace',
      'A personal access token needs a workspace.',
      'Add `workspace: <id>` to the target.',
    );
  }
  // The token and the key are of one caller.
  const common = { ...options, traffic: options.traffic ?? traffic(options) };
  const outer = clientFor(common, token, { hint: noToken });
  let permitted: readonly [mode: WriteSwitch, left?: () => number] = ['none'];
  let inner: Promise<Http> | undefined;
  let latest: Http = outer;
  async function open(): Promise<Http> {
    const key = await workspaceKey(outer, workspace ?? '');
    const http = clientFor(common, key, { secrets: [token], hint: noToken });
    http.permit(...permitted);
    latest = http;
    return http;
  }
  function opened(): Promise<Http> {
    inner ??= open().catch((error: unknown) => {
      inner = undefined;
      throw error;
    });
    return inner;
  }
  return {
    host: outer.host,
    fetchedFor: { id: workspace, name: undefined },
    workspace: opened,
    permit: (mode, left = () => Number.POSITIVE_INFINITY) => {
      permitted = [mode, left];
      inner?.then((http) => http.permit(mode, left)).catch(() => undefined);
    },
    skew: () => latest.skew() ?? outer.skew(),
    close: async () => {
      const http = await inner?.catch(() => undefined);
      await Promise.all([outer.close(), http?.close()]);
    },
  };
}

/** The answer has no envelope: `{"api_key": "…"}`. */
async function workspaceKey(http: Http, workspace: number | string): Promise<Secret> {
  const path = `/api/v1/workspaces/${encodeURIComponent(String(workspace))}/api_key`;
  const { body } = await http.request({ method: 'GET', path });
  const key = isObject(body) ? body.api_key : undefined;
  if (typeof key === 'string' && key.trim() !== '') return secret(key);
  throw misshapen({ method: 'GET', path }, '/api_key', 'a key', typeof key === 'string' ? null : key);
}
