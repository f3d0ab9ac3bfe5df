import { forTerminal } from '../render/escape.ts';
import type { Invocation } from './invocation.ts';

/** `GET /syncs?page=2 no answer 60000 ms, again in 512 ms (try 1 of 5)`: a try that failed for the first time. */
const firstFailure = /^(\S+) ([^\s?]+)\S* (.+) \d+ ms, again in (\d+) ms \(try 1 of (\d+)\)$/;

/** `POST /syncs 429 12 ms, all requests wait 8000 ms`: the service limits how much it is asked. */
const limited = /^(\S+) ([^\s?]+)\S* 429 \d+ ms, all requests wait (\d+) ms$/;

/** Shorter waits than this go by unnoticed. */
const noticeable = 1000;

/**
 * What to do with each line that tells of a request: all of them are said with --verbose, none with --quiet, else the first retries.
 * `target`: of several, the one that is asked.
 */
export function requestLog({ io, options }: Invocation, target: string | undefined): (line: string) => void {
  const about = target === undefined ? '' : `${target}: `;
  if (options.flag('verbose')) return (line) => io.stderr.write(`${about}${line}\n`);
  if (options.flag('quiet')) return () => undefined;
  const wipe = io.stderr.isTTY === true ? '\r\u001b[K' : '';
  return (line) => {
    const said = retryIn(line) ?? waitIn(line);
    if (said !== undefined) io.stderr.write(`${wipe}${forTerminal(`${about}${said}`)}\n`);
  };
}

/** Whoever waits must see that something is going on. undefined for every line but the first retry of a request. */
function retryIn(line: string): string | undefined {
  const found = firstFailure.exec(line);
  if (found === null) return undefined;
  const [, method, path, what = '', wait, most] = found;
  const seconds = Math.round(Number(wait) / 1000);
  const when = seconds > 1 ? `trying again in ${seconds} s` : 'trying again';
  return `${method} ${path}: ${/^\d+$/.test(what) ? `answered ${what}` : what}, ${when} (2 of ${most})`;
}

/** Each wait is longer than the one before, so there are few of them. */
function waitIn(line: string): string | undefined {
  const [, method, path, wait] = limited.exec(line) ?? [];
  if (wait === undefined || Number(wait) < noticeable) return undefined;
  return `${method} ${path}: answered 429, so all requests wait ${Math.round(Number(wait) / 1000)} s`;
}

/** Says what the reader of a result must know and the result cannot carry. */
export function warner({ io }: Invocation): (message: string) => void {
  return (message) => {
    io.stderr.write(`warning: ${forTerminal(message)}\n`);
  };
}
