import { describe, expect, test } from 'vitest';
import { clockError, judge } from '../../src/ledger/lock.ts';
import { thisProcess } from '../../src/ledger/process.ts';
import { Exit } from '../../src/model/errors.ts';
import type { Lock } from '../../src/model/lock.ts';

const until = '2026-11-21T10:10:00.000Z';

async function found(parts: Partial<Lock>, at = '2026-11-21T10:11:00.000Z') {
  const here = await thisProcess();
  const lock: Lock = { run: 'r1', actor: 'ann', ...here, boot: 'another', at: until, until, journal: null, ...parts };
  return judge(lock, new Date(at));
}

describe('a lease that has run out by the clock of this machine', () => {
  test.each<[string, Partial<Lock>, number | undefined, RegExp | undefined]>([
    ['is believed where the service agrees', {}, 0, undefined],
    ['is believed two minutes behind the service', {}, 120_000, undefined],
    ['is believed two minutes ahead of the service', {}, -120_000, undefined],
    ['is not, further ahead', {}, -121_000, /121 s ahead of the service's/],
    ['is not, further behind', {}, 121_000, /121 s behind the service's/],
    ['is not, eleven minutes ahead', {}, -660_000, /11 min ahead of the service's/],
    ['is not where no answer tells', {}, undefined, /no answer of the service shows/],
    ['is not where nobody knows which machine it was', { boot: null }, undefined, /no answer of the service shows/],
    ['is believed by a person', { broken: true }, undefined, undefined],
  ])('%s', async (_what, parts, skew, words) => {
    const error = clockError(await found(parts), skew);
    if (words === undefined) expect(error).toBeUndefined();
    else expect(error).toMatchObject({ code: 'clock-skew', exit: Exit.refused, message: expect.stringMatching(words) });
  });

  test('is believed on the machine that took it: it has but one clock', async () => {
    const { boot } = await thisProcess();
    expect(clockError(await found({ boot }), undefined)).toBeUndefined();
  });
});

test('what is held, and what nobody holds, needs no clock', async () => {
  expect(clockError(await found({}, '2026-11-21T10:09:00.000Z'), undefined)).toBeUndefined();
  expect(clockError(undefined, undefined)).toBeUndefined();
});
