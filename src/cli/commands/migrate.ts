import { tokenFor } from '../../load/credentials.ts';
import { Exit, type ExitCode, ProviderError, SynclineError } from '../../model/errors.ts';
import type { MigrationReport } from '../../model/migration.ts';
import type { Project, Target } from '../../model/project.ts';
import type { Reached } from '../../model/service.ts';
import { version } from '../../model/version.ts';
import { type Traffic, traffic } from '../../providers/connect-options.ts';
import type { ConnectOptions } from '../../providers/index.ts';
import { migrateJson } from '../../render/migrate/json.ts';
import { migrateText } from '../../render/migrate/text.ts';
import { migrateTarget } from '../../session/migrate/migrate.ts';
import { endOf } from '../calendar.ts';
import { identify } from '../identity.ts';
import type { Execute, Invocation, InvocationOf } from '../invocation.ts';
import { acceptedThings, tokenVariable } from '../move-wishes.ts';
import { requestNotices, warner } from '../notice.ts';
import { proxyOf } from '../proxy.ts';
import { addressOf, explained, unlessStopped } from '../reach.ts';
import { stopped } from '../stopped.ts';

/** Proves that a target means the same at another API of its service, and moves it there. The service is only read. */
export const execute: Execute<'migrate'> = async (invocation) => {
  const { io, options, directory, format } = invocation;
  const to = wantedApi(invocation);
  const check = options.flag('check');
  const reached: Target[] = [];
  const { now, sleep, signal } = io;
  const together = traffic({ sleep });
  const work = migrateTarget({
    place: { directory, config: options.text('config') },
    outside: { now, sleep, environment: io.env, signal, warn: warner(invocation) },
    targets: options.texts('target'),
    to,
    check,
    variable: tokenVariable(invocation),
    accepted: acceptedThings(invocation),
    reach: (project, target) => {
      const found = reach(project, target, together, invocation);
      reached.push(found.target);
      return found;
    },
    mayWrite: () => {
      if (io.signal.aborted) throw stopped();
    },
    identity: (project) => identify(io, project, io.now?.() ?? new Date()),
  });
  const report = await (check ? unlessStopped(invocation, work) : work).catch((error: unknown) => {
    if (!(error instanceof ProviderError)) throw error;
    throw io.signal.aborted ? stopped() : ofOne(error, reached, to, invocation);
  });
  io.stdout.write(format === 'json' ? migrateJson(report) : migrateText(report, { check }));
  return exitOf(report);
};

/** A request that failed, as that of the API that it went to: each has a token of its own, and one may be gone. */
function ofOne(
  error: ProviderError,
  reached: readonly Target[],
  to: string,
  invocation: Pick<Invocation, 'io'>,
): Error {
  const parts = error.path.split('/');
  const [first] = reached;
  const target = reached.find(({ api }) => parts.includes(api)) ?? first;
  if (target === undefined) return error;
  if (endOf(target, invocation) !== undefined) return gone(error, target, to);
  return explained(error, target, target.base_url ?? target.name);
}

/** An API that is gone cannot be compared with, nor gone back to. */
function gone(error: ProviderError, { name, api }: Target, to: string): SynclineError {
  const message = `API ${api} has ended, and target "${name}" cannot be read there any more: ${error.message}`;
  const hint =
    api === to
      ? 'The target stays where it is; there is no way back.'
      : `Nothing can be compared any more: write \`api: ${to}\` with its groups as a target of another name, and bind what it has with \`syncline adopt --all-matching\`.`;
  return new SynclineError('api-retired', message, hint, Exit.failed, { cause: error });
}

/** 4 where it is not proved, 2 where both plans have something to do. */
function exitOf({ proved, pending }: MigrationReport): ExitCode {
  if (!proved) return Exit.refused;
  return pending > 0 ? Exit.changes : Exit.ok;
}

function wantedApi({ options, positionals }: InvocationOf<'migrate'>): string {
  const to = options.text('to');
  if (positionals[0] === 'api' && to !== undefined) return to;
  const message = positionals[0] === 'api' ? '`migrate api` needs --to.' : '`migrate` takes the word `api`.';
  throw new SynclineError('usage', message, 'Write `syncline migrate api --to v2`.', Exit.invalid);
}

/** Takes token and address from the environment; a token that another variable holds is asked of that one. */
function reach(
  project: Project,
  target: Target,
  together: Traffic,
  invocation: InvocationOf<'migrate'>,
): Reached<ConnectOptions> {
  const { io, vault } = invocation;
  const token = tokenFor(target, io.env);
  vault.keep(token.reveal());
  const { log, waits } = requestNotices(invocation, undefined);
  const proxy = proxyOf(io.env);
  const { signal, sleep } = io;
  const options = { signal, sleep, userAgent: `syncline/${version}`, log, waits, proxy, traffic: together };
  return { target: { ...target, base_url: addressOf(project, target, io.env) }, token, options };
}
