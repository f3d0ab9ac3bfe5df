import { describe, expect, test } from 'vitest';
import type { Provider } from '../src/model/provider.ts';
import { censusV1 } from '../src/providers/census/v1/provider.ts';
import { openSession } from '../src/session/session.ts';
import { workspace } from './cli/workspace.ts';

/** A session, its target, and a provider that counts how often it was closed. */
async function opened() {
  const { emulator, folder } = await workspace();
  const session = openSession({ directory: folder });
  const [target] = session.project.targets;
  if (target === undefined) throw new Error('There is no target.');
  const connection = censusV1({ token: emulator.token, baseUrl: emulator.url });
  let closed = 0;
  const close = async () => {
    closed += 1;
    await connection.close();
  };
  const provider: Provider = { ...connection, close };
  return { session, target, provider, closed: () => closed };
}

describe('a session', () => {
  test('opens the ledger and the checkout of a target once', async () => {
    const { session, target, provider } = await opened();
    const [first, second] = [
      await session.reach(target, [], provider, async (request) => request),
      await session.reach({ ...target, base_url: 'http://127.0.0.1:1' }, [], provider, async (request) => request),
    ];
    expect(first.store).toBe(session.store(target));
    expect(second.store).toBe(first.store);
    expect(second.checkout).toBe(first.checkout);
    await provider.close();
  });

  test('closes what it has connected, whatever happens, and not what it was given', async () => {
    const { session, target, provider, closed } = await opened();
    await session.reach(target, [], provider, async () => undefined);
    expect(closed()).toBe(0);
    const broken = session.reach(
      target,
      [],
      async () => provider,
      async () => {
        throw new Error('broken');
      },
    );
    await expect(broken).rejects.toThrow('broken');
    expect(closed()).toBe(1);
  });
});
