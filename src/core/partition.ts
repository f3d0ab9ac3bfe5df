import { byCodePoint } from './stable.ts';

/** Something that takes its share of the work. */
export interface Weighed {
  /** Unique. */
  readonly name: string;
  /** How much there is to do for it; 0 where there is nothing but itself. */
  readonly weight: number;
}

/** One share of `of`, counted from 1. */
export interface ShardName {
  readonly index: number;
  readonly of: number;
}

/** GitHub runs no more jobs than this of one matrix. */
export const mostShards = 256;

/**
 * At most `most` shares of these, as even as they can easily be made: whatever is heaviest goes to whoever has least so far. No share is
 * empty. Their order, and that of the names in them, depends on names and weights alone.
 */
export function partition(all: readonly Weighed[], most: number): readonly (readonly string[])[] {
  const heaviestFirst = all.toSorted((one, other) => other.weight - one.weight || byCodePoint(one.name, other.name));
  const shares = Array.from({ length: Math.min(most, all.length) }, (): Share => ({ load: 0, names: [] }));
  for (const { name, weight } of heaviestFirst) {
    const least = shares.reduce<Share | undefined>(
      (best, one) => (best && best.load <= one.load ? best : one),
      undefined,
    );
    least?.names.push(name);
    // Whatever has nothing to do is still looked at.
    if (least !== undefined) least.load += weight + 1;
  }
  return shares.map(({ names }) => names.sort(byCodePoint));
}

interface Share {
  load: number;
  readonly names: string[];
}

/** What `2/8` names; undefined where a text names no share. */
export function shardNamed(text: string): ShardName | undefined {
  const [, index, of] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  const name = { index: Number(index), of: Number(of) };
  return name.index <= name.of ? name : undefined;
}
