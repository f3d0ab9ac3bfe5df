import { expect, test } from 'vitest';
import { expectedLabels, openKillFleet, targets } from '../support/kill-fleet.ts';
import { momentsOf } from '../support/moments.ts';

const command = 'apply --shard 1/1 --auto-approve --prune';
const done = targets.map(() => expectedLabels);

test('promise 6: an apply of three workspaces that is killed in one of them, or between two, is ended by the same line', {
  timeout: 900_000,
}, async () => {
  const moments = await momentsOfDeath();
  const isKilled: boolean[] = [];
  for (const moment of moments) isKilled.push(await survive(moment));
  expect(isKilled.filter((is) => is).length).toBeGreaterThanOrEqual(3);
});

/**
 * With the last request at the first target, which is between two, and with a write in the middle of the others: of one target alone
 * other tests tell. With MOMENTS=all every one.
 */
async function momentsOfDeath(): Promise<readonly number[]> {
  const attempt = await openKillFleet();
  const whole = await attempt.run(command);
  expect(attempt.labels(), whole.err).toEqual(done);
  let before = 0;
  const chosen: number[] = [];
  for (const [index, { requests }] of attempt.emulators.entries()) {
    const writes = requests.flatMap(({ method }, at) => (method === 'GET' ? [] : [at + 1]));
    expect(writes).toHaveLength(3);
    chosen.push(before + (index === 0 ? requests.length : (writes[1] ?? 0)));
    before += requests.length;
  }
  await attempt.close();
  return [...new Set([...momentsOf(before, before + 1, 0), ...chosen])];
}

/** Kills it at a moment, and runs the same line once more. Says whether anything was left to do for that. */
async function survive(moment: number): Promise<boolean> {
  const attempt = await openKillFleet();
  try {
    await attempt.killedAt(moment, command);
    const left = JSON.stringify(attempt.labels()) !== JSON.stringify(done);
    const rerun = await attempt.run(`${command} --format json`);
    const said = `after a death at request ${moment}: ${rerun.out}${rerun.err}`;
    expect(rerun.code, said).toBe(0);
    const { reports } = JSON.parse(rerun.out);
    expect(reports, said).toMatchObject(targets.map((target) => ({ target, converged: true })));
    expect(attempt.labels(), said).toEqual(done);
    expect((await attempt.run('plan --prune --exit-code')).code, said).toBe(0);
    return left;
  } finally {
    await attempt.close();
  }
}
