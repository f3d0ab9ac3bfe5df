import { Exit, type ExitCode, InvalidInput, ProviderError, SynclineError } from '../model/errors.ts';
import { version } from '../model/version.ts';
import { diagnosticsOnly } from '../render/diagnostics/text.ts';
import { forTerminal } from '../render/escape.ts';
import { style } from '../render/style.ts';
import type { Io } from './io.ts';

/** Says on stderr why a command ended, in the fewest words that help, and gives its exit code. */
export function reportFailure(error: unknown, io: Io, options: { colour: boolean; verbose: boolean }): ExitCode {
  const { text, exit } = describe(error, options);
  io.stderr.write(text);
  return exit;
}

function describe(error: unknown, options: { colour: boolean; verbose: boolean }): { text: string; exit: ExitCode } {
  if (error instanceof InvalidInput) {
    const text = diagnosticsOnly(error.diagnostics, options);
    const count = error.diagnostics.length > 1 ? `\n${forTerminal(error.message)}\n` : '';
    return { text: `${text}${count}`, exit: error.exit };
  }
  if (error instanceof SynclineError) {
    return { text: block(error.code, error.message, error.hint, options.colour), exit: error.exit };
  }
  if (error instanceof ProviderError) {
    return { text: block('provider', error.message, hintFor(error), options.colour), exit: Exit.failed };
  }
  return { text: crash(error, options), exit: Exit.failed };
}

function block(code: string, message: string, hint: string, colour: boolean): string {
  const paint = style(colour);
  return `${paint.red('error')} ${paint.bold(forTerminal(code))}\n  ${forTerminal(message)}\n  ${paint.dim('hint:')} ${forTerminal(hint)}\n`;
}

const untrusted =
  'The certificate is signed by nobody whom Node trusts: set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of who signed it.';

function hintFor(error: ProviderError): string {
  if (error.status === 401 || error.status === 403) return 'Check the token of this target and what it may do.';
  if (error.status === 429)
    return 'The service limits how much it is asked: lower limits.concurrency, or run again later.';
  if (error.doubt === 'trust') return untrusted;
  if (error.status === undefined) return 'Check base_url, the network and any proxy, then run again.';
  if (error.status >= 500) return 'The service is at fault; run again later.';
  if (error.status === 404 || error.status < 400)
    return 'Check base_url and `api` of this target: this may be another service, or another dialect of it. --verbose shows every request.';
  return '--verbose shows every request.';
}

/** A failure that nobody foresaw is a bug of ours. */
function crash(error: unknown, options: { colour: boolean; verbose: boolean }): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint = `This is a bug. Please report it with this output, \`syncline ${version}\` and the command${options.verbose ? '' : '; --verbose adds the stack'}.`;
  const stack = options.verbose && error instanceof Error ? (error.stack ?? '').split('\n').slice(1) : [];
  return [block('internal', message, hint, options.colour), ...stack.map((line) => `${forTerminal(line)}\n`)].join('');
}
