import type { Address } from '../../model/address.ts';
import { type Spec, valueAt, withValueAt } from '../../model/json.ts';
import type { Bound, Entry, Ledger } from '../../model/ledger.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Plan } from '../../model/plan.ts';
import { withoutOldLines } from '../moves/moves.ts';
import { indexDeclared, withKnownIds } from '../references/declared.ts';
import { equal } from '../spec/equal.ts';
import type { PlanInput } from './decision.ts';
import { ignoredNow, withoutIgnored } from './released.ts';

/** Records that an apply brings up to date without a word, each as it was found and as it is to be. */
export interface Agreed {
  readonly records: ReadonlyMap<Address, { readonly before: Entry; readonly after: Entry }>;
  /** What is declared and looked at: of what has moved to it only lines are remembered that stand in its manifest. */
  readonly declared: readonly Pick<Manifest, 'address' | 'moved_from'>[];
}

/** Nothing is brought up to date. */
export const nothingAgreed: Agreed = { records: new Map(), declared: [] };

/**
 * The records of what is live as declared, for which the plan has nothing to do: they are to hold the values that are declared by now,
 * and no mark of a `pull`.
 */
export function agreedRecords(
  { ledger, manifests, traitsOf, chosen }: Pick<PlanInput, 'ledger' | 'manifests' | 'traitsOf' | 'chosen'>,
  { changes, blocked }: Pick<Plan, 'changes' | 'blocked'>,
): Agreed {
  if (ledger === null) return nothingAgreed;
  const records = new Map<Address, { readonly before: Entry; readonly after: Entry }>();
  const open = new Set([...changes, ...blocked].map(({ address }) => address));
  const declared = indexDeclared(manifests, traitsOf);
  const idOf = (address: Address) => ledger.syncs[address]?.id ?? undefined;
  for (const manifest of manifests) {
    const { address } = manifest;
    const before = ledger.syncs[address];
    if (before?.state !== 'bound' || before.spec === null || open.has(address) || !chosen.has(address)) continue;
    const linked = withKnownIds(traitsOf(manifest.kind), manifest.spec, declared, idOf);
    const spec = linked === undefined ? before.spec : recorded(linked, before.spec, manifest);
    if (before.pulled === undefined && equal(before.spec, spec)) continue;
    records.set(address, { before, after: { ...unmarked(before), spec } });
  }
  return { records, declared: manifests.filter((one) => chosen.has(one.address)) };
}

/** What is declared and ignored was used to make the thing, and stays recorded as it was then. */
function recorded(declared: Spec, before: Spec, { lifecycle: { ignore } }: Manifest): Spec {
  return ignoredNow(before, ignore).reduce(
    (rest, path) => withValueAt(rest, path, valueAt(before, path)),
    withoutIgnored(declared, ignore),
  );
}

function unmarked({ pulled: _, ...entry }: Bound): Bound {
  return entry;
}

/** The ledger with these records, but for those that have changed meanwhile. */
export function withAgreed(ledger: Ledger, agreed: Agreed): Ledger {
  const syncs: Record<Address, Entry> = { ...ledger.syncs };
  let found = false;
  for (const [address, { before, after }] of agreed.records) {
    const now = syncs[address];
    if (now !== before && JSON.stringify(now) !== JSON.stringify(before)) continue;
    syncs[address] = after;
    found = true;
  }
  const moved = withoutOldLines(ledger.meta.moved, agreed.declared);
  if (moved === undefined || moved === ledger.meta.moved) return found ? { ...ledger, syncs } : ledger;
  return { ...ledger, meta: { ...ledger.meta, moved }, syncs };
}
