import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { emulate, type Served } from './emulating.ts';
import { cli } from './in-process.ts';

async function ask({ url }: Served, path: string, token: string | undefined): Promise<readonly [number, unknown]> {
  const answer = await fetch(`${url}/api${path}`, { headers: { authorization: `Bearer ${token}` } });
  return [answer.status, await answer.json()];
}

describe('emulate --api census-v2', () => {
  test('serves both versions, and says the token of the one and the keys of the other', () =>
    emulate('--api census-v2 --token mine', async (served) => {
      expect(served.token).toBe('mine');
      const key = served.workspace_tokens?.['4321'];
      expect((await ask(served, '/v2/syncs', 'mine'))[0]).toBe(200);
      expect((await ask(served, '/v2/syncs', key))[0]).toBe(401);
      expect((await ask(served, '/v1/syncs', key))[0]).toBe(200);
    }));

  test('takes every form of option, a quirk and a latency', () => {
    const options = [
      ...['statusType=string', 'syncIdShift=1000', 'without=/sources,/datasets', 'without=/syncs/*/sync_runs'],
      ...['extraKeys={"tier":1}', 'v1Retired=410', 'listNeedsGroup=false'],
    ].map((option) => `--option ${option}`);
    const rest = '--quirk resourceIdentifier=true --latency 1';
    return emulate(`--api census-v2 ${options.join(' ')} ${rest}`, async (served) => {
      expect(await ask(served, '/v2/sources', served.token)).toEqual([404, { status: '404' }]);
      expect(await ask(served, '/v2/datasets', served.token)).toEqual([404, { status: '404' }]);
      expect(await ask(served, '/v2/syncs/91001/sync_runs', served.token)).toEqual([404, { status: '404' }]);
      const [, sync] = await ask(served, '/v2/syncs/91003', served.token);
      expect(sync).toMatchObject({ data: { id: 91003, tier: 1, resource_identifier: 'sync:churn_risk_to_braze' } });
      expect(await ask(served, '/v1/syncs', served.token)).toEqual([410, { status: 410 }]);
    });
  });

  test.each([
    ['listNeedGroup=true', 'Did you mean "listNeedsGroup"?'],
    ['createStatus=204', 'Choose one of: 201, 200.'],
    ['v1Retired=gone', 'Choose one of: null, 401, 404, 410.'],
    ['syncIdShift=-1', 'Write a whole number.'],
    ['extraKeys=[]', 'Write a JSON object.'],
    ['hiddenGroups=nowhere', 'There is no group "nowhere" to hide.'],
    ['without=/syncs/90001', 'There is no path "/syncs/90001" to read.'],
  ])('refuses %s', async (option, hint) => {
    const said = await cli(['emulate', '--api', 'census-v2', '--option', option]);
    expect(said).toMatchObject({ code: Exit.invalid, out: '', err: expect.stringContaining(hint) });
  });
});
