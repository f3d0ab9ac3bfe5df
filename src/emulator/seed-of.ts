import { EmulatorInputError, type InputProblem } from './input-problem.ts';

/** What somebody has asked of an emulator in words. */
export interface Wishes {
  readonly port: number;
  readonly latency: number | undefined;
  readonly faults: readonly string[];
  /** JSON, unchecked; undefined where none was given. */
  readonly seed: unknown;
  /** Values of the options that it has of its own. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** A seed that was read from somewhere, as the API wants it; undefined where there is none. Throws EmulatorInputError for what is no seed. */
export function seedOf<Seed>(
  value: unknown,
  isSeed: (value: unknown) => value is Seed,
  problemsOf: (value: unknown) => readonly InputProblem[],
): Seed | undefined {
  if (value === undefined || isSeed(value)) return value;
  const [problem] = problemsOf(value);
  throw new EmulatorInputError(problem ?? { message: 'The seed is none.', hint: 'Correct it.' });
}

/** The one value of an option, which must be one of these words. Throws EmulatorInputError for another. */
export function wordOf<Word extends string>(
  option: string,
  [given]: readonly string[],
  words: readonly Word[],
): Word | undefined {
  const found = words.find((word) => word === given);
  if (given === undefined || found !== undefined) return found;
  throw new EmulatorInputError({
    message: `--${option} cannot be "${given}".`,
    hint: `Choose one of: ${words.join(', ')}.`,
  });
}
