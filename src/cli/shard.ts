import { type ShardName, shardNamed } from '../core/partition.ts';
import { listed } from '../core/suggest.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Project, Target } from '../model/project.ts';
import { forTerminal } from '../render/escape.ts';
import { inShard } from '../session/fleet.ts';
import { meantTargets } from '../session/targets.ts';
import type { Invocation } from './invocation.ts';
import { chooseTargets } from './project.ts';

/** As `chooseTargets`, and of these the share of `--shard`, which may be none. @throws SynclineError (exit 3) for what names no share */
export function chooseShare(project: Project, invocation: Invocation<'shard'>): readonly Target[] {
  const name = shardOf(invocation);
  const targets = chooseTargets(project, invocation);
  if (name === undefined) return targets;
  const share = inShard(project, targets, name);
  if (share.length === 0) sayEmpty(name, targets.length, invocation);
  return share;
}

/** As `chooseShare`, for commands that write: more than one target is never meant by silence. */
export function chooseNamedShare(project: Project, invocation: Invocation<'shard'>): readonly Target[] {
  if (isShareNamed(invocation)) return chooseShare(project, invocation);
  return meantTargets(project, [], '--target, or take a share with --shard I/N');
}

/** Does the command line say which targets are meant? */
export function isShareNamed({ options }: Invocation<'shard'>): boolean {
  return options.texts('target').length > 0 || options.given('shard');
}

function shardOf({ options }: Invocation<'shard'>): ShardName | undefined {
  const text = options.text('shard');
  if (text === undefined) return undefined;
  const name = shardNamed(text);
  if (name !== undefined) return name;
  const hint =
    'Write --shard I/N with whole numbers from 1, and I no larger than N: --shard 2/8 is the second of eight.';
  throw new SynclineError('usage', `--shard cannot be "${text}".`, hint, Exit.invalid);
}

function sayEmpty({ index, of }: ShardName, targets: number, { io, options }: Invocation): void {
  if (options.flag('quiet')) return;
  const all = `${targets} target${targets === 1 ? '' : 's'}`;
  io.stderr.write(
    `Shard ${index}/${of} is empty, for there ${targets === 1 ? 'is' : 'are'} only ${all}: nothing to do.\n`,
  );
}

/** Says that files are those of empty shards; nothing where there is none. */
export function sayEmptyFiles(names: readonly string[], { io, options }: Invocation): void {
  if (names.length === 0 || options.flag('quiet')) return;
  const hold = names.length === 1 ? 'holds' : 'hold';
  io.stderr.write(`${forTerminal(listed(names))} ${hold} no target: nothing to do there.\n`);
}
