import { forJson, forTerminal } from '../escape.ts';

/** One job of a matrix. */
export interface ToldShard {
  /** `1/4`. */
  readonly shard: string;
  /** Never empty. */
  readonly targets: readonly string[];
  readonly manifests: number;
}

/** The matrix on one line, as the outputs of jobs want it. `args` is what a job passes on; names of targets need no quotes. */
export function matrixJson(shards: readonly ToldShard[]): string {
  const told = shards.map(({ shard, targets }) => {
    return { shard, targets, args: targets.map((name) => `--target ${name}`).join(' ') };
  });
  return `${forJson(told)}\n`;
}

/** The same for people: a line for each shard, with how much there is in it. */
export function matrixText(shards: readonly ToldShard[]): string {
  if (shards.length === 0) return 'No targets.\n';
  const rows = shards.map(({ shard, targets, manifests }) => {
    return { shard, count: String(manifests), names: targets.map(forTerminal).join(', ') };
  });
  const [left, right] = [widest(rows.map((one) => one.shard)), widest(rows.map((one) => one.count))];
  return rows
    .map(({ shard, count, names }) => {
      const words = `${count.padStart(right)} manifest${count === '1' ? ' ' : 's'}`;
      return `${shard.padEnd(left)}  ${words}  ${names}\n`;
    })
    .join('');
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
