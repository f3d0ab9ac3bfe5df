import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { censusLedgers } from '../ledger/older-ledgers.ts';
import { momentsOf } from '../support/moments.ts';
import { built, syncline } from '../support/processes.ts';

const apply = ['apply', '--auto-approve', '--prune'];

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
    await syncline(apply, { cwd: undisturbed.folder, env: undisturbed.env });
    const moments = undisturbed.emulator.requests.length;
    expect(undisturbed.writes()).toHaveLength(2);
    const from = censusLedgers.findIndex(([name]) => name === where);
    for (const moment of momentsOf(moments, 6, from)) {
      const { emulator, folder: cwd, env, ledger } = await open();
      const child = spawn(process.execPath, [built(), ...apply], {
        cwd,
        env: { PATH: process.env.PATH, ...env },
        stdio: 'ignore',
      });
      const closed = once(child, 'close');
      while (emulator.requests.length < moment && child.exitCode === null) await setImmediate();
      child.kill('SIGKILL');
      await closed;
      // Somebody else's apply has to wait until the lease has run out.
      await syncline(['unlock', '--auto-approve'], { cwd, env });
      const rerun = await syncline([...apply, '--format', 'json'], { cwd, env });
      const said = `after a death at request ${moment}: ${rerun.stdout}${rerun.stderr}`;
      expect(rerun.code, said).toBe(0);
      expect(JSON.parse(rerun.stdout), said).toMatchObject({ reports: [{ converged: true }] });
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
