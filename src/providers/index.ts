import { Exit, SynclineError } from '../model/errors.ts';
import type { KindDefinition } from '../model/kind.ts';
import type { Target } from '../model/project.ts';
import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import type { CensusV1Options } from './census/connection.ts';
import { censusDataset } from './census/dataset/kind.ts';
import { censusSync } from './census/kind.ts';
import { fabraSync } from './fabra/kind.ts';

/** Every kind of manifest that there is. Pure: importing this loads no transport. */
export const kinds: readonly KindDefinition[] = [censusSync, censusDataset, fabraSync];

/** The kinds of a target, by name. */
export function kindsOf({ provider }: Target): ReadonlyMap<string, KindDefinition> {
  return new Map(kinds.filter((one) => one.provider === provider).map((one) => [one.kind, one]));
}

/** What the caller decides about the connection; the rest is the target's. */
export type ConnectOptions = Pick<
  CensusV1Options,
  'dispatcher' | 'proxy' | 'timeouts' | 'log' | 'signal' | 'userAgent' | 'sleep' | 'random' | 'now'
>;

/**
 * The provider of a target; its transport is loaded only now. `token` is the value of the target's `token`, or where it has none
 * of its `personal_access_token`. Nothing is sent yet. Throws a SynclineError (exit 3) for a target that cannot be connected.
 */
export async function connect(target: Target, token: Secret, options: ConnectOptions = {}): Promise<Provider> {
  const { provider, api } = target;
  const reach = { ...options, baseUrl: target.base_url, concurrency: target.limits.concurrency };
  if (provider === 'fabra' && (api === 'server' || api === 'documented')) {
    const { fabra } = await import('./fabra/fabra.ts');
    return fabra({ ...reach, token, dialect: api });
  }
  if (provider !== 'census' || api !== 'v1') throw unsupported(target);
  const { censusV1 } = await import('./census/v1.ts');
  const credentials = target.token_variable === undefined ? { personalAccessToken: token } : { token };
  return censusV1({ ...reach, ...credentials, workspace: target.workspace, region: target.region });
}

function unsupported(target: Target): SynclineError {
  return new SynclineError(
    'unsupported-provider',
    `Target "${target.name}" uses ${target.provider} ${target.api}, which is not supported in this version.`,
    'Supported are: census with `api: v1`; fabra with `api: server` or `api: documented`.',
    Exit.invalid,
  );
}
