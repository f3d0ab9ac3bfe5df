import type { Ledger } from '../../src/model/ledger.ts';
import { keyAt, partsOf } from '../../src/model/live.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type Court, differing, entryOf, fail, ledgerOf } from './court.ts';
import { type Ended, sourceOf } from './run.ts';
import { addressOf, type Declaration, type Facts, hidesDeaths, kindNamed, type Truth } from './service.ts';

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
  for (const [address, one] of court.manifests) {
    if (blocked.has(address)) continue;
    const { kind } = kindNamed(service, one.noun);
    const id = ledger === undefined ? undefined : entryOf(ledger, address)?.id;
    const bound = id == null ? undefined : keyAt(address, id);
    const found = service
      .truth()
      .filter(({ key, label }) =>
        ledger === undefined ? label === one.label && partsOf(key).kind === kind : key === bound,
      );
    const [only] = found;
    if (only === undefined && bound !== undefined && court.unseen.has(bound)) continue;
    if (found.length !== 1 || only === undefined)
      fail('not exactly one thing in the end', { one, bound, truth: service.truth() });
    if (only !== undefined && !court.unseen.has(only.key)) judgeState(one, only, declaredSource(court, ledger, one));
  }
}

/** What a manifest reads, as far as that can be said: the dataset that the other one is bound to. */
function declaredSource(court: Court, ledger: Ledger | undefined, one: Declaration): Partial<Facts> {
  const { service } = court.sky;
  const other = sourceOf(service, court.manifests, one);
  if (other === undefined) return { source: null };
  const address = addressOf(service, other);
  const id = ledger === undefined ? undefined : entryOf(ledger, address)?.id;
  return id == null ? {} : { source: keyAt(address, id) };
}

function judgeState({ label, tag, name, paused }: Declaration, found: Truth, source: Partial<Facts>): void {
  const wanted = { label, tag, mark: name, ...(paused === undefined ? {} : { paused }), ...source };
  const wrong = differing(wanted, found);
  if (wrong !== undefined) fail('not as declared in the end', wrong);
}

/** Is all that is left what a lost answer is about, of a service that tells of it only while it carries out other writes, of which there are none? */
export async function isUntold(court: Court, { report, number }: Ended): Promise<boolean> {
  if (!hidesDeaths(court.sky.service)) return false;
  if (court.sky.writes.some((one) => one.run === number && one.effect !== 'none')) return false;
  const ledger = await ledgerOf(court);
  const left = (report?.outcomes ?? []).filter((one) => one.status !== 'applied');
  const inDoubt = (address: string) => {
    const entry = ledger?.syncs[address];
    return entry?.state === 'deleting' || entry?.state === 'retiring' || entry?.pending != null;
  };
  return left.length > 0 && left.every((one) => inDoubt(one.address));
}
