import type { Command, Option } from './command.ts';

/** Accepted by every command, also in front of its name. */
export const globalOptions = [
  { name: 'C', type: 'text', value: 'DIR', summary: 'Work in DIR instead of the current directory' },
  { name: 'config', type: 'text', value: 'FILE', summary: 'Project file (default: the nearest syncline.yaml above)' },
  { name: 'target', type: 'text', value: 'NAME', summary: 'Only this target; repeatable', repeatable: true },
  { name: 'format', type: 'text', value: 'FORMAT', summary: 'How results are written' },
  {
    name: 'no-color',
    type: 'flag',
    summary: 'No colours (also: NO_COLOR in the environment; FORCE_COLOR asks for them)',
  },
  { name: 'quiet', type: 'flag', summary: 'No progress and no remarks on stderr' },
  { name: 'verbose', type: 'flag', summary: 'Every request on stderr, secrets redacted' },
  { name: 'help', type: 'flag', summary: 'Show this help' },
  { name: 'version', type: 'flag', summary: 'Show the version' },
] as const satisfies readonly Option[];

export function optionsOf(command: Command): readonly Option[] {
  return [...globalOptions, ...command.options];
}

/** As the user types it: `--out`, `-C`. */
export function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}
