import { type ShardName, shardNamed } from '../core/partition.ts';
import { didYouMean } from '../core/suggest.ts';
import { Exit, SynclineError } from '../model/errors.ts';

const commands = ['validate', 'plan', 'apply', 'drift', 'pull'] as const;
export type ActionCommand = (typeof commands)[number];

/** What a step asks for, as far as it can be understood without the project. */
export interface Inputs {
  readonly command: ActionCommand;
  /** Names of targets; empty where none is given, `all` where all are meant. */
  readonly targets: readonly string[] | 'all';
  /** Which share of them; undefined where all of them are meant. */
  readonly shard: ShardName | undefined;
  readonly config: string | undefined;
  readonly directory: string;
  readonly token: string;
  readonly prune: boolean;
  readonly forceDeletes: string | undefined;
  readonly forceCreates: string | undefined;
  readonly validateOnly: boolean;
  readonly changed: string | undefined;
  /** May something be said at the pull request? */
  readonly comment: boolean;
  /** undefined: where the repository is private. */
  readonly upload: boolean | undefined;
}

/** The inputs of a step. @throws SynclineError (exit 3) for one that says nothing that is known */
export function readInputs(input: (name: string) => string): Inputs {
  const given = (name: string) => (input(name) === '' ? undefined : input(name));
  const is = (name: string, otherwise: boolean) => truth(name, input(name)) ?? otherwise;
  return {
    command: commandOf(input('command')),
    targets: targetsOf(input('target')),
    shard: shardOf(given('shard')),
    config: given('config'),
    directory: given('working-directory') ?? '.',
    token: input('github-token'),
    prune: is('prune', false),
    forceDeletes: given('force-deletes'),
    forceCreates: given('force-creates'),
    validateOnly: is('validate-only', false),
    changed: given('changed'),
    comment: is('pull-request-comment', true),
    upload: truth('upload-plan', input('upload-plan')),
  };
}

function commandOf(value: string): ActionCommand {
  const known = commands.find((one) => one === value);
  if (known !== undefined) return known;
  if (value === '')
    throw wrong('The step does not say which command.', `Write \`command:\` with one of ${commands.join(', ')}.`);
  throw wrong(`There is no command "${value}".`, didYouMean(value, commands, `There are ${commands.join(', ')}.`));
}

function targetsOf(value: string): readonly string[] | 'all' {
  const names = value.split(/[,\n]/).map((name) => name.trim());
  const given = [...new Set(names)].filter((name) => name !== '');
  return given.length === 1 && given[0] === 'all' ? 'all' : given;
}

function shardOf(value: string | undefined): ShardName | undefined {
  if (value === undefined) return undefined;
  const name = shardNamed(value);
  if (name !== undefined) return name;
  throw wrong(`\`shard\` is "${value}".`, 'It is `I/N`, such as 2/8 for the second of eight shares.');
}

function truth(name: string, value: string): boolean | undefined {
  if (value === '') return undefined;
  if (/^true$/i.test(value)) return true;
  if (/^false$/i.test(value)) return false;
  throw wrong(`\`${name}\` is "${value}".`, 'It is `true` or `false`.');
}

function wrong(message: string, hint: string): SynclineError {
  return new SynclineError('input', message, hint, Exit.invalid);
}
