import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Io } from './io.ts';
import { stopped } from './stopped.ts';

/** Can somebody be asked? Only where both the question and the answer go through a terminal. */
export function canAsk(io: Io): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true;
}

/**
 * Asks on stderr, for stdout belongs to results. The end of input is an empty line; Ctrl-C throws (exit 1). Neither ends the line of
 * the question, so that is done here.
 */
export async function ask(io: Io, question: string): Promise<string> {
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      io.stderr.write(chunk.toString('utf8'));
      done();
    },
  });
  const lines = createInterface({ input: io.stdin, output, terminal: false });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('\n')));
  try {
    const answer = await Promise.race([lines.question(question, { signal: io.signal }), closed]);
    if (answer === '\n') io.stderr.write('\n');
    return answer.trim();
  } catch (error) {
    if (!io.signal.aborted) throw error;
    io.stderr.write('\n');
    throw stopped();
  } finally {
    lines.close();
  }
}
