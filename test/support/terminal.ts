import { type ChildProcess, spawn } from 'node:child_process';

/** A program at a terminal of its own. */
export interface Terminal {
  type(keys: string): void;
  /** Everything it has shown since the last call, once that matches. */
  until(pattern: RegExp): Promise<string>;
  end(): Promise<void>;
}

/** Starts a shell command at a terminal. */
export function openTerminal(
  command: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Terminal {
  const child: ChildProcess = spawn('script', ['-qec', command, '/dev/null'], { cwd, env });
  const closed = new Promise<void>((done) => child.once('close', () => done()));
  let shown = '';
  let waiting: (() => void) | undefined;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    waiting?.();
  });
  return {
    type: (keys) => child.stdin?.write(keys),
    until: (pattern) =>
      new Promise((done) => {
        waiting = () => {
          if (!pattern.test(shown)) return;
          waiting = undefined;
          const said = shown;
          shown = '';
          done(said);
        };
        waiting();
      }),
    end: async () => {
      child.stdin?.end();
      child.kill();
      await closed;
    },
  };
}
