import { limiter } from '../http/limit.ts';
import { InvalidInput } from '../model/errors.ts';
import type { ToldFailure } from '../model/failed.ts';
import type { Invocation } from './invocation.ts';
import type { Reach } from './reach.ts';

/** What became of targets: results in their order, and why the others have none. */
export interface Tried<Result> {
  readonly done: readonly Result[];
  readonly lost: readonly Lost[];
}

/** A target that failed, and what was thrown. */
export interface Lost {
  readonly target: string;
  readonly error: unknown;
}

/** Each has requests and processes of its own; more of them at a time would only crowd one machine. */
const atOnce = 8;

/**
 * Does something that only reads with each target, side by side: one that fails hides no other.
 * @throws InvalidInput with all that is wrong in the files, whichever target showed it: then nobody else is listened to
 */
export async function sideBySide<Result>(
  reaches: readonly Reach[],
  act: (reach: Reach) => Promise<Result>,
): Promise<Tried<Result>> {
  const limited = limiter(atOnce);
  const settled = await Promise.allSettled(reaches.map((reach) => limited(() => act(reach))));
  const lost = settled.flatMap((one, index): Lost[] => {
    const target = reaches[index]?.target.name ?? '';
    return one.status === 'rejected' ? [{ target, error: one.reason }] : [];
  });
  const wrong = lost.flatMap(({ error }) => (error instanceof InvalidInput ? [error] : []));
  if (wrong.length > 0) throw together(wrong);
  return { done: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])), lost };
}

/** All that is wrong in the files of one project, each mistake once. */
export function together(errors: readonly InvalidInput[]): InvalidInput {
  const diagnostics = errors.flatMap((one) => one.diagnostics);
  return new InvalidInput(distinct(diagnostics), errors[0]?.root ?? '');
}

/** A manifest of several targets has the same mistake in each of them. */
function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((one) => [JSON.stringify(one), one])).values()];
}

/** As reports tell of those that failed. */
export async function failuresOf(lost: readonly Lost[]): Promise<readonly ToldFailure[]> {
  if (lost.length === 0) return [];
  const { failureOf } = await import('./failure.ts');
  return lost.map(({ target, error }) => failureOf(target, error));
}

/** Says on stderr why targets failed; of which one it is, where there are `several`. */
export async function sayLost(lost: readonly Lost[], several: boolean, invocation: Invocation): Promise<void> {
  if (lost.length === 0) return;
  const { io, colour, options } = invocation;
  const { reportFailure } = await import('./failure.ts');
  for (const { target, error } of lost) {
    const about = several ? target : undefined;
    reportFailure(error, io, { colour, verbose: options.flag('verbose'), target: about });
  }
}
