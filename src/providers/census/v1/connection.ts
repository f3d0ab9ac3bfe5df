import { createHttp, type Http, type HttpOptions } from '../../../http/client.ts';
import { Exit, SynclineError } from '../../../model/errors.ts';
import { isObject } from '../../../model/json.ts';
import type { Workspace } from '../../../model/live.ts';
import type { WriteSwitch } from '../../../model/provider.ts';
import { type Secret, secret } from '../../../model/secret.ts';
import { misshapen } from '../../../wire/answer.ts';

/** How to reach a workspace: with its own key, or with a personal access token that may fetch the key. */
export interface CensusV1Options {
  /** Workspace API key. */
  readonly token?: Secret | string | undefined;
  /** Instead of `token`, together with `workspace`. */
  readonly personalAccessToken?: Secret | string | undefined;
  readonly workspace?: number | string | undefined;
  /** Default: the public host of the region. */
  readonly baseUrl?: string | undefined;
  /** `us` (default) or `eu`. */
  readonly region?: string | undefined;
  /** Requests in flight at a time; default 8. */
  readonly concurrency?: number | undefined;
  /** An undici dispatcher in place of a connection pool of its own; the caller closes it. */
  readonly dispatcher?: HttpOptions['dispatcher'];
  readonly proxy?: HttpOptions['proxy'];
  readonly timeouts?: HttpOptions['timeouts'];
  /** One redacted line per try. */
  readonly log?: HttpOptions['log'];
  /** Told of each wait as it begins. */
  readonly waits?: HttpOptions['waits'];
  /** Once aborted, no write is sent any more. */
  readonly signal?: AbortSignal | undefined;
  readonly userAgent?: string | undefined;
  readonly sleep?: HttpOptions['sleep'];
  readonly random?: HttpOptions['random'];
  readonly now?: HttpOptions['now'];
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

const hosts: Readonly<Record<string, string>> = {
  us: 'https://app.getcensus.com',
  eu: 'https://app-eu.getcensus.com',
};

/** Where people see what an API serves: at the public hosts the web app is at the same one. undefined at any other host. */
export function webApp(host: string): string | undefined {
  return Object.values(hosts).find((url) => url === `https://${host}`);
}

/** Throws a SynclineError (exit 3) for options that cannot work. Sends nothing. */
export function connection(options: CensusV1Options): Connection {
  const { token, personalAccessToken } = options;
  const baseUrl = options.baseUrl ?? publicHost(options.region);
  if (token !== undefined) return direct(clientFor(options, baseUrl, asSecret(token), []));
  if (personalAccessToken !== undefined) return viaPersonalToken(options, baseUrl, asSecret(personalAccessToken));
  throw invalid(
    'missing-token',
    'No token is given for Census.',
    'Give `token`, or `personal_access_token` and `workspace`.',
  );
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
function viaPersonalToken(options: CensusV1Options, baseUrl: string, token: Secret): Connection {
  const { workspace } = options;
  if (workspace === undefined) {
    throw invalid(
      'missing-workspace',
      'A personal access token needs a workspace.',
      'Add `workspace: <id>` to the target.',
    );
  }
  const outer = clientFor(options, baseUrl, token, []);
  let permitted: readonly [mode: WriteSwitch, left?: () => number] = ['none'];
  let inner: Promise<Http> | undefined;
  let latest: Http = outer;
  async function open(): Promise<Http> {
    const key = await workspaceKey(outer, workspace ?? '');
    const http = clientFor(options, baseUrl, key, [token]);
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

function clientFor(options: CensusV1Options, baseUrl: string, token: Secret, secrets: readonly Secret[]): Http {
  return createHttp({ ...options, baseUrl, token, secrets, concurrency: options.concurrency ?? 8 });
}

/** The public address of a region. @throws SynclineError (exit 3) where there is none */
export function publicHost(region = 'us'): string {
  const host = Object.hasOwn(hosts, region) ? hosts[region] : undefined;
  if (host !== undefined) return host;
  const hint = `Write one of: ${Object.keys(hosts).join(', ')}; or give \`base_url\`.`;
  throw invalid('unknown-region', `Census has no public API host for the region "${region}".`, hint);
}

function asSecret(token: Secret | string): Secret {
  return typeof token === 'string' ? secret(token) : token;
}

function invalid(code: string, message: string, hint: string): SynclineError {
  return new SynclineError(code, message, hint, Exit.invalid);
}
