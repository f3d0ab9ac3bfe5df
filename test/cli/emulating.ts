import { run } from '../../src/cli/run.ts';
import { world } from './in-process.ts';

/** What an emulator says of itself. */
export interface Served {
  readonly url: string;
  readonly token: string;
  readonly workspace_tokens?: Readonly<Record<string, string>>;
}

/** Serves in this process until `look` is done. */
export async function emulate<Seen>(line: string, look: (served: Served) => Promise<Seen>): Promise<Seen> {
  const stop = new AbortController();
  const { io, said } = world({ signal: stop.signal });
  let end: Promise<unknown> = Promise.resolve();
  const first = new Promise<string>((resolve, reject) => {
    end = run(`emulate --format json ${line}`.split(' '), { ...io, stdout: { write: resolve } });
    end.then(() => reject(new Error(said().err))).catch(reject);
  });
  try {
    return await look(JSON.parse(await first));
  } finally {
    stop.abort();
    await end;
  }
}
