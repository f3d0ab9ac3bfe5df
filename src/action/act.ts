import { proxyOf } from '../cli/proxy.ts';
import { Exit, type ExitCode, SynclineError } from '../model/errors.ts';
import { secret } from '../model/secret.ts';
import { meantTargets } from '../session/targets.ts';
import { type Happening, readHappening } from './event.ts';
import { endStep } from './failure.ts';
import { openIdentity } from './github/identity.ts';
import { openGitHub } from './github/request.ts';
import { openTransport, type Transport } from './github/transport.ts';
import { type ActionCommand, type Inputs, readInputs } from './inputs.ts';
import { credentialOf, directoryOf, openPlace, type Place } from './place.ts';
import type { Runner } from './runner.ts';
import type { Scene, Stage } from './scene.ts';

/** How each command is loaded. */
const load: Readonly<Record<ActionCommand, () => Promise<(stage: Stage) => Promise<ExitCode>>>> = {
  validate: async () => (await import('./validate.ts')).validate,
  plan: async () => (await import('./plan.ts')).plan,
  apply: async () => (await import('./apply.ts')).apply,
  drift: async () => (await import('./drift.ts')).drift,
  pull: async () => (await import('./pull.ts')).pull,
};

/** One step of a job from start to end. Never throws: resolves to the exit code, which is what the command line's would be. */
export async function act(runner: Runner): Promise<ExitCode> {
  let root = runner.io.cwd;
  let transport: Transport | undefined;
  try {
    runner.secret(runner.input('github-token'));
    runner.secret(runner.io.env.ACTIONS_RUNTIME_TOKEN ?? '');
    const inputs = readInputs(runner.input);
    const happening = readHappening(runner.io.env);
    refuseStrangers(happening);
    refuseMisplaced(inputs);
    root = directoryOf(runner, inputs);
    const place = chosen(openPlace(runner, inputs), inputs);
    for (const target of place.project.targets) runner.secret(credentialOf(target, runner.io.env));
    transport = openTransport(proxyOf(runner.io.env));
    const command = await load[inputs.command]();
    return await command({ ...sceneOf(runner, inputs, happening, transport), place });
  } catch (error) {
    return endStep(runner, error, root);
  } finally {
    await transport?.close();
  }
}

/** Such a job has the secrets of the repository and checks out what anybody may have written. */
function refuseStrangers({ event }: Happening): void {
  if (event !== 'pull_request_target') return;
  throw new SynclineError(
    'pull-request-target',
    "This does not run on pull_request_target: there, anybody's pull request would run with your secrets.",
    'Run it on `pull_request`. Pull requests from forks are validated there, without a token.',
    Exit.refused,
  );
}

/** An input that would be passed over in silence may be the one that somebody relies on. */
function refuseMisplaced(inputs: Inputs): void {
  if (inputs.shard !== undefined && (inputs.command === 'validate' || inputs.command === 'pull'))
    throw misplaced('shard', inputs.command, 'Leave it out, or give it to `plan`, `apply` or `drift`.');
  if (inputs.command === 'plan') return;
  const isApply = inputs.command === 'apply';
  const found = [
    inputs.validateOnly ? 'validate-only' : undefined,
    inputs.prune && !isApply ? 'prune' : undefined,
    inputs.changed !== undefined && !isApply ? 'changed' : undefined,
    inputs.forceDeletes !== undefined && !isApply ? 'force-deletes' : undefined,
    inputs.forceCreates !== undefined && !isApply ? 'force-creates' : undefined,
  ].find((name) => name !== undefined);
  if (found === undefined) return;
  const hint = `Leave it out, or give it to \`plan\`${found === 'validate-only' ? '' : ' and `apply`'}.`;
  throw misplaced(found, inputs.command, hint);
}

function misplaced(name: string, command: ActionCommand, hint: string): SynclineError {
  return new SynclineError('input', `\`${name}\` has no meaning for \`command: ${command}\`.`, hint, Exit.invalid);
}

/** For what writes, more than one target is never meant by silence. */
function chosen(place: Place, { command, targets, shard }: Inputs): Place {
  if ((command === 'apply' || command === 'pull') && targets !== 'all' && shard === undefined)
    meantTargets(place.project, targets, '`target`, or write `target: all`');
  return place;
}

function sceneOf(runner: Runner, inputs: Inputs, happening: Happening, transport: Transport): Scene {
  const { repository } = happening;
  const api = runner.io.env.GITHUB_API_URL ?? 'https://api.github.com';
  const graphql = runner.io.env.GITHUB_GRAPHQL_URL ?? `${api}/graphql`;
  const token = secret(inputs.token);
  const github = inputs.token === '' ? undefined : openGitHub({ api, graphql, repository, token, transport });
  let own: ReturnType<Scene['own']> | undefined;
  return {
    runner,
    inputs,
    happening,
    transport,
    github,
    own: () => {
      own ??= github === undefined ? Promise.resolve(() => false) : openIdentity(github);
      return own;
    },
  };
}
