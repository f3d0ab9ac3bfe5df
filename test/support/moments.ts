/** By hand all of them: `MOMENTS=all npx vitest run test/e2e`. */
const { MOMENTS } = process.env;

/**
 * The moments of death that are tried of so many: every `step`th, beginning with number `from`, for one process after the other has
 * to be started and killed. Tests that look at the same code in several worlds begin at different ones.
 */
export function momentsOf(total: number, step: number, from = 1): readonly number[] {
  const all = Array.from({ length: total }, (_, index) => index + 1);
  return MOMENTS === 'all' ? all : all.filter((moment) => moment % step === from % step);
}
