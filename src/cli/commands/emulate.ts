import { EmulatorInputError, type InputProblem } from '../../emulator/input-problem.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { Execute, Invocation } from '../command.ts';
import { pathFrom, readIfThere } from '../files.ts';

/** Serves an emulated API until it is told to stop. The first line on stdout says where, and is all that a script needs. */
export const execute: Execute = async (invocation) => {
  const { io, format } = invocation;
  const emulator = await start(invocation);
  const { url, token } = emulator;
  io.stdout.write(format === 'json' ? `${JSON.stringify({ url, token })}\n` : `listening on ${url} token ${token}\n`);
  await stopped(io.signal);
  await emulator.close();
  return Exit.ok;
};

/** What every emulated API can do: say where it is, and end. */
interface Emulator {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

interface Settings {
  readonly port: number;
  readonly latency: number | undefined;
  readonly faults: readonly string[];
}

async function start(invocation: Invocation): Promise<Emulator> {
  const { options } = invocation;
  const begin = starter(invocation);
  const port = options.count('port') ?? 0;
  if (port > 65_535) throw noPort(port, 'there is no such port');
  try {
    return await begin({ port, latency: options.count('latency'), faults: options.texts('fault') });
  } catch (error) {
    if (error instanceof EmulatorInputError) throw invalid('emulator-input', error.message, error.hint);
    if (isPortTrouble(error)) throw noPort(port, error.code);
    throw error;
  }
}

/** Starts the API that was asked for, of which alone the code is loaded. */
function starter(invocation: Invocation): (settings: Settings) => Promise<Emulator> {
  const api = invocation.options.text('api');
  const hint = 'Write --api census-v1 or --api fabra.';
  switch (api) {
    case 'census-v1':
      return (settings) => census(settings, invocation);
    case 'fabra':
      return (settings) => fabra(settings, invocation);
    case undefined:
      throw invalid('usage', '`emulate` needs to know which API.', hint);
    case 'census-v2':
      throw invalid('usage', `The API "${api}" is not in this version.`, hint);
    default:
      throw invalid('usage', `There is no API "${api}".`, hint);
  }
}

async function census(settings: Settings, invocation: Invocation): Promise<Emulator> {
  for (const name of ['profile', 'dialect']) {
    if (invocation.options.text(name) !== undefined) {
      throw invalid('usage', `--${name} belongs to --api fabra.`, 'Leave it out.');
    }
  }
  const { startCensusV1 } = await import('../../emulator/census-v1/server.ts');
  const { isSeed, seedShapeProblems } = await import('../../emulator/census-v1/seed-shape.ts');
  const { parseQuirks } = await import('../../emulator/census-v1/quirk-words.ts');
  const quirks = parseQuirks(invocation.options.texts('quirk'));
  return startCensusV1({ ...settings, quirks, seed: seedFrom(invocation, isSeed, seedShapeProblems) });
}

async function fabra(settings: Settings, invocation: Invocation): Promise<Emulator> {
  if (invocation.options.texts('quirk').length > 0) {
    throw invalid('usage', '--quirk belongs to --api census-v1.', 'Fabra has --profile and --dialect.');
  }
  const profile = oneOf(invocation, 'profile', ['as-traced', 'as-intended'] as const);
  const dialect = oneOf(invocation, 'dialect', ['server', 'documented'] as const);
  const { startFabra } = await import('../../emulator/fabra/server.ts');
  const { isFabraSeed, fabraSeedProblems } = await import('../../emulator/fabra/seed-shape.ts');
  return startFabra({ ...settings, profile, dialect, seed: seedFrom(invocation, isFabraSeed, fabraSeedProblems) });
}

function oneOf<Word extends string>(invocation: Invocation, option: string, words: readonly Word[]): Word | undefined {
  const given = invocation.options.text(option);
  const found = words.find((word) => word === given);
  if (given === undefined || found !== undefined) return found;
  throw invalid('usage', `--${option} cannot be "${given}".`, `Choose one of: ${words.join(', ')}.`);
}

/** The seed that --seed names, as the API wants it; undefined where none is given. */
function seedFrom<Seed>(
  invocation: Invocation,
  isSeed: (value: unknown) => value is Seed,
  problemsOf: (value: unknown) => readonly InputProblem[],
): Seed | undefined {
  const name = invocation.options.text('seed');
  if (name === undefined) return undefined;
  const text = readIfThere(pathFrom(invocation, name));
  if (text === undefined) throw invalid('no-seed', `There is no seed file ${name}.`, 'Check the path.');
  const seed = parsed(text, name);
  if (isSeed(seed)) return seed;
  const [problem] = problemsOf(seed);
  throw invalid('emulator-input', `${name}: ${problem?.message ?? 'it is no seed.'}`, problem?.hint ?? 'Correct it.');
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('emulator-input', `The seed ${name} is not JSON.`, 'Begin with {"syncs": []}.');
  }
}

function isPortTrouble(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}

function noPort(port: number, code: string): SynclineError {
  return invalid(
    'no-port',
    `The port ${port} cannot be had (${code}).`,
    'Choose another --port; 0 means any free one.',
  );
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function invalid(code: string, message: string, hint: string): SynclineError {
  return new SynclineError(code, message, hint, Exit.invalid);
}
