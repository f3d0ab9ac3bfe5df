import { type Address, address as addressOf, kindOf, nameOf } from '../../model/address.ts';
import { hiding } from '../../model/hidden.ts';
import { withValueAt } from '../../model/json.ts';
import type { Entry } from '../../model/ledger.ts';
import { keyAt, type Live } from '../../model/live.ts';
import type { BlockReason, Change, FieldChange, Note } from '../../model/plan.ts';
import { recordHash } from '../memory/record.ts';
import { fingerprint } from '../spec/fingerprint.ts';
import { completedLive } from '../spec/known.ts';
import { labelOf } from '../spec/label.ts';
import type { Decision, PlanInput } from './decision.ts';
import type { PlanIndex } from './identify.ts';
import { protection, shieldHint } from './removal.ts';

/** What becomes of owned syncs that no manifest declares any more. Without a ledger nothing is owned, so nothing goes. */
export function planDeletes(input: PlanInput, index: PlanIndex): Decision[] {
  const decisions: Decision[] = [];
  const named = namedByMoves(input);
  for (const [address, entry] of Object.entries(input.ledger?.syncs ?? {})) {
    if (index.declared.byAddress.has(address)) continue;
    if (!input.chosen.has(address)) continue;
    const decision = undeclared(input, index, { address, entry, heir: named.get(address) });
    if (decision !== undefined) decisions.push(decision);
  }
  return decisions;
}

/** The manifest that names each address as an earlier one of its own. */
function namedByMoves({ manifests }: PlanInput): ReadonlyMap<Address, Address> {
  return new Map(
    manifests.flatMap(({ address: to, kind, moved_from: names = [] }) =>
      names.map((name) => [addressOf(kind, name), to] as const),
    ),
  );
}

interface Undeclared {
  readonly address: Address;
  readonly entry: Entry;
  /** The manifest that names it in `moved_from`. */
  readonly heir: Address | undefined;
}

function undeclared(input: PlanInput, index: PlanIndex, { address, entry, heir }: Undeclared): Decision | undefined {
  if (entry.id === null) {
    const rows = input.suspects.get(address);
    if (rows === undefined) return undefined;
    const ids = rows.map((one) => one.id).join(', ');
    const message = `A create of an earlier run may have left the row ${ids}, whole or as a ghost, and no manifest declares it any more: the next apply that changes something checks that row, and binds it if it is whole.`;
    return { kind: 'noop', notes: [{ address, code: 'ghost', message }] };
  }
  // Its file may lie on a branch that nobody has merged yet.
  if (entry.pulled === true) return { kind: 'noop', notes: input.prune ? [pulledNote(input, address, entry.id)] : [] };
  const live = index.byKey.get(keyAt(address, entry.id));
  if (live === undefined) {
    const message = `The ${input.traitsOf(kindOf(address)).noun} ${entry.id} of this address no longer exists and no manifest declares it; it is forgotten.`;
    return { kind: 'noop', notes: [{ address, code: 'released', message }] };
  }
  const shield = protection(input, address, false);
  if (shield !== undefined) {
    return block(input, { address, entry, live }, 'protected', shieldHint({ action: 'delete', address }, shield));
  }
  if (heir !== undefined) {
    const hint = `${heir} names it in moved_from, and what is so named is never pruned; remove the name there first.`;
    return block(input, { address, entry, live }, 'protected', hint);
  }
  if (!input.prune) {
    const hint = `No manifest declares it any more; --prune deletes or releases it. If it has a new name, say so in its manifest: \`moved_from: ${nameOf(address)}\`.`;
    return block(input, { address, entry, live }, 'prune-off', hint);
  }
  const notes = [...zombie(address, entry), ...unfinished(input, index, address, entry)];
  return { kind: 'change', change: departure(input, address, entry, live), notes };
}

function pulledNote({ traitsOf }: PlanInput, address: string, id: string): Note {
  const { noun } = traitsOf(kindOf(address));
  const message = `\`syncline pull\` bound the ${noun} ${id}, and no apply has had its manifest since, so it stays; apply its manifest once, or let it go with \`syncline forget ${address}\`.`;
  return { address, code: 'pulled', message };
}

/** A delete that was sent and never confirmed: where deleted syncs stay listed, only sending it again tells. */
function zombie(address: string, entry: Entry): Note[] {
  if (entry.state !== 'deleting') return [];
  const message = `An earlier delete of ${entry.id} was never confirmed, and it is still listed; the delete is sent again.`;
  return [{ address, code: 'zombie', message }];
}

/** The old thing of a replace that did not come to its end goes before the new one goes or is let go, and no change is about it. */
function unfinished(input: PlanInput, { byKey }: PlanIndex, address: string, entry: Entry): Note[] {
  if (entry.state !== 'retiring' || !byKey.has(keyAt(address, entry.retires))) return [];
  const { noun } = input.traitsOf(kindOf(address));
  const message = `The ${noun} ${entry.retires}, which ${entry.id} has replaced, still exists; it is deleted first.`;
  return [{ address, code: 'zombie', message }];
}

function departure(input: PlanInput, address: string, entry: Entry, live: Live): Change {
  const traits = input.traitsOf(live.kind);
  const common = {
    address,
    id: live.id,
    label: labelOf(traits, live.spec) ?? null,
    origin: null,
    about: null,
    lifecycle: null,
    depends_on: [],
    fingerprint: fingerprint(traits, live.spec),
    validation: null,
    record: recordHash(input.ledger, address),
    ...hiding(entry),
  };
  const { pause } = traits;
  if (entry.on_delete === 'delete') return { ...common, action: 'delete', fields: [], desired: null, release: false };
  // What cannot be paused is let go as it is.
  if (entry.on_delete === 'abandon' || pause === undefined)
    return { ...common, action: 'update', fields: [], desired: live.spec, release: true };
  const { field, value } = pause;
  const desired = withValueAt({}, `/${field}`, value);
  const from = completedLive(traits, live.spec, entry.spec)[field] ?? null;
  const fields: FieldChange[] =
    from === value ? [] : [{ path: `/${field}`, from, to: value, cause: 'git', impact: 'none' }];
  return { ...common, action: 'update', fields, desired, release: true };
}

function block(
  input: PlanInput,
  { address, entry, live }: { readonly address: string; readonly entry: Entry; readonly live: Live },
  reason: BlockReason,
  hint: string,
): Decision {
  const label = labelOf(input.traitsOf(live.kind), live.spec) ?? null;
  const parts = { address, id: live.id, label, origin: null, fields: [], about: null, ...hiding(entry) };
  return { kind: 'blocked', blocked: { ...parts, wanted: 'delete', reason, hint }, notes: [] };
}
