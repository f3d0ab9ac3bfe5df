import { spawn } from 'node:child_process';
import { Exit, SynclineError } from '../../model/errors.ts';
import { type Environment, gitEnvironment } from './environment.ts';

/** How a command of git has ended. */
interface Ended {
  readonly code: number;
  /** git's own words, on one line, without credentials. */
  readonly words: string;
}

export interface GitResult extends Ended {
  readonly stdout: string;
}

/** Runs git in one folder. */
export interface Git {
  /** Whatever its exit code. @throws SynclineError where git cannot be started, or Ctrl-C stops it. */
  try(args: readonly string[], input?: Iterable<string>): Promise<GitResult>;
  /** Its output as text, trimmed. @throws SynclineError (exit 4) where it fails. */
  text(args: readonly string[], input?: Iterable<string>): Promise<string>;
  /** Its output as it comes, so that it need never be in memory whole. @throws SynclineError (exit 4) where it fails. */
  pipe(args: readonly string[], input: Iterable<string>, sink: (chunk: Buffer) => void): Promise<void>;
}

/** Milliseconds after which a command is given up; a lease outlasts several of them. */
const patience: Readonly<Record<string, number>> = { 'ls-remote': 60_000, fetch: 300_000 };
const otherwise = 120_000;

/** What every command of git is given. */
interface Surroundings {
  readonly env: NodeJS.ProcessEnv | undefined;
  /** Once aborted, nobody waits for git any more. */
  readonly signal: AbortSignal | undefined;
}

/** `environment` undefined: that of this process, as it is. */
export function openGit(folder: string, environment: Environment | undefined, signal?: AbortSignal): Git {
  const around = { env: environment === undefined ? undefined : gitEnvironment(environment), signal };
  const attempt: Git['try'] = async (args, input = []) => {
    const chunks: Buffer[] = [];
    const ended = await perform(folder, around, args, input, (chunk) => chunks.push(chunk));
    return { ...ended, stdout: Buffer.concat(chunks).toString('utf8') };
  };
  return {
    try: attempt,
    text: async (args, input) => {
      const ended = await attempt(args, input);
      assertDone(args, ended);
      return ended.stdout.trim();
    },
    pipe: async (args, input, sink) => assertDone(args, await perform(folder, around, args, input, sink)),
  };
}

function assertDone(args: readonly string[], { code, words }: Ended): void {
  if (code !== 0) throw gitError(`\`git ${commandIn(args)}\` failed: ${words === '' ? `exit ${code}` : words}`);
}

/** `push` of `-c x=y --git-dir=z push origin`. */
function commandIn([first = '', ...rest]: readonly string[]): string {
  return first === '-c' ? commandIn(rest.slice(1)) : first.startsWith('--') ? commandIn(rest) : first;
}

/**
 * Settings of the user that are no business of a ledger. Its hooks are about branches; what is recorded must outlast a power
 * failure however little that matters to other commits; and nobody else's clean-up belongs into a run.
 */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.fsync=committed,reference',
  'fetch.prune=false',
  'fetch.pruneTags=false',
  'fetch.writeCommitGraph=false',
  'push.gpgSign=false',
  'push.negotiate=false',
  'push.pushOption=',
].flatMap((one) => ['-c', one]);

function perform(
  folder: string,
  { env, signal }: Surroundings,
  args: readonly string[],
  input: Iterable<string>,
  sink: (chunk: Buffer) => void,
): Promise<Ended> {
  const limit = patience[commandIn(args)] ?? otherwise;
  const expiry = AbortSignal.timeout(limit);
  return new Promise((resolve, reject) => {
    // In a group of its own: Ctrl-C at the terminal must not cut off the push that records what was done.
    const options = { cwd: folder, detached: true, stdio: 'pipe', ...(env ? { env } : {}) } as const;
    const child = spawn('git', [...settings, ...args], options);
    let stderr = '';
    child.stdout.on('data', sink);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const letGo = (): void => {
      expiry.removeEventListener('abort', expire);
      signal?.removeEventListener('abort', stop);
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
    };
    const end = (ended: Ended): void => {
      letGo();
      resolve(ended);
    };
    /** Whoever git has started to reach the remote does not end with it; nobody waits for them either. */
    const kill = (): void => {
      child.unref();
      if (child.pid !== undefined)
        spawn('kill', ['-9', '--', `-${child.pid}`], { stdio: 'ignore' }).on('error', () => child.kill());
    };
    const expire = () => {
      kill();
      end({ code: 1, words: `it did not answer within ${limit / 1000} s` });
    };
    expiry.addEventListener('abort', expire, { once: true });
    const stop = () => {
      kill();
      letGo();
      reject(
        new SynclineError('stopped', 'Git was at work when it was stopped.', 'Run again at any time.', Exit.failed),
      );
    };
    signal?.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => {
      expiry.removeEventListener('abort', expire);
      reject(notStarted(error));
    });
    child.on('exit', (code, killer) => {
      const finish = () =>
        end({ code: code ?? 1, words: killer === null ? wordsOf(stderr) : `it was ended by ${killer}` });
      // An ssh that stays to share its connection holds on to stderr for good: what was said has arrived after one more turn.
      const settle = () => setImmediate(() => setImmediate(finish));
      if (killer !== null || child.stdout.closed) settle();
      else child.stdout.once('close', settle);
    });
    // git may end before it has read everything; its exit code says why.
    child.stdin.on('error', () => undefined);
    for (const part of input) child.stdin.write(part);
    child.stdin.end();
  });
}

/** The last lines say most. */
function wordsOf(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^(fatal|error|remote): */, '').trim());
  return lines
    .filter((line) => line !== '')
    .slice(-4)
    .map(withoutPassword)
    .join('; ');
}

/** An address, or a text with some in it, as anybody may read it. */
export function withoutPassword(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^/\s]*@/g, '$1***@');
}

function notStarted(error: Error): SynclineError {
  return gitError(`git could not be started: ${error.message}`);
}

/** git does not do what the ledger needs. */
export function gitError(message: string): SynclineError {
  const hint = 'The ledger is kept in Git: fix that, or write `ledger: file` in syncline.yaml.';
  return new SynclineError('git-failed', `${message.replace(/\.?$/, '.')}`, hint, Exit.refused);
}
