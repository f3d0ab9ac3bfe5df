import { type FaultRule, parseFaultRule } from './fault-rule.ts';
import type { InputProblem } from './input-problem.ts';

/** Reads `--fault` rules; every rule that is not understood is one problem, with its place in the list left as it is. */
export function parseFaultRules(rules: readonly string[]): {
  readonly faults: readonly FaultRule[];
  readonly problems: readonly InputProblem[];
} {
  const faults: FaultRule[] = [];
  const problems: InputProblem[] = [];
  for (const rule of rules) {
    const parsed = parseFaultRule(rule);
    if ('message' in parsed) problems.push(parsed);
    else faults.push(parsed);
  }
  return { faults, problems };
}
