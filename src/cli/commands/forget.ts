import { didYouMean } from '../../core/suggest.ts';
import { type ForgetRequest, forgetAddress, forgetRow } from '../../engine/forget.ts';
import type { Address } from '../../model/address.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { KindDefinition } from '../../model/kind.ts';
import type { RemoteId } from '../../model/live.ts';
import type { Target } from '../../model/project.ts';
import { kindsOf } from '../../providers/index.ts';
import { forTerminal } from '../../render/escape.ts';
import { identify } from '../identity.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { chooseNamedTargets } from '../project.ts';
import { sessionOf } from '../session.ts';

/** Lets an address go, or records a row that is no sync. Writes the ledger alone and reaches no network. */
export const execute: Execute<'forget'> = async (invocation) => {
  const { io, options, positionals } = invocation;
  const [address] = positionals;
  const id = options.text('id');
  if ((address === undefined) === (id === undefined)) {
    const hint = 'Write `forget KIND/NAME`, or `forget --id N` for a row that no address owns.';
    throw new SynclineError('usage', '`forget` takes an address or an --id.', hint, Exit.invalid);
  }
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseNamedTargets(project, invocation);
  guardTargets(targets, invocation);
  for (const target of targets) {
    const now = new Date();
    const identity = await identify(io, project, now);
    const { name, api, groups } = target;
    const whose = { target: name, api, grouped: groups !== undefined, store: session.store(target) };
    const request = { ...whose, identity, now, kinds: kindsOf(target) };
    const said = address === undefined ? await letRowGo(request, id ?? '') : await letGo(request, address);
    io.stdout.write(`${forTerminal(`${target.name}: ${said}`)}\n`);
  }
  return Exit.ok;
};

async function letGo(request: ForgetRequest, address: Address): Promise<string> {
  const id = await forgetAddress(request, address);
  if (id === null)
    return `${address} is forgotten. Syncline no longer looks for what its unanswered create may have made.`;
  const next = `While a manifest declares it, the next apply finds ${id} foreign: \`syncline adopt ${address}\` binds it again.`;
  return `${address} is forgotten; ${id} stays as it is. ${next}`;
}

async function letRowGo(request: ForgetRequest, given: string): Promise<string> {
  const { kind, id } = rowOf(request, given);
  const { noun } = kind.traits;
  if ((await forgetRow(request, kind, id)) === 'dead-already')
    return `the row ${id} is recorded as dead already; nothing was written.`;
  return `the row ${id} no longer counts as a ${noun}; \`syncline adopt ADDRESS --id ${id}\` reverses that.`;
}

/** `FabraSync/12`, or `12` alone where one kind of the target can have rows that are none. */
function rowOf(
  { kinds: known }: ForgetRequest,
  given: string,
): { readonly kind: KindDefinition; readonly id: RemoteId } {
  const slash = given.indexOf('/');
  const all = [...known.values()];
  const kind = slash < 0 ? (all.find((one) => one.ghosts) ?? all[0]) : known.get(given.slice(0, slash));
  if (kind !== undefined) return { kind, id: given.slice(slash + 1) };
  const names = all.map((one) => one.kind);
  const message = `This target has no ${given.slice(0, Math.max(slash, 0))}.`;
  throw new SynclineError('unknown-kind', message, didYouMean(given, names, 'Give the id alone.'), Exit.invalid);
}

/** An id means one row of one service. */
function guardTargets(targets: readonly Target[], { options }: InvocationOf<'forget'>): void {
  if (targets.length === 1 || options.text('id') === undefined) return;
  const message = 'An --id belongs to one target, and several are chosen.';
  throw new SynclineError('usage', message, 'Choose one with --target.', Exit.invalid);
}
