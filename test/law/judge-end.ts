import type { Plan } from '../../src/model/plan.ts';
import { type Court, differing, entryOf, fail, ledgerOf } from './court.ts';
import type { Ended } from './run.ts';
import type { Declaration, Truth } from './service.ts';

const lasting: ReadonlySet<string> = new Set([
  'foreign',
  'twins',
  'label-taken',
  'protected',
  'depends',
  'immutable',
  'unsupported',
]);

export async function judgeEnd(court: Court, plan: Plan | undefined): Promise<void> {
  const blocked = new Map((plan?.blocked ?? []).map((one) => [one.address, one]));
  const strange = [...blocked.values()].find((one) => !lasting.has(one.reason));
  if (strange !== undefined) fail('something stays blocked for ever', strange);
  const { service } = court.sky;
  const ledger = await ledgerOf(court);
  for (const one of court.manifests.values()) {
    if (blocked.has(`${service.kind.kind}/${one.name}`)) continue;
    const bound = ledger === undefined ? undefined : entryOf(ledger, one.name)?.id;
    const found = service
      .truth()
      .filter(({ id, label }) => (ledger === undefined ? label === one.label : id === bound));
    const [only] = found;
    if (only === undefined && court.unseen.has(bound ?? '')) continue;
    if (found.length !== 1 || only === undefined)
      fail('not exactly one sync in the end', { one, bound, truth: service.truth() });
    if (only !== undefined && !court.unseen.has(only.id)) judgeState(one, only);
  }
}

function judgeState({ label, tag, name, paused }: Declaration, found: Truth): void {
  const wanted = { label, tag, mark: name, ...(paused === undefined ? {} : { paused }) };
  const wrong = differing(wanted, found);
  if (wrong !== undefined) fail('not as declared in the end', wrong);
}

/** Is all that is left what a lost answer is about, of a service that tells of it only while it carries out other writes, of which there are none? */
export async function isUntold(court: Court, { report, number }: Ended): Promise<boolean> {
  if (!court.sky.service.kind.ghosts) return false;
  if (court.sky.writes.some((one) => one.run === number && one.effect !== 'none')) return false;
  const ledger = await ledgerOf(court);
  const left = (report?.outcomes ?? []).filter((one) => one.status !== 'applied');
  const inDoubt = (address: string) => {
    const entry = ledger?.syncs[address];
    return entry?.state === 'deleting' || entry?.state === 'retiring' || entry?.pending != null;
  };
  return left.length > 0 && left.every((one) => inDoubt(one.address));
}
