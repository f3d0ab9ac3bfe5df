import { fabraSyncTraits } from '../../generated/fabra-sync-traits.ts';
import { createHttp, type HttpOptions } from '../../http/client.ts';
import type { Json } from '../../model/json.ts';
import type { NamedThing, Workspace } from '../../model/live.ts';
import type { Provider, Resource } from '../../model/provider.ts';
import { type Secret, secret } from '../../model/secret.ts';
import type { Dialect } from './api.ts';
import { type Catalogue, openCatalogue, type Thing } from './catalogue.ts';
import { conditionsOf, statusKnown, surroundings, verdictOf } from './conditions.ts';
import { examine } from './examine.ts';
import { aboutSync } from './language/about.ts';
import { reader } from './reader.ts';
import { writer } from './writer.ts';

/** How to reach an organisation. */
export interface FabraOptions
  extends Pick<HttpOptions, 'dispatcher' | 'proxy' | 'timeouts' | 'log' | 'waits' | 'signal' | 'userAgent'>,
    Pick<HttpOptions, 'sleep' | 'random' | 'now' | 'traffic'> {
  /** The organisation's API key. */
  readonly token: Secret | string;
  /** `server`: the open-source server as it is (default). `documented`: as its reference pages say. */
  readonly dialect?: Dialect | undefined;
  /** Default: the public host. */
  readonly baseUrl?: string | undefined;
  /** Requests in flight at a time; default 8. */
  readonly concurrency?: number | undefined;
}

/** The server finishes what it has begun, whoever gave up on it, and takes up to five seconds to notice that it cannot. */
const timeouts = { read: 60_000, write: 60_000 };

/**
 * Fabra. A sync can be made, paused, resumed and deleted; nothing else about it can be changed, and what the server answers
 * about pauses, schedules and deletions proves nothing (see its capabilities and traits).
 * Throws a SynclineError (exit 3) at once for options that cannot work; every call may throw a ProviderError.
 */
export function fabra(options: FabraOptions): Provider {
  const { token, dialect = 'server' } = options;
  const found: Secret[] = [];
  const http = createHttp({
    ...options,
    baseUrl: options.baseUrl ?? 'https://api.fabra.io',
    token: typeof token === 'string' ? secret(token) : token,
    headerName: 'X-API-KEY',
    concurrency: options.concurrency ?? 8,
    timeouts: { ...timeouts, ...options.timeouts },
    secrets: found,
  });
  const catalogue = openCatalogue(http, dialect, (one) => found.push(one));
  const { list, read, newest } = reader(http, dialect, catalogue);
  const { create, update, delete: remove, probe, isAlive } = writer(http, dialect, catalogue);
  const syncs: Resource = {
    kind: fabraSyncTraits.kind,
    traits: fabraSyncTraits,
    capabilities: {
      listing: 'index',
      deletions: 'invisible',
      refusesDeadWith: 500,
      ghosts: true,
      // Of single syncs the reference documents nothing.
      verbs: dialect === 'server' ? ['update', 'delete'] : [],
      checks: 'local',
    },
    about: aboutSync,
    list: async (page) => page(await list()),
    newest,
    examine: (spec) => examine(catalogue, spec),
    read,
    create,
    // The answer is empty, and a read would say "active" whatever was sent.
    update: async (reading, desired, changed) => {
      await update(reading.live.id, desired, changed);
      return undefined;
    },
    delete: remove,
    check: async (desired, reading) => {
      if (reading !== undefined) return verdictOf([statusKnown(desired)]);
      return verdictOf(conditionsOf(desired, await surroundings(catalogue, desired), dialect));
    },
    probe,
  };
  return {
    name: 'fabra',
    api: dialect,
    host: http.host,
    resources: new Map([[syncs.kind, syncs]]),
    permit: http.permit,
    identify: () => identify(catalogue),
    named: (collection, within) => named(catalogue, collection, within),
    catalogue: async (told) => (await import('./workspace.ts')).readWorkspace(http, dialect, catalogue, told),
    isAlive,
    skew: http.skew,
    close: http.close,
  };
}

/** Nothing says whose key it is but the objects, of which an organisation with syncs has some. */
async function identify(catalogue: Catalogue): Promise<Workspace | undefined> {
  await catalogue.destinations();
  const id = (await catalogue.objects()).find((one) => one.organizationId !== undefined)?.organizationId;
  return id === undefined ? undefined : { id, name: undefined };
}

async function named(
  catalogue: Catalogue,
  collection: string,
  within: Json | undefined,
): Promise<readonly NamedThing[] | undefined> {
  switch (collection) {
    case 'sources':
      return typeof within === 'string' && within !== '' ? (await catalogue.sources(within)).map(nameOf) : undefined;
    case 'destinations':
      return (await catalogue.destinations()).map(nameOf);
    case 'objects':
      return (await catalogue.objects())
        .filter((one) => within === undefined || within === null || one.destinationId === within)
        .map(nameOf);
    default:
      return undefined;
  }
}

function nameOf({ id, name }: Thing): NamedThing {
  return { id, name };
}
