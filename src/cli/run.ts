import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { Exit, type ExitCode, SynclineError } from '../model/errors.ts';
import { version } from '../model/version.ts';
import { load } from './commands/load.ts';
import { type CommandName, commands } from './commands/table.ts';
import { helpFor, overview } from './help.ts';
import type { AnyOptions, InvocationOf, RowOf } from './invocation.ts';
import type { Io, Sink } from './io.ts';
import { parse } from './parse.ts';
import { guarded, openVault, type Vault } from './redact.ts';

/**
 * One command line from start to end; the same door for `main.ts`, tests and the demo.
 * Never throws and never ends the process: resolves to the exit code.
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const vault = openVault();
  const safe = guarded(io, vault);
  try {
    if (argv[0] === askForCompletions) return await completed(argv.slice(1), safe);
    return await perform(argv, safe, vault);
  } catch (error) {
    const { reportFailure } = await import('./failure.ts');
    const colour = mayColour(io, io.stderr, argv.includes('--no-color'));
    return reportFailure(error, safe, { colour, verbose: argv.includes('--verbose') });
  }
}

/** What completion scripts call the program with; nobody else does. */
const askForCompletions = '--get-completions';

async function completed(words: readonly string[], io: Io): Promise<ExitCode> {
  const { complete } = await import('./completion/complete.ts');
  io.stdout.write(await complete(words, io));
  return Exit.ok;
}

async function perform(argv: readonly string[], io: Io, vault: Vault): Promise<ExitCode> {
  const request = parse(argv);
  switch (request.ask) {
    case 'version':
      io.stdout.write(`${version}\n`);
      return Exit.ok;
    case 'help':
      io.stdout.write(request.command === undefined ? overview(commands) : helpFor(request.command));
      return Exit.ok;
    case 'nothing':
      io.stderr.write(overview(commands));
      return Exit.invalid;
    case 'run': {
      const { command, options, positionals } = request;
      return runCommand(command, options, { io, vault, positionals });
    }
    default:
      return request satisfies never;
  }
}

/** Loads the command of a row, runs it, and gives its exit code. */
async function runCommand<Name extends CommandName>(
  { name, formats }: RowOf<Name>,
  options: AnyOptions,
  given: Pick<InvocationOf<Name>, 'io' | 'vault' | 'positionals'>,
): Promise<ExitCode> {
  const { io } = given;
  const { execute } = await load[name]();
  return execute({
    ...given,
    options,
    format: formatFrom(formats, options),
    directory: directoryOf(io, options),
    colour: mayColour(io, io.stdout, options.flag('no-color')),
  });
}

/** The format that was asked for, which parsing has found in the row, or the first. */
function formatFrom<Format extends string>(formats: readonly [Format, ...Format[]], options: AnyOptions): Format {
  const asked = options.text('format');
  return formats.find((one) => one === asked) ?? formats[0];
}

/** A folder that is not there must not end in the project of a folder above it. */
function directoryOf(io: Io, options: AnyOptions): string {
  const given = options.text('C');
  if (given === undefined) return io.cwd;
  const directory = isAbsolute(given) ? given : resolve(io.cwd, given);
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return directory;
  throw new SynclineError('usage', `There is no folder ${given}.`, 'Check what follows -C.', Exit.invalid);
}

/** `FORCE_COLOR` asks for colours where there is no terminal, as it does of Node; who asks for none gets none. */
function mayColour({ env }: Io, sink: Sink, refused: boolean): boolean {
  if (refused || (env.NO_COLOR ?? '') !== '') return false;
  if (env.FORCE_COLOR !== undefined) return /^(1|2|3|true|)$/.test(env.FORCE_COLOR);
  return sink.isTTY === true && env.TERM !== 'dumb';
}
