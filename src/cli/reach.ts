import type { TargetRequest } from '../engine/request.ts';
import { tokenFor } from '../load/credentials.ts';
import { variableOf } from '../load/project-rules.ts';
import { urlMistake } from '../model/base-url.ts';
import { Exit, InvalidInput, ProviderError, SynclineError } from '../model/errors.ts';
import { pointer } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import type { Secret } from '../model/secret.ts';
import { version } from '../model/version.ts';
import type { RequestWait } from '../model/wait.ts';
import { connect, tokenTaken } from '../providers/index.ts';
import type { Checking } from '../session/check.ts';
import type { Session } from '../session/session.ts';
import { atProjectFile } from '../session/targets.ts';
import { endOf } from './calendar.ts';
import type { Invocation } from './invocation.ts';
import { requestNotices } from './notice.ts';
import { type ProxyAddress, proxyOf } from './proxy.ts';
import { type Lost, together } from './several.ts';
import { stopped } from './stopped.ts';

/** A target whose credential is known. */
export interface Reach {
  readonly target: Target;
  readonly token: Secret;
  readonly proxy: ProxyAddress | undefined;
  /** Is it one of several, so that whatever is said must say of which? */
  readonly several: boolean;
}

/** Takes credentials and addresses of all targets from the environment, before anything is sent to any of them. */
export function credentials(project: Project, targets: readonly Target[], invocation: Invocation): readonly Reach[] {
  const proxy = proxyOf(invocation.io.env);
  return targets.map((target) => reachOf(project, target, { proxy, several: targets.length > 1 }, invocation));
}

/**
 * As `credentials`, for what only reads: a target whose variables are not set hides no other.
 * @throws InvalidInput where no target is left
 */
export function credentialsApart(
  project: Project,
  targets: readonly Target[],
  invocation: Invocation,
): { readonly reaches: readonly Reach[]; readonly lost: readonly Lost[] } {
  const proxy = proxyOf(invocation.io.env);
  const reaches: Reach[] = [];
  const lost: (Lost & { readonly error: InvalidInput })[] = [];
  for (const target of targets) {
    try {
      reaches.push(reachOf(project, target, { proxy, several: targets.length > 1 }, invocation));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      lost.push({ target: target.name, error });
    }
  }
  if (reaches.length === 0 && lost.length > 0) throw together(lost.map((one) => one.error));
  return { reaches, lost };
}

function reachOf(
  project: Project,
  target: Target,
  common: Pick<Reach, 'proxy' | 'several'>,
  { io, vault }: Invocation,
): Reach {
  const key = target.token_variable === undefined ? 'personal_access_token' : 'token';
  const token = placed(project, ['targets', target.name, key], () => tokenFor(target, io.env));
  vault.keep(token.reveal());
  const url = addressOf(project, target, io.env);
  return { ...common, target: { ...target, base_url: url }, token };
}

/** The address of a target, from the environment where it is kept there; undefined where the service's own is meant. @throws InvalidInput */
export function addressOf(project: Project, target: Target, env: Invocation['io']['env']): string | undefined {
  return placed(project, ['targets', target.name, 'base_url'], () => baseUrlOf(target, env));
}

/** What the environment lacks is said at the reference to it. */
function placed<Result>(project: Project, path: readonly string[], find: () => Result): Result {
  try {
    return find();
  } catch (error) {
    throw error instanceof SynclineError ? atProjectFile(error, project, pointer(path), 'value') : error;
  }
}

/** An address may come from the environment too, as where tests and emulators listen. */
function baseUrlOf({ name, base_url: url }: Target, env: Invocation['io']['env']): string | undefined {
  const variable = url === undefined ? undefined : variableOf(url);
  if (variable === undefined) return url;
  const value = (Object.hasOwn(env, variable) ? env[variable] : undefined)?.trim() ?? '';
  if (value === '') {
    const message = `The base_url of target "${name}" needs the environment variable ${variable}, which is not set.`;
    throw new SynclineError('missing-variable', message, `Set ${variable} to the address of the API.`, Exit.invalid);
  }
  const mistake = urlMistake(value);
  if (mistake === undefined) return value;
  const message = `The base_url of target "${name}", which ${variable} holds, ${mistake.fact}.`;
  throw new SynclineError('bad-url', message, mistake.hint, Exit.invalid);
}

