import { Exit, SynclineError } from '../model/errors.ts';
import type { Importer } from '../model/import.ts';
import type { KindDefinition } from '../model/kind.ts';
import type { Target } from '../model/project.ts';
import type { Provider } from '../model/provider.ts';
import type { Retirement } from '../model/retirement.ts';
import type { Secret } from '../model/secret.ts';
import type { Api, Service } from '../model/service.ts';
import { census } from './census/service.ts';
import type { ConnectOptions } from './connect-options.ts';
import { fabra } from './fabra/service.ts';

export type { ConnectOptions } from './connect-options.ts';

/** The registry: every service that there is. Pure: importing this loads no transport and no emulator. */
export const services: readonly Service<ConnectOptions>[] = [census, fabra];

/** What the manifests of a target mean, by kind; empty for an API that this version does not speak. */
export function kindsOf(target: Pick<Target, 'provider' | 'api'>): ReadonlyMap<string, KindDefinition> {
  const api = apiOf(target);
  return (api === undefined ? undefined : kindsByApi.get(api)) ?? noKinds;
}

/** When the API of a target ends; undefined where its service has announced nothing. */
export function retirementOf(target: Pick<Target, 'provider' | 'api'>): Retirement | undefined {
  return apiOf(target)?.retires;
}

/** Which token the API of a target takes, as a sentence; undefined where there is one kind alone. */
export function tokenTaken(target: Pick<Target, 'provider' | 'api'>): string | undefined {
  return apiOf(target)?.takes;
}

/** What people call that which the variable of a target holds. */
export function tokenName(target: Target): string {
  if (target.token_variable === undefined) return 'a personal access token';
  return apiOf(target)?.token ?? 'the token';
}

const noKinds: ReadonlyMap<string, KindDefinition> = new Map();

/** Asked for every manifest, and so made once. */
const kindsByApi = new Map(
  services.flatMap(({ apis }) =>
    Object.values(apis).map((api) => [api, new Map(api.kinds.map((one) => [one.kind, one]))] as const),
  ),
);

/** Every kind of manifest that there is, each as its first API has it. */
export const kinds: readonly KindDefinition[] = [
  ...new Map(
    services
      .flatMap(({ apis }) => Object.values(apis).flatMap((api) => api.kinds))
      .toReversed()
      .map((one) => [one.kind, one]),
  ).values(),
].toReversed();

/**
 * The provider of a target; its transport is loaded only now. `token` is the value of the target's `token`, or where it has none
 * of its `personal_access_token`. Nothing is sent yet. Throws a SynclineError (exit 3) for a target that cannot be connected.
 */
export async function connect(target: Target, token: Secret, options: ConnectOptions = {}): Promise<Provider> {
  const api = apiOf(target);
  if (api === undefined) throw unsupported(target);
  return api.connect(target, token, options);
}

/** What reads the files of a tool that manages things of this service; undefined where nothing does. */
export function importerOf(
  { provider }: Pick<Target, 'provider'>,
  tool: string,
): (() => Promise<Importer>) | undefined {
  const importers = services.find((one) => one.name === provider)?.importers ?? {};
  return Object.hasOwn(importers, tool) ? importers[tool] : undefined;
}

function apiOf({ provider, api }: Pick<Target, 'provider' | 'api'>): Api<ConnectOptions> | undefined {
  const apis = services.find((one) => one.name === provider)?.apis ?? {};
  return Object.hasOwn(apis, api) ? apis[api] : undefined;
}

function unsupported(target: Target): SynclineError {
  const known = services.map(
    ({ name, apis }) =>
      `${name} with ${Object.keys(apis)
        .map((api) => `\`api: ${api}\``)
        .join(' or ')}`,
  );
  return new SynclineError(
    'unsupported-provider',
    `Target "${target.name}" uses ${target.provider} ${target.api}, which is not supported in this version.`,
    `Supported are: ${known.join('; ')}.`,
    Exit.invalid,
  );
}
