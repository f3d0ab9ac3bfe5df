import { type AdoptReport, adoptAddress, adoptAll, type Bound } from '../../engine/adopt.ts';
import type { TargetRequest } from '../../engine/request.ts';
import { kindOf } from '../../model/address.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { Target } from '../../model/project.ts';
import { forTerminal } from '../../render/escape.ts';
import { sayCalendar } from '../calendar.ts';
import { identify } from '../identity.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { openBoard } from '../progress.ts';
import { chooseNamedTargets, openManifests } from '../project.ts';
import { credentials, withTarget } from '../reach.ts';
import { sessionOf } from '../session.ts';

/** Binds addresses to live syncs. Writes the ledger alone; the service is only read. */
export const execute: Execute<'adopt'> = async (invocation) => {
  guardUsage(invocation);
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseNamedTargets(project, invocation);
  guardTargets(targets, invocation);
  const manifests = await openManifests(project, targets, invocation);
  for (const reach of credentials(project, targets, invocation)) {
    const { name } = reach.target;
    const { progress, end } = openBoard(invocation).of(name);
    const act = (request: TargetRequest) => adopt({ ...request, progress }, invocation);
    const work = withTarget(reach, session, manifests.get(name) ?? [], invocation, act);
    const report = await work.finally(end);
    invocation.io.stdout.write(lines(report, name, invocation.options.flag('all-matching')));
  }
  sayCalendar(targets, invocation);
  return Exit.ok;
};

async function adopt(
  request: TargetRequest,
  { io, options, positionals }: InvocationOf<'adopt'>,
): Promise<AdoptReport> {
  const identity = await identify(io, request.project, request.now(), request.manifests);
  const [address] = positionals;
  return address === undefined
    ? adoptAll(request, identity)
    : adoptAddress(request, address, idOf(address, options.text('id')), identity);
}

/** `12`, or with its kind `CensusSync/12`, which is then that of the address. @throws SynclineError (exit 3) where it is another */
function idOf(address: string, given: string | undefined): string | undefined {
  const slash = given?.indexOf('/') ?? -1;
  if (given === undefined || slash < 0) return given;
  if (given.slice(0, slash) === kindOf(address)) return given.slice(slash + 1);
  const message = `${address} cannot be bound to ${given}, which is of another kind.`;
  throw new SynclineError('usage', message, `Give the id of a ${kindOf(address)}.`, Exit.invalid);
}

function guardUsage({ options, positionals }: InvocationOf<'adopt'>): void {
  const all = options.flag('all-matching');
  if ((positionals.length === 0) === all && !(all && options.text('id') !== undefined)) return;
  const hint = 'Write `adopt KIND/NAME`, with `--id N` for a certain one, or `adopt --all-matching`.';
  throw new SynclineError('usage', '`adopt` takes an address or --all-matching.', hint, Exit.invalid);
}

/** An id means one sync of one service. */
function guardTargets(targets: readonly Target[], { options }: InvocationOf<'adopt'>): void {
  if (targets.length === 1 || options.text('id') === undefined) return;
  const message = 'An --id belongs to one target, and several are chosen.';
  throw new SynclineError('usage', message, 'Choose one with --target.', Exit.invalid);
}

function lines({ bound, left, unmatched, notes }: AdoptReport, target: string, all: boolean): string {
  const counts = `${bound.length} bound, ${left.length} left alone, ${unmatched.length} with no live match.`;
  return [
    ...notes.map((note) => `${note.address}: ${note.message}`),
    ...bound.map(sentence),
    ...left.map((one) => `${one.address} is left alone: ${one.reason}`),
    ...unmatched.map((address) => `${address} is not bound: nothing live has its label.`),
    ...(all ? [counts] : []),
  ]
    .map((line) => `${forTerminal(`${target}: ${line}`)}\n`)
    .join('');
}

function sentence({ address, id, label, from, already, differs }: Bound): string {
  if (already) return `${address} is bound to ${id} already; nothing was written.`;
  const moved = from === undefined ? '' : `, moved from ${from}`;
  const named = label === null || !differs ? '' : ` ("${label}")`;
  return `${address} is bound to ${id}${named}${moved}${differs ? '; it differs from its manifest, see `syncline plan`' : ''}.`;
}
