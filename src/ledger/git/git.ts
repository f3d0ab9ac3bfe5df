import { spawn } from 'node:child_process';
import { Exit, SynclineError } from '../../model/errors.ts';

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
  /** Whatever its exit code. @throws SynclineError where git cannot be started, or takes too long. */
  try(args: readonly string[], input?: Iterable<string>): Promise<GitResult>;
  /** Its output as text, trimmed. @throws SynclineError (exit 4) where it fails. */
  text(args: readonly string[], input?: Iterable<string>): Promise<string>;
  /** Its output as it comes, so that it need never be in memory whole. @throws SynclineError (exit 4) where it fails. */
  pipe(args: readonly string[], input: Iterable<string>, sink: (chunk: Buffer) => void): Promise<void>;
}

/** Milliseconds after which a command is given up; a lease outlasts several of them. */
const patience: Readonly<Record<string, number>> = { 'ls-remote': 60_000, fetch: 300_000 };
const otherwise = 120_000;

/** Variables by which a hook tells git where it is: a ledger is found from the project's folder alone. */
const misleading = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_QUARANTINE_PATH',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
  'GIT_REPLACE_REF_BASE',
];

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every command of git is given. */
interface Surroundings {
  readonly env: NodeJS.ProcessEnv | undefined;
  /** Once aborted, nobody waits for git any more. */
  readonly signal: AbortSignal | undefined;
}

/** `environment` undefined: that of this process, as it is. */
export function openGit(folder: string, environment: Environment | undefined, signal?: AbortSignal): Git {
  const around = { env: environment === undefined ? undefined : cleaned(environment), signal };
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

function assertDone([command]: readonly string[], { code, words }: Ended): void {
  if (code !== 0) throw gitError(`\`git ${command}\` failed: ${words === '' ? `exit ${code}` : words}`);
}

function cleaned(environment: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !misleading.includes(name));
  // Nobody may be there to answer a question, and messages are shown as they are.
  return { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
}

function perform(
  folder: string,
  { env, signal }: Surroundings,
  args: readonly string[],
  input: Iterable<string>,
  sink: (chunk: Buffer) => void,
): Promise<Ended> {
  const limit = patience[args[0] ?? ''] ?? otherwise;
  const expiry = AbortSignal.timeout(limit);
  return new Promise((resolve, reject) => {
    // In a group of its own: Ctrl-C at the terminal must not cut off the push that records what was done.
    const child = spawn('git', args, { cwd: folder, detached: true, stdio: 'pipe', ...(env ? { env } : {}) });
    let stderr = '';
    child.stdout.on('data', sink);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const end = (ended: Ended): void => {
      expiry.removeEventListener('abort', expire);
      signal?.removeEventListener('abort', stop);
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
      resolve(ended);
    };
    /** Whoever git has started to reach the remote does not end with it; nobody waits for them either. */
    const giveUp = (words: string): void => {
      child.unref();
      if (child.pid !== undefined)
        spawn('kill', ['-9', '--', `-${child.pid}`], { stdio: 'ignore' }).on('error', () => child.kill());
      end({ code: 1, words });
    };
    const expire = () => giveUp(`it did not answer within ${limit / 1000} s`);
    expiry.addEventListener('abort', expire, { once: true });
    const stop = () => giveUp('it was stopped');
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

/** The last lines say most. An address may carry a password. */
function wordsOf(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.replace(/^(fatal|error|remote): */, '').trim());
  return lines
    .filter((line) => line !== '')
    .slice(-4)
    .join('; ')
    .replaceAll(/(\w+:\/\/)[^/\s]*@/g, '$1***@');
}

function notStarted(error: Error): SynclineError {
  return gitError(`git could not be started: ${error.message}`);
}

/** git does not do what the ledger needs. */
export function gitError(message: string): SynclineError {
  const hint = 'The ledger is kept in Git: mend that, or write `ledger: file` in syncline.yaml.';
  return new SynclineError('git-failed', `${message.replace(/\.?$/, '.')}`, hint, Exit.refused);
}
