import { forgetAddress, forgetRow } from '../../engine/forget.ts';
import { openLedger } from '../../ledger/open.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import { forTerminal } from '../../render/escape.ts';
import type { Execute } from '../command.ts';
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
  for (const target of chooseNamedTargets(project, invocation)) {
    const store = openLedger(project, target, { environment: io.env });
    if (id !== undefined) {
      await forgetRow(store, id, new Date());
      io.stdout.write(`${target.name}: the row ${forTerminal(id)} is taken for no sync any more.\n`);
    } else if (address !== undefined) {
      const now = new Date();
      const sync = await forgetAddress(store, address, await identify(io, project.root, now), now);
      io.stdout.write(`${target.name}: ${forTerminal(address)} is forgotten; its sync ${sync ?? ''} stays as it is.\n`);
    }
  }
  return Exit.ok;
};