/** Connects to a target, does something there, and lets go of the connection whatever happens. `watching`: told of each wait. */
export async function withTarget<Result>(
  { target, token, proxy, several }: Reach,
  session: Session,
  manifests: readonly Manifest[] | Checking,
  invocation: Invocation,
  act: (request: TargetRequest) => Promise<Result>,
  watching: (wait: RequestWait) => void = () => undefined,
): Promise<Result> {
  const { signal, sleep } = invocation.io;
  const userAgent = `syncline/${version}`;
  const { log, waits } = requestNotices(invocation, several ? target.name : undefined);
  const told = (wait: RequestWait) => {
    waits?.(wait);
    watching(wait);
  };
  // One target reads its own lists: nothing of them is kept for others.
  const together = several ? { shared: session.shared } : {};
  const { traffic, warn } = session;
  const options = { signal, sleep, userAgent, log, waits: told, proxy, warn, traffic, ...together };
  const connection = () => connect(target, token, options);
  return session.reach(target, manifests, connection, async (request) => {
    try {
      return await act(request);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      throw ended(error, target, invocation) ?? explained(error, target, request.provider.host);
    }
  });
}

/** An API that is gone may answer anything, or nothing: that comes before every other cause. */
function ended(error: ProviderError, target: Target, invocation: Invocation): SynclineError | undefined {
  const hint = endOf(target, invocation);
  if (hint === undefined) return undefined;
  const message = `Target "${target.name}": ${error.message}`;
  return new SynclineError('api-retired', message, hint, Exit.failed, { cause: error });
}

/** What a person at a command line needs to find the cause. */
export function explained(error: ProviderError, target: Target, host: string): Error {
  const { status } = error;
  if (error.doubt === 'key' && status !== 401) return keyInDoubt(error, target, host);
  return status === 401 || status === 403 ? rejected(error, target, status) : named(error, target);
}

/** With several targets the path alone does not tell whose service it was. */
function named(error: ProviderError, { name }: Target): ProviderError {
  return new ProviderError(`Target "${name}": ${error.message}`, error, { cause: error });
}

/** This service answers a wrong key as it answers a fault of its own. */
function keyInDoubt(error: ProviderError, target: Target, host: string): SynclineError {
  const variable = variableOfCredential(target);
  const message = `Target "${target.name}" at ${host}: ${error.message}`;
  const hint = `Check the key in ${variable} first: a wrong key looks like this at this service. If it is right, run again later.`;
  return new SynclineError('provider', message, hint, Exit.failed, { cause: error });
}

function variableOfCredential({ token_variable, personal_access_token_variable }: Target): string {
  return token_variable ?? personal_access_token_variable ?? '';
}

/** Which of several tokens it was is what helps, and which kind of token this API takes. */
function rejected(error: ProviderError, target: Target, status: 401 | 403): SynclineError {
  const variable = variableOfCredential(target);
  const place = target.groups === undefined ? 'another workspace or region' : 'another region';
  const takes = tokenTaken(target);
  const kind = takes === undefined ? '' : ` ${takes}`;
  if (status === 401) {
    const message = `The token of target "${target.name}" (${variable}) was not accepted: ${error.message}`;
    const hint = `Check the token in ${variable}: it may be of ${place}, or revoked.${kind}`;
    return new SynclineError('token-rejected', message, hint, Exit.failed, { cause: error });
  }
  const message = `Target "${target.name}": ${error.message}`;
  const hint = `Check the token in ${variable} and what it may do.${kind}`;
  return new SynclineError('provider', message, hint, Exit.failed, { cause: error });
}

/** The result of work that only reads, unless Ctrl-C comes first: then nobody waits for it. */
export async function unlessStopped<Result>({ io }: Invocation, work: Promise<Result>): Promise<Result> {
  const { signal } = io;
  let stop = () => {};
  const end = new Promise<never>((_resolve, reject) => {
    stop = () => reject(stopped());
  });
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, end]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
