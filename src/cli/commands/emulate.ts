import type { CensusSeed } from '../../emulator/census-v1/seed.ts';
import { isSeed, seedShapeProblems } from '../../emulator/census-v1/seed-shape.ts';
import { type CensusEmulator, startCensusV1 } from '../../emulator/census-v1/server.ts';
import { EmulatorInputError } from '../../emulator/input-problem.ts';
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

async function start(invocation: Invocation): Promise<CensusEmulator> {
  const { options } = invocation;
  checkApi(options.text('api'));
  const port = options.count('port') ?? 0;
  const seed = options.text('seed');
  const settings = { port, latency: options.count('latency'), faults: options.texts('fault') };
  try {
    return await startCensusV1({ ...settings, seed: seed === undefined ? undefined : seedFrom(seed, invocation) });
  } catch (error) {
    if (error instanceof EmulatorInputError) throw invalid('emulator-input', error.message, error.hint);
    if (isPortTrouble(error)) throw noPort(port, error.code);
    throw error;
  }
}

function checkApi(api: string | undefined): void {
  if (api === 'census-v1') return;
  const hint = 'Write --api census-v1.';
  if (api === undefined) throw invalid('usage', '`emulate` needs to know which API.', hint);
  const later = api === 'census-v2' || api === 'fabra';
  throw invalid('usage', later ? `The API "${api}" is not in this version.` : `There is no API "${api}".`, hint);
}

function seedFrom(name: string, invocation: Invocation): CensusSeed {
  const text = readIfThere(pathFrom(invocation, name));
  if (text === undefined) throw invalid('no-seed', `There is no seed file ${name}.`, 'Check the path.');
  const seed = parsed(text, name);
  if (isSeed(seed)) return seed;
  const [problem] = seedShapeProblems(seed);
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
