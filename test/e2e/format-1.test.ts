import { expect, test } from 'vitest';
import { censusLedgers } from '../ledger/older-ledgers.ts';
import { killedOnce } from '../support/death.ts';
import { momentsOf } from '../support/moments.ts';

const apply = 'apply --auto-approve --prune';

/** Labels of every sync once the apply is done. */
const expected = [
  'Accounts',
  'Feed',
  'Foreign',
  ...['billing', 'child', 'contacts', 'grandchild', 'leads', 'parent', 'trials'].map((name) => `Label of ${name}`),
];

test.each(censusLedgers)(
  'the first apply to a ledger of format 1 %s is killed at any of its requests: the next one converges',
  { timeout: 900_000 },
  async (where, open) => {
    const undisturbed = await open();
    await undisturbed.run(apply);
    const moments = undisturbed.emulator.requests.length;
    expect(undisturbed.writes()).toHaveLength(2);
    const from = censusLedgers.findIndex(([name]) => name === where);
    for (const moment of momentsOf(moments, 6, from)) {
      const { emulator, folder: cwd, env, ledger, run } = await open();
      await killedOnce(() => emulator.requests.length >= moment, apply.split(' '), { cwd, env });
      // Somebody else's apply has to wait until the lease has run out.
      await run('unlock --auto-approve');
      const rerun = await run(`${apply} --format json`);
      const said = `after a death at request ${moment}: ${rerun.out}${rerun.err}`;
      expect(rerun.code, said).toBe(0);
      expect(JSON.parse(rerun.out), said).toMatchObject({ reports: [{ converged: true }] });
      expect(
        emulator
          .syncs()
          .map((one) => String(one.label))
          .sort(),
        said,
      ).toEqual(expected);
      expect(ledger().meta.format, said).toBe(2);
    }
  },
);
