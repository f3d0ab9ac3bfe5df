import { Exit, type ExitCode, InvalidInput, ProviderError, SynclineError } from '../model/errors.ts';
import type { ToldFailure } from '../model/failed.ts';
import { version } from '../model/version.ts';
import { diagnosticsOnly } from '../render/diagnostics/text.ts';
import { forTerminal } from '../render/escape.ts';
import { style } from '../render/style.ts';
import type { Io } from './io.ts';
import { sourcesIn } from './sources.ts';

interface Saying {
  readonly colour: boolean;
  readonly verbose: boolean;
  /** Of several targets, the one that the failure is about. */
  readonly target?: string | undefined;
}

/** Says on stderr why a command ended, in the fewest words that help, and gives its exit code. */
export function reportFailure(error: unknown, io: Pick<Io, 'stderr' | 'failed'>, options: Saying): ExitCode {
  io.failed?.(error);
  const { code, message, hint, exit } = factsOf(error);
  if (error instanceof InvalidInput) {
    const count = error.diagnostics.length > 1 ? `\n${forTerminal(error.message)}\n` : '';
    io.stderr.write(`${diagnosticsOnly(error.diagnostics, { ...options, sources: sourcesIn(error.root) })}${count}`);
    return exit;
  }
  const paint = style(options.colour);
  const about = options.target === undefined ? '' : `  ${paint.cyan(`target ${forTerminal(options.target)}`)}`;
  io.stderr.write(
    `${paint.red('error')} ${paint.bold(forTerminal(code))}${about}\n  ${forTerminal(message)}\n  ${paint.dim('hint:')} ${forTerminal(hint)}\n${stackOf(error, options)}`,
  );
  return exit;
}

/** The failure of one target, as reports tell of it. */
export function failureOf(target: string, error: unknown): ToldFailure {
  return { target, ...factsOf(error) };
}

type Facts = Omit<ToldFailure, 'target'>;

function factsOf(error: unknown): Facts {
  if (error instanceof InvalidInput) return firstMistake(error);
  if (error instanceof SynclineError) {
    const { code, message, hint, exit } = error;
    return { exit, code, message, hint };
  }
  if (error instanceof ProviderError) {
    return { exit: Exit.failed, code: 'provider', message: error.message, hint: hintFor(error) };
  }
  return crash(error);
}

/** Programs, which get one object for each target, are told the first mistake, its place, and how many others there are. */
function firstMistake(error: InvalidInput): Facts {
  const { exit } = error;
  const [first, ...others] = error.diagnostics.filter((one) => one.severity === 'error');
  if (first === undefined) return { exit, code: error.code, message: error.message, hint: error.hint };
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const { code, hint, file, line, column, message } = first;
  return { exit, code, message: `${file}:${line}:${column}: ${message}${more}`, hint };
}

const untrusted =
  "Node does not trust the signer of the certificate: set NODE_EXTRA_CA_CERTS to a PEM file with the signer's certificate.";

function hintFor(error: ProviderError): string {
  if (error.status === 401 || error.status === 403) return 'Check the token of this target and what it may do.';
  if (error.status === 429) return 'The service limits requests: lower limits.concurrency, or run again later.';
  if (error.doubt === 'trust') return untrusted;
  if (error.status === undefined) return 'Check base_url, the network and any proxy, then run again.';
  if (error.status >= 500) return 'The service failed; run again later.';
  if (error.status === 404 || error.status < 400)
    return 'Check base_url and `api` of this target: this may be another service, or another dialect of it. --verbose shows every request.';
  return '--verbose shows every request.';
}

/** A failure that nobody foresaw is a bug of ours. */
function crash(error: unknown): Facts {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint = `This is a bug. Please report it with this output, \`syncline ${version}\` and the command; --verbose adds the stack.`;
  return { exit: Exit.failed, code: 'internal', message, hint };
}

function stackOf(error: unknown, { verbose }: Saying): string {
  const isForeseen = error instanceof SynclineError || error instanceof ProviderError;
  if (!verbose || isForeseen || !(error instanceof Error)) return '';
  const lines = (error.stack ?? '').split('\n').slice(1);
  return lines.map((line) => `${forTerminal(line)}\n`).join('');
}
