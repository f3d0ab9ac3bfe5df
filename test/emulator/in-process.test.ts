import { describe, expect, it } from 'vitest';
import { openCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { openFabra } from '../../src/emulator/fabra/server.ts';
import { resourceOf } from '../../src/model/provider.ts';
import { censusV1 } from '../../src/providers/census/v1/provider.ts';
import { fabra } from '../../src/providers/fabra/fabra.ts';
import { fastClock, inProcessClient } from '../support/in-process-service.ts';
import { syncBody as fabraBody } from './fabra/support.ts';
import { syncBody } from './support.ts';

function world(faults: readonly string[] = []) {
  const clock = fastClock();
  const service = openCensusV1({ seed: { syncs: [] }, faults }, clock);
  const provider = censusV1({ token: service.token, ...inProcessClient(service, clock) });
  provider.permit('all');
  return { clock, service, provider, syncs: resourceOf(provider, 'CensusSync') };
}

describe('an emulator in this process', () => {
  it('serves a provider, and keeps what it makes', async () => {
    const { service, syncs } = world();
    const { id } = await syncs.create(syncBody());
    expect((await syncs.read(id))?.live.spec.label).toBe('users to contacts');
    expect(service.syncs()).toHaveLength(1);
    expect(service.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });

  it.each([
    ['drop-response', 1],
    ['hang-response', 1],
    ['truncate', 1],
    ['drop-request', 0],
    ['hang', 0],
  ])('%s: the provider does not know what became of its create', async (kind, made) => {
    const { service, syncs } = world([`POST /syncs:${kind}:1`]);
    await expect(syncs.create(syncBody())).rejects.toMatchObject({ fate: 'unknown' });
    expect(service.syncs()).toHaveLength(made);
  });

  it('nothing waits: what takes minutes is over at once, in its own time', async () => {
    const { clock, service, syncs } = world(['GET /syncs:429=30:3', 'POST /syncs:commit-later=60000:1']);
    const start = clock.now();
    await syncs.list(() => undefined);
    expect(clock.now() - start).toBeGreaterThanOrEqual(90_000);
    await expect(syncs.create(syncBody())).rejects.toThrow();
    expect(service.syncs()).toHaveLength(0);
    clock.pass(60_000);
    expect(service.syncs()).toHaveLength(1);
  });

  it('tells the time of its clock, so that a skew is seen', async () => {
    const { provider, syncs } = world(['* *:skew=-7200000']);
    await syncs.list(() => undefined);
    expect(Math.abs((provider.skew() ?? 0) + 7_200_000)).toBeLessThan(1000);
  });

  it('is Fabra too', async () => {
    const clock = fastClock();
    const service = openFabra({ seed: { syncs: [] } }, clock);
    const provider = fabra({ token: service.token, dialect: 'server', ...inProcessClient(service, clock) });
    provider.permit('all');
    await service.ask({
      method: 'POST',
      path: '/sync',
      headers: { 'x-api-key': service.token },
      text: JSON.stringify(fabraBody()),
    });
    const seen: number[] = [];
    await resourceOf(provider, 'FabraSync').list((syncs) => seen.push(syncs.length));
    expect(seen).toEqual([1]);
  });
});
