import { type ForgetRequest, forgetAddress, forgetRow } from '../../engine/forget.ts';
import { openLedger } from '../../ledger/open.ts';
import type { Address } from '../../model/address.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { RemoteId } from '../../model/live.ts';
import type { Target } from '../../model/project.ts';
import { kinds } from '../../providers/index.ts';
import { forTerminal } from '../../render/escape.ts';
import type { Execute, Invocation } from '../command.ts';
import { identify } from '../identity.ts';
import { chooseNamedTargets, openProject } from '../project.ts';

/** Lets an address go, or records a row that is no sync. Writes the ledger alone and reaches no network. */
export const execute: Execute = async (invocation) => {
  const { io, options, positionals } = invocation;
  const [address] = positionals;
  const id = options.text('id');
  if ((address === undefined) === (id === undefined)) {
    const hint = 'Write `forget KIND/NAME`, or `forget --id N` for a row that no address owns.';
    throw new SynclineError('usage', '`forget` takes an address or an --id.', hint, Exit.invalid);
  }
  const project = await openProject(invocation);
  const targets = chooseNamedTargets(project, invocation);
  guardTargets(targets, invocation);
  for (const target of targets) {
    const now = new Date();
    const identity = await identify(io, project.root, now);
    const store = openLedger(project, target, { environment: io.env, signal: io.signal });
    const request = { target: target.name, store, identity, now };
    const said = address === undefined ? await letRowGo(request, target, id ?? '') : await letGo(request, address);
    io.stdout.write(`${forTerminal(`${target.name}: ${said}`)}\n`);
  }
  return Exit.ok;
};

async function letGo(request: ForgetRequest, address: Address): Promise<string> {
  const id = await forgetAddress(request, address);
  if (id === null)
    return `${address} is forgotten, and what its unanswered create may have made is looked for no more.`;
  const next = `While a manifest declares it, the next apply finds that sync foreign: \`syncline adopt ${address}\` binds it again.`;
  return `${address} is forgotten; its sync ${id} stays as it is. ${next}`;
}

async function letRowGo(request: ForgetRequest, { provider }: Target, id: RemoteId): Promise<string> {
  const kind = kinds.find((one) => one.provider === provider) ?? { kind: provider, deadRows: false };
  if ((await forgetRow(request, kind, id)) === 'dead-already')
    return `the row ${id} is recorded as dead already; nothing was written.`;
  return `the row ${id} is taken for no sync any more; \`syncline adopt ADDRESS --id ${id}\` takes that back.`;
}

/** An id means one row of one service. */
function guardTargets(targets: readonly Target[], { options }: Invocation): void {
  if (targets.length === 1 || options.text('id') === undefined) return;
  const message = 'An --id belongs to one target, and several are chosen.';
  throw new SynclineError('usage', message, 'Choose one with --target.', Exit.invalid);
}
