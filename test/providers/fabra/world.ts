import {
  type FabraOptions as EmulatorOptions,
  type FabraEmulator,
  startFabra,
} from '../../../src/emulator/fabra/server.ts';
import { type Resource, resourceOf } from '../../../src/model/provider.ts';
import { secret } from '../../../src/model/secret.ts';
import { type FabraOptions, fabra } from '../../../src/providers/fabra/fabra.ts';
import type { ContractWorld } from '../contract.ts';

export interface FabraWorld extends ContractWorld {
  readonly emulator: FabraEmulator;
  readonly syncs: Resource;
}

/** An emulated organisation with the default seed's catalogue and syncs, and a provider with its key and quick retries. */
export async function fabraWorld(
  options: EmulatorOptions = {},
  provider: Partial<FabraOptions> = {},
): Promise<FabraWorld> {
  const emulator = await startFabra(options);
  const connected = fabra({
    token: secret(emulator.token),
    baseUrl: emulator.url,
    dialect: options.dialect,
    sleep: async () => undefined,
    ...provider,
  });
  const fault = (rule: string): void => {
    emulator.clearFaults();
    emulator.addFaults([rule]);
  };
  return {
    emulator,
    provider: connected,
    syncs: resourceOf(connected, 'FabraSync'),
    arrived: () => emulator.requests,
    // Link tokens are asked for with a POST too, and are not meant.
    loseAnswer: (method) => fault(`${method} ${method === 'POST' ? '/sync' : '*'}:drop-response:1`),
    failWith: (method, status) => fault(`${method} *:${status}`),
    close: async () => {
      await connected.close();
      await emulator.close();
    },
  };
}
