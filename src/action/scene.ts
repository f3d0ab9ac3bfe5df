import { forWorkflow } from '../render/escape.ts';
import type { Happening } from './event.ts';
import { GitHubError, isForbidden } from './github/error.ts';
import type { IsOwn } from './github/identity.ts';
import type { GitHub } from './github/request.ts';
import type { Transport } from './github/transport.ts';
import type { Inputs } from './inputs.ts';
import type { Place } from './place.ts';
import type { Runner } from './runner.ts';

/** One step of a job: what it was asked, what has happened, and whom it may speak to. */
export interface Scene {
  readonly runner: Runner;
  readonly inputs: Inputs;
  readonly happening: Happening;
  readonly transport: Transport;
  /** undefined where no token was given. */
  readonly github: GitHub | undefined;
  /** What is this token's own; asked once, and only where it matters. */
  readonly own: () => Promise<IsOwn>;
}

/** A scene at a project. */
export interface Stage extends Scene {
  readonly place: Place;
}

/** A remark that people see beside the job. */
export function warn({ runner }: Pick<Scene, 'runner'>, message: string): void {
  runner.log(`::warning title=Syncline::${forWorkflow(message)}\n`);
}

/**
 * Says something on GitHub, or why that could not be done: what a step is for does not fail for want of a comment.
 * `right`: what the job must be allowed to.
 */
export async function attempt<Result>(
  scene: Scene,
  what: string,
  right: string,
  act: (github: GitHub, own: IsOwn) => Promise<Result>,
): Promise<Result | undefined> {
  const { github } = scene;
  if (github === undefined) {
    warn(scene, `${what}: no github-token is given. The summary of the job has it.`);
    return undefined;
  }
  try {
    return await act(github, await scene.own());
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const help = isForbidden(error) ? ` The job needs \`${right}\`, which a fork's or Dependabot's never has.` : '';
    warn(scene, `${what}: ${error.message}. The summary of the job has it.${help}`);
    return undefined;
  }
}
