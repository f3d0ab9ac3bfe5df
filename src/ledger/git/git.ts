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

/** Longer than a slow push of a large ledger, and short enough for a lease to outlast several. */
const timeout = 120_000;

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

/** `environment` undefined: that of this process, as it is. */
export function openGit(folder: string, environment: Environment | undefined): Git {
  const env = environment === undefined ? undefined : cleaned(environment);
  const attempt: Git['try'] = async (args, input = []) => {
    const chunks: Buffer[] = [];
    const ended = await perform(folder, env, args, input, (chunk) => chunks.push(chunk));
    return { ...ended, stdout: Buffer.concat(chunks).toString('utf8') };
  };
  return {
    try: attempt,
    text: async (args, input) => {
      const ended = await attempt(args, input);
      assertDone(args, ended);
      return ended.stdout.trim();
    },
    pipe: async (args, input, sink) => assertDone(args, await perform(folder, env, args, input, sink)),
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
  env: NodeJS.ProcessEnv | undefined,
  args: readonly string[],
  input: Iterable<string>,
  sink: (chunk: Buffer) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    // In a group of its own: Ctrl-C at the terminal must not cut off the push that records what was done.
    const child = spawn('git', args, { cwd: folder, detached: true, stdio: 'pipe', timeout, ...(env ? { env } : {}) });
    let stderr = '';
    child.stdout.on('data', sink);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => reject(notStarted(error)));
    child.on('exit', (code, signal) => {
      const finish = (): void => {
        const words = signal === null ? wordsOf(stderr) : `it was ended by ${signal} after ${timeout / 1000} s at most`;
        child.stderr.destroy();
        resolve({ code: code ?? 1, words });
      };
      // An ssh that stays to share its connection holds on to stderr for good: what was said has arrived after one more turn.
      const settle = () => setImmediate(() => setImmediate(finish));
      if (signal !== null || child.stdout.closed) settle();
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
