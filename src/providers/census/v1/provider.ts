import type { Http } from '../../../http/client.ts';
import type { NamedThing, Workspace } from '../../../model/live.ts';
import type { Provider } from '../../../model/provider.ts';
import { type Call, idText, misshapen } from '../../../wire/answer.ts';
import { asObject } from '../../../wire/json.ts';
import { webApp } from '../wire/hosts.ts';
import { envelope } from '../wire/page.ts';
import { remembered } from '../wire/remembered.ts';
import { type CensusV1Options, connection } from './connection.ts';
import { datasets } from './dataset/resource.ts';
import { listNamed } from './names.ts';
import { syncs } from './sync/resource.ts';

export type { CensusV1Options } from './connection.ts';

/**
 * Census (Fivetran Activations), API version 1. Reads are free; the engine opens the write switch with `permit`.
 * Throws a SynclineError (exit 3) at once for options that cannot work; every call may throw a ProviderError.
 */
export function censusV1(options: CensusV1Options): Provider {
  const link = connection(options);
  const collections = new Map<string, Promise<readonly NamedThing[] | undefined>>();
  const resources = [syncs(link.workspace, webApp(link.host)), datasets(link.workspace)];
  return {
    name: 'census',
    api: 'v1',
    host: link.host,
    resources: new Map(resources.map((one) => [one.kind, one])),
    permit: link.permit,
    identify: async () => (await identify(await link.workspace())) ?? link.fetchedFor,
    named: (collection, within) =>
      remembered(collections, `${collection} ${JSON.stringify(within)}`, async () =>
        listNamed(await link.workspace(), collection, within),
      ),
    catalogue: async (read) => {
      const { readCatalogue } = await import('./catalogue.ts');
      return readCatalogue(await link.workspace(), read);
    },
    isAlive: () => true,
    skew: link.skew,
    close: link.close,
  };
}

/** `GET /workspace` tells whose key it is; where it is forbidden or does not exist, nothing does. */
async function identify(http: Http): Promise<Workspace | undefined> {
  const call: Call = { method: 'GET', path: '/api/v1/workspace' };
  const answer = await http.request({ method: 'GET', path: call.path, expected: [403, 404] });
  if (answer.status >= 400) return undefined;
  const body = envelope(answer, call);
  const data = asObject(body.data) ?? body;
  const id = typeof data.id === 'number' ? data.id : idText(data.id);
  if (id === undefined) throw misshapen(call, '/data/id', 'a whole number', data.id);
  return { id: Number(id), name: typeof data.name === 'string' ? data.name : undefined };
}
