import { censusDatasetTraits } from '../../../generated/census-dataset-traits.ts';
import type { NamedThing, Workspace } from '../../../model/live.ts';
import type { Provider, Resource } from '../../../model/provider.ts';
import type { Secret } from '../../../model/secret.ts';
import { asSecret, clientFor, invalid, type WireOptions, webApp } from '../wire/hosts.ts';
import { remembered } from '../wire/remembered.ts';
import { openAccount, type Sharing } from './account.ts';
import type { Activation } from './activation.ts';
import { strict } from './answers.ts';
import { datasets } from './dataset/resource.ts';
import { listNamed } from './names.ts';
import { openScope, type Scope, unknownGroup } from './scope.ts';
import { examineSync } from './sync/examine.ts';
import { syncs } from './sync/resource.ts';
import { unknownKeys } from './sync/unknown-keys.ts';
import { censusSyncTraitsV2 } from './traits.ts';

/** How to reach what a personal access token may see. */
export interface CensusV2Options extends WireOptions {
  /** A personal access token. */
  readonly token?: Secret | string | undefined;
  /** The groups that are looked at: nothing outside them is seen or touched. At least one. */
  readonly groups: readonly string[];
}

/** A provider that also tells what joins sources and destinations. */
export interface CensusV2Provider extends Provider {
  /** The activations of the groups. */
  activations(): Promise<readonly Activation[]>;
}

/**
 * Census (Fivetran Activations), API version 2. Reads are free; the engine opens the write switch with `permit`.
 * Throws a SynclineError (exit 3) at once for options that cannot work; every call may throw a ProviderError.
 */
export function censusV2(options: CensusV2Options): CensusV2Provider {
  const groups = [...new Set(options.groups)].sort(inOrder);
  if (groups.length === 0) throw invalid('needs-groups', 'No groups are given for Census.', 'Give `groups`.');
  const hint = 'Give `token`, a personal access token.';
  const http = strict(clientFor(options, options.token, { hint }));
  const account = openAccount(http, groups, sharingOf(http.host, options));
  const scope = openScope(account, groups);
  const collections = new Map<string, Promise<readonly NamedThing[] | undefined>>();
  const named: Provider['named'] = (collection, within) =>
    remembered(collections, `${collection} ${JSON.stringify(within)}`, () =>
      listNamed(account, scope, collection, within),
    );
  const resources: Resource[] = [
    {
      ...syncs(account, scope, {
        traits: censusSyncTraitsV2,
        app: webApp(http.host),
        unknownKeys: unknownKeys(options.warn),
      }),
      examine: (spec) => examineSync(spec, named),
    },
    datasets(account, scope, censusDatasetTraits),
  ];
  return {
    name: 'census',
    api: 'v2',
    host: http.host,
    groups,
    resources: new Map(resources.map((one) => [one.kind, one])),
    permit: http.permit,
    identify: () => assertGroups(scope),
    unseen: async (some) => {
      const shown = await shownGroups(scope);
      return some.filter((one) => !shown.includes(one));
    },
    named,
    activations: async () => (await scope.own()).activations,
    catalogue: async (read) => {
      const { readCatalogue } = await import('./catalogue.ts');
      return readCatalogue(account, scope, read);
    },
    isAlive: () => true,
    skew: http.skew,
    close: http.close,
  };
}

/** Whoever has the same token at the same host may see the same. */
function sharingOf(host: string, { shared: lists, token }: CensusV2Options): Sharing | undefined {
  return lists === undefined || token === undefined ? undefined : { lists, key: `${host} ${asSecret(token).reveal()}` };
}

/** There are no workspaces, so nothing names one; but every group of the target must be there. @throws SynclineError (exit 4) */
async function assertGroups(scope: Scope): Promise<Workspace | undefined> {
  const shown = await shownGroups(scope);
  const missing = scope.groups.filter((one) => !shown.includes(one));
  if (missing.length > 0) throw unknownGroup(missing, shown);
  return undefined;
}

/** Every group that the token shows something of. */
async function shownGroups(scope: Scope): Promise<readonly string[]> {
  const { sources, activations } = await scope.landscape();
  return [...new Set([...sources, ...activations].flatMap(({ group }) => group ?? []))].sort(inOrder);
}

function inOrder(first: string, second: string): number {
  return first < second ? -1 : Number(first > second);
}
