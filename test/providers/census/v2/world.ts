import { type CensusV2Options as EmulatorOptions, openCensusV2 } from '../../../../src/emulator/census-v2/server.ts';
import type { V2Options } from '../../../../src/emulator/census-v2/switches.ts';
import type { JsonObject, Spec } from '../../../../src/model/json.ts';
import { type Resource, resourceOf } from '../../../../src/model/provider.ts';
import { canonicalV2 } from '../../../../src/providers/census/language/canonical-v2.ts';
import type { Activation } from '../../../../src/providers/census/v2/activation.ts';
import {
  type CensusV2Provider,
  censusV2,
  type CensusV2Options as ProviderOptions,
} from '../../../../src/providers/census/v2/provider.ts';
import { fastClock, inProcessClient } from '../../../support/in-process-service.ts';
import type { ContractWorld } from '../../contract.ts';
import { spec } from '../build.ts';

export type Switches = Partial<V2Options>;

type Emulator = ReturnType<typeof openCensusV2>;

export interface V2World extends ContractWorld {
  readonly provider: CensusV2Provider;
  readonly emulator: Emulator;
  readonly syncs: Resource;
  readonly datasets: Resource;
  /** Another provider of the same account, with the same token. */
  connect(more?: Partial<ProviderOptions>): CensusV2Provider;
  /** What a request with the personal access token is answered. */
  ask(method: string, path: string, body?: JsonObject): Promise<{ readonly status: number; readonly body: JsonObject }>;
}

/** The account of the default seed in this process, without sockets or waiting, and a provider of the groups of `sources`. */
export async function v2World(
  switches: Switches = {},
  { sources = ['Snowflake Prod'], emulator: more = {}, ...options }: Wishes = {},
): Promise<V2World> {
  const clock = fastClock();
  const emulator = openCensusV2({ ...more, v2: switches }, clock);
  const ask: V2World['ask'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json' };
    const text = body === undefined ? '' : JSON.stringify(body);
    const told = await emulator.ask({ method, path: `/api/v2${path}`, headers, text });
    if (typeof told === 'string') throw new Error(`${method} ${path}: ${told}`);
    return { status: told.status, body: JSON.parse(told.text) };
  };
  const groups = options.groups ?? (await groupsOf(ask, sources));
  const connect: V2World['connect'] = (own = {}) =>
    censusV2({ token: emulator.token, groups, ...inProcessClient(emulator, clock), ...options, ...own });
  const provider = connect();
  emulator.clearRequests();
  return {
    ...{ provider, emulator, connect, ask },
    syncs: resourceOf(provider, 'CensusSync'),
    datasets: resourceOf(provider, 'CensusDataset'),
    arrived: () => emulator.requests,
    loseAnswer: (method) => {
      emulator.clearFaults();
      emulator.addFaults([`${method} *:drop-response:1`]);
    },
    failWith: (method, status) => {
      emulator.clearFaults();
      emulator.addFaults([`${method} *:${status}`]);
    },
    close: () => provider.close(),
  };
}

interface Wishes extends Partial<ProviderOptions> {
  /** Names of sources whose groups are those of the target. */
  readonly sources?: readonly string[];
  readonly emulator?: EmulatorOptions;
}

/** Activations of whatever group, which know their sources whether or not sources are listed. */
async function groupsOf(ask: V2World['ask'], sources: readonly string[]): Promise<readonly string[]> {
  const { body } = await ask('GET', '/activations?per_page=100');
  const items = Array.isArray(body.data) ? body.data : [];
  return items
    .filter((one) => sources.some((name) => JSON.stringify(one).includes(JSON.stringify(name))))
    .map((one) => one.group_id);
}

/** What a body of a sync says of where it belongs, by the names of both ends. */
export async function belongingTo(provider: CensusV2Provider, type = 'salesforce'): Promise<Belonging> {
  const activation = (await provider.activations()).find((one) => one.destination.type === type);
  if (activation === undefined) throw new Error(`Nothing is joined to a ${type}.`);
  const id = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);
  const { source, destination } = activation;
  return { activation, source: id(source.id), destination: id(destination.id) };
}

export interface Belonging {
  readonly activation: Activation;
  readonly source: number | string;
  readonly destination: number | string;
}

/** The sync of the v1 tests in canonical form, between the two ends that v2 shows. */
export function specBetween({ source, destination }: Belonging, more: Spec = {}): Spec {
  const made = spec(more);
  return canonicalV2({
    ...made,
    source_attributes: { ...(made.source_attributes as JsonObject), connection_id: source },
    destination_attributes: { ...(made.destination_attributes as JsonObject), connection_id: destination },
  });
}
