import { EmulatorInputError, type InputProblem } from './input-problem.ts';
import { type Pasted, placeIn } from './pasted.ts';

/** What somebody has asked of an emulator in words. */
export interface Wishes {
  readonly port: number;
  /** The token of the first account; undefined means the seed's, or a fresh one. */
  readonly token: string | undefined;
  readonly latency: number | undefined;
  readonly faults: readonly string[];
  /** JSON, unchecked; undefined where none was given. */
  readonly seed: unknown;
  /** Values of the options that it has of its own. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/**
 * Starts with a seed that was read from somewhere, and says what is wrong with it at the place where it was written. Throws
 * EmulatorInputError.
 */
export async function withSeed<Seed, Started>(
  value: unknown,
  { pasted, isSeed, problemsOf }: SeedForm<Seed>,
  start: (seed: Seed | undefined) => Promise<Started>,
): Promise<Started> {
  if (value === undefined) return start(undefined);
  const given = pasted(value);
  try {
    if (isSeed(given.seed)) return await start(given.seed);
    const [problem] = problemsOf(given.seed);
    throw new EmulatorInputError(problem ?? { message: 'The seed is none.', hint: 'Correct it.' });
  } catch (error) {
    if (!(error instanceof EmulatorInputError) || error.place === undefined) throw error;
    const { message, hint, place } = error;
    const written = placeIn(given, place);
    const item = place.replace(/^(\w+\[\d+\]).*/u, '$1');
    const said = given.places.has(item) ? message.replace(item, placeIn(given, item)) : message;
    throw new EmulatorInputError({ message: said, hint, place: written });
  }
}

/** What an API makes of a seed. */
export interface SeedForm<Seed> {
  readonly pasted: (value: unknown) => Pasted;
  readonly isSeed: (value: unknown) => value is Seed;
  readonly problemsOf: (value: unknown) => readonly InputProblem[];
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
