import { link, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lock } from '../../model/lock.ts';
import { decodeText, lockUnreadable } from '../decode.ts';
import { lockFile } from '../records.ts';
import { namesIn, readIfThere, replaceFile, sweep, systemCode, writeWhole } from './disk.ts';

/** One turn of holding the lock. Turns are numbered from 1; the highest alone counts. */
export interface Generation {
  readonly number: number;
  readonly lock: Lock;
  /** When it was let go (ISO 8601); null while it is held. */
  readonly released: string | null;
}

/**
 * The lock of one target on disk: a small JSON file per generation. The highest one is never removed, not even when it is let
 * go: else a slow process could make one anew that others have long been through.
 */
export interface Generations {
  /** The number of the highest one, whatever it says; 0 where nobody ever took the lock. */
  top(): Promise<number>;
  /** Undefined where nobody ever took the lock. Throws a SynclineError (exit 4) for a file that is no lock. */
  highest(): Promise<Generation | undefined>;
  /** Makes a generation, whole from the start; false where it exists. */
  create(generation: Generation): Promise<boolean>;
  /** Writes a generation of one's own anew, in one step. */
  replace(generation: Generation): Promise<void>;
  remove(number: number): Promise<void>;
  removeBelow(number: number): Promise<void>;
}

export function generations(folder: string, target: string): Generations {
  const pathOf = (number: number) => join(folder, `${target}.lock-${number}.json`);
  const numberOf = (name: string) => {
    const digits = name.startsWith(`${target}.lock-`) ? /^(\d+)\.json$/.exec(name.slice(target.length + 6)) : null;
    return Number(digits?.[1] ?? 0);
  };
  const top = async () => Math.max(0, ...(await namesIn(folder)).map(numberOf));
  return {
    top,
    highest: async () => {
      for (;;) {
        const number = await top();
        if (number === 0) return undefined;
        const text = await readIfThere(pathOf(number));
        // Gone between the two looks: then there is a higher one by now.
        if (text !== undefined) return parse(number, text, pathOf(number));
      }
    },
    create: async (generation) => {
      await mkdir(folder, { recursive: true });
      const path = pathOf(generation.number);
      return writeWhole(path, textOf(generation), (temporary) => linked(temporary, path));
    },
    replace: async (generation) => {
      await replaceFile(pathOf(generation.number), textOf(generation));
    },
    remove: (number) => rm(pathOf(number), { force: true }),
    removeBelow: (number) => sweep(folder, (name) => numberOf(name) > 0 && numberOf(name) < number),
  };
}

/** Gives a whole file its name, unless another has it. Whoever holds the lock sweeps away what others have prepared (ENOENT). */
async function linked(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST' || systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function textOf({ lock, released }: Generation): string {
  return `${JSON.stringify({ ...lock, released }, null, 2)}\n`;
}

function parse(number: number, text: string, path: string): Generation {
  const { released, ...lock } = decodeText(lockFile, text, { ledger: path, record: 'it', error: lockUnreadable });
  return { number, released, lock };
}
