import type { TargetRequest } from '../engine/request.ts';
import { openLedger } from '../ledger/open.ts';
import { tokenFor } from '../load/credentials.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Project, Target } from '../model/project.ts';
import type { Secret } from '../model/secret.ts';
import { tool, version } from '../model/version.ts';
import { connect } from '../providers/index.ts';
import type { Invocation } from './command.ts';
import { stopped } from './stopped.ts';

/** A target whose credential is known. */
export interface Reach {
  readonly target: Target;
  readonly token: Secret;
}

/** Takes credentials and addresses of all targets from the environment, before anything is sent to any of them. */
export function credentials(targets: readonly Target[], { io, vault }: Invocation): readonly Reach[] {
  return targets.map((target) => {
    const token = tokenFor(target, io.env);
    vault.keep(token.reveal());
    return { target: { ...target, base_url: baseUrlOf(target, io.env) }, token };
  });
}

/** An address may come from the environment too, as where tests and emulators listen. */
function baseUrlOf({ name, base_url: url }: Target, env: Invocation['io']['env']): string | undefined {
  return url?.replace(/\$\{env\.([A-Za-z_]\w*)\}/g, (_reference, variable: string) => {
    const value = (Object.hasOwn(env, variable) ? env[variable] : undefined)?.trim() ?? '';
    if (value !== '') return value;
    const message = `The base_url of target "${name}" needs the environment variable ${variable}, which is not set.`;
    throw new SynclineError('missing-variable', message, `Set ${variable} to the address of the API.`, Exit.invalid);
  });
}

/** Connects to a target, does something there, and lets go of the connection whatever happens. */
export async function withTarget<Result>(
  { target, token }: Reach,
  project: Project,
  manifests: readonly Manifest[],
  invocation: Invocation,
  act: (request: TargetRequest) => Promise<Result>,
): Promise<Result> {
  const { io, options } = invocation;
  const proxy = io.env.HTTPS_PROXY ?? io.env.https_proxy;
  const provider = await connect(target, token, {
    signal: io.signal,
    userAgent: `syncline/${version}`,
    ...(options.flag('verbose') ? { log: (line: string) => io.stderr.write(`${line}\n`) } : {}),
    ...(proxy === undefined || proxy === ''
      ? {}
      : { proxy: { url: proxy, noProxy: io.env.NO_PROXY ?? io.env.no_proxy } }),
  });
  const store = openLedger(project, target);
  try {
    return await act({ project, target, manifests, provider, store, tool, now: () => new Date() });
  } finally {
    await provider.close();
  }
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
