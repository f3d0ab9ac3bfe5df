/**
 * How many times longer `work` takes for ten times the size: 10 where it is linear, 100 where it is quadratic. The best of several
 * tries each, so that a busy machine changes little; set limits far from both.
 */
export function growth(work: (size: number) => unknown, size: number): number {
  const best = (of: number): number => Math.min(...[1, 2, 3, 4, 5].map(() => timed(() => work(of))));
  best(size);
  return best(size * 10) / Math.max(best(size), 0.1);
}

/** Milliseconds of the processor, which others do not lengthen by using it too. Windows counts them in steps of 16: there the clock tells. */
function timed(work: () => unknown): number {
  if (process.platform === 'win32') return elapsed(work);
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function elapsed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
