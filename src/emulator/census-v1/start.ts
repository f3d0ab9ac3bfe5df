import { EmulatorInputError, type InputProblem } from '../input-problem.ts';
import { type Wishes, withSeed } from '../seed-of.ts';
import { pastedSeed } from './pasted.ts';
import { parseQuirks } from './quirk-words.ts';
import type { CensusSeed } from './seed.ts';
import { isSeed, seedShapeProblems } from './seed-shape.ts';
import { startCensusV1 } from './server.ts';

/** Starts the emulated API with what somebody has asked for in words. Throws EmulatorInputError. */
export async function start(wishes: Wishes) {
  const { seed, options, ...settings } = wishes;
  const quirks = parseQuirks(options.quirk ?? []);
  const form = { pasted: pastedSeed, isSeed, problemsOf: seedShapeProblems };
  return withSeed(seed, form, (one) => {
    const problem = unreachable(one, wishes.token);
    if (problem !== undefined) throw new EmulatorInputError(problem);
    return startCensusV1({ ...settings, quirks, seed: one });
  });
}

/** A workspace that would be served and that nobody could ask for: all that is ever said is the key of the first one. */
function unreachable(seed: CensusSeed | undefined, token: string | undefined): InputProblem | undefined {
  const [first, ...others] = seed?.workspaces ?? [];
  if (seed?.workspaces === undefined) return undefined;
  if (first === undefined) {
    const hint = 'Write one with `id` and `name`, or leave "workspaces" out.';
    return { message: 'The seed has no workspace.', hint, place: 'workspaces' };
  }
  const keys = new Set([token ?? first.api_key]);
  for (const [index, { id, name, api_key }] of others.entries()) {
    const message = `Workspace ${id} ("${name}") has no key of its own, so that nobody could reach it: version 1 prints that of the first one alone.`;
    const hint =
      'Write an `api_key` that no other workspace has, or serve them with `--api census-v2 --format json`, which prints all keys.';
    if (api_key === undefined || keys.has(api_key)) return { message, hint, place: `workspaces[${index + 1}]` };
    keys.add(api_key);
  }
  return undefined;
}
