import { type CensusEmulator, type CensusV1Options, startCensusV1 } from '../../../src/emulator/census-v1/server.ts';
import type { Spec } from '../../../src/model/json.ts';
import type { Live } from '../../../src/model/live.ts';
import { type Provider, type Reading, type Resource, resourceOf } from '../../../src/model/provider.ts';
import { secret } from '../../../src/model/secret.ts';
import { censusV1, type CensusV1Options as ProviderOptions } from '../../../src/providers/census/v1/provider.ts';
import type { ContractWorld } from '../contract.ts';

export interface CensusWorld extends ContractWorld {
  readonly emulator: CensusEmulator;
  readonly syncs: Resource;
  readonly datasets: Resource;
}

/** An emulated account without syncs (unless the seed has some), and a provider with its key and quick retries. */
export async function censusWorld(
  options: CensusV1Options = {},
  provider: Partial<ProviderOptions> = {},
): Promise<CensusWorld> {
  const emulator = await startCensusV1({ seed: { syncs: [] }, ...options });
  const connected = censusV1({
    token: secret(emulator.token),
    baseUrl: emulator.url,
    sleep: async () => undefined,
    ...provider,
  });
  return {
    emulator,
    provider: connected,
    syncs: resourceOf(connected, 'CensusSync'),
    datasets: resourceOf(connected, 'CensusDataset'),
    arrived: () => emulator.requests,
    loseAnswer: (method) => {
      emulator.clearFaults();
      emulator.addFaults([`${method} *:drop-response:1`]);
    },
    failWith: (method, status) => {
      emulator.clearFaults();
      emulator.addFaults([`${method} *:${status}`]);
    },
    close: async () => {
      await connected.close();
      await emulator.close();
    },
  };
}

/** Every sync of the account. */
export async function listAll(provider: Provider): Promise<Live[]> {
  const all: Live[] = [];
  await resourceOf(provider, 'CensusSync').list((page) => all.push(...page));
  return all;
}

export async function readingOf(provider: Provider, id: string): Promise<Reading> {
  const reading = await resourceOf(provider, 'CensusSync').read(id);
  if (reading === undefined) throw new Error(`There is no sync ${id}.`);
  return reading;
}

/** Creates and reads back. */
export async function made(provider: Provider, desired: Spec): Promise<Reading> {
  provider.permit('all');
  return readingOf(provider, (await resourceOf(provider, 'CensusSync').create(desired)).id);
}
