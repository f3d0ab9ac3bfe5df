import { EmulatorInputError } from '../../emulator/input-problem.ts';
import { pointerTo } from '../../emulator/pasted.ts';
import { serviceFacts } from '../../generated/services.ts';
import { linesOf } from '../../load/line-column.ts';
import { locator } from '../../load/locate.ts';
import { Exit, InvalidInput, SynclineError } from '../../model/errors.ts';
import type { EmulatedApi, Emulator } from '../../model/service.ts';
import { services } from '../../providers/index.ts';
import { pathFrom, readIfThere } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { jsonBreak } from '../json-break.ts';

const emulated = serviceFacts.flatMap(({ emulators }) => Object.keys(emulators));

const announcements: Renderers<'emulate', Pick<Emulator, 'url' | 'token' | 'workspaceTokens'>> = {
  text: ({ url, token }) => `listening on ${url} token ${token}\n`,
  json: ({ url, token, workspaceTokens }) => `${JSON.stringify({ url, token, workspace_tokens: workspaceTokens })}\n`,
};

/** Serves an emulated API until it is told to stop. The first line on stdout says where, and is all that a script needs. */
export const execute: Execute<'emulate'> = async (invocation) => {
  const { io, format } = invocation;
  const emulator = await start(invocation);
  io.stdout.write(announcements[format](emulator));
  await stopped(io.signal);
  await emulator.close();
  return Exit.ok;
};

async function start(invocation: InvocationOf<'emulate'>): Promise<Emulator> {
  const { options } = invocation;
  const api = chosen(invocation);
  const port = options.count('port') ?? 0;
  if (port > 65_535) throw noPort(port, 'ERANGE');
  const token = tokenFrom(invocation);
  const settings = { port, token, latency: options.count('latency'), faults: options.texts('fault') };
  const seed = seedFrom(invocation);
  try {
    return await api.start({ ...settings, seed: seed?.value, options: ownOptions(invocation) });
  } catch (error) {
    if (error instanceof EmulatorInputError) throw inputError(error, seed, invocation);
    if (isPortTrouble(error)) throw noPort(port, error.code);
    throw error;
  }
}

/** The API that was asked for; its code is loaded when it starts. */
function chosen({ options }: InvocationOf<'emulate'>): EmulatedApi {
  const wanted = options.text('api');
  const hint = `Write ${emulated.map((name) => `--api ${name}`).join(' or ')}.`;
  if (wanted === undefined) throw invalid('usage', '`emulate` needs to know which API.', hint);
  const found = services.flatMap(({ emulators }) =>
    Object.hasOwn(emulators, wanted) ? (emulators[wanted] ?? []) : [],
  );
  const [api] = found;
  if (api !== undefined) return api;
  throw invalid('usage', `There is no API "${wanted}".`, hint);
}

/** What the API has of its own on the command line. @throws SynclineError (exit 3) for what belongs to another one */
function ownOptions({ options }: InvocationOf<'emulate'>): Readonly<Record<string, readonly string[]>> {
  const wanted = options.text('api') ?? '';
  const given: Record<string, readonly string[]> = {};
  const all = serviceFacts.flatMap(({ emulators }) => Object.entries(emulators));
  for (const name of new Set(all.flatMap(([, names]) => names))) {
    const values = options.texts(name);
    if (values.length === 0) continue;
    const owners = all.flatMap(([api, names]) => (names.includes(name) ? [api] : []));
    if (!owners.includes(wanted)) {
      throw invalid('usage', `--${name} belongs to --api ${owners.join(' and ')}.`, 'Leave it out.');
    }
    given[name] = values;
  }
  return given;
}

/** The token that --token asks for. @throws SynclineError (exit 3) for one that no request could carry */
function tokenFrom({ options }: InvocationOf<'emulate'>): string | undefined {
  const token = options.text('token');
  if (token === undefined || /^[\x21-\x7e]+$/.test(token)) return token;
  const message = 'The token of --token is empty, or has a character that cannot be sent in a header.';
  throw invalid('usage', message, 'Use letters, digits and punctuation of ASCII, without spaces.');
}

/** A seed file that was read. */
interface Seed {
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
}

/** The seed that --seed names, as JSON; undefined where none is given. */
function seedFrom(invocation: InvocationOf<'emulate'>): Seed | undefined {
  const name = invocation.options.text('seed');
  if (name === undefined) return undefined;
  const text = readIfThere(pathFrom(invocation, name));
  if (text === undefined) throw invalid('no-seed', `There is no seed file ${name}.`, 'Check the path.');
  try {
    return { name, text, value: JSON.parse(text) };
  } catch {
    const hint = 'Begin with {"syncs": []}, or paste what the API answers.';
    const place = linesOf(text)(jsonBreak(text));
    throw seedError({ message: `The seed ${name} is not JSON.`, hint }, { name, ...place }, invocation);
  }
}

function inputError(
  { message, hint, place }: EmulatorInputError,
  seed: Seed | undefined,
  invocation: InvocationOf<'emulate'>,
): SynclineError | InvalidInput {
  if (seed === undefined || place === undefined) {
    return invalid('emulator-input', seed === undefined ? message : `${seed.name}: ${message}`, hint);
  }
  const { name, text } = seed;
  return seedError({ message, hint }, { name, ...locator(text)(0, pointerTo(place), 'value') }, invocation);
}

interface SeedPlace {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

function seedError(
  { message, hint }: { readonly message: string; readonly hint: string },
  { name, line, column }: SeedPlace,
  { directory }: InvocationOf<'emulate'>,
): InvalidInput {
  return new InvalidInput(
    [{ severity: 'error', code: 'emulator-input', message, hint, file: name, line, column }],
    directory,
  );
}

function isPortTrouble(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}

const portWords: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already in use',
  ERANGE: 'does not exist',
  EACCES: 'needs rights that you do not have',
};

function noPort(port: number, code: string): SynclineError {
  const fact = portWords[code] ?? `cannot be used (${code})`;
  return invalid('no-port', `Port ${port} ${fact}.`, 'Choose another --port; 0 means any free one.');
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
