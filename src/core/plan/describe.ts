import type { Describe, Referent } from '../../model/about.ts';
import { type Address, kindOf } from '../../model/address.ts';
import { type Hiding, hiddenValue, shownSpec, shownValue } from '../../model/hidden.ts';
import type { Pointer, Spec } from '../../model/json.ts';
import { keyAt } from '../../model/live.ts';
import type { Blocked, Change, FieldChange, Plan } from '../../model/plan.ts';
import type { KindTraits } from '../../model/traits.ts';
import { type CollectionPart, partKey } from '../references/names.ts';
import { type Directory, type Note, nameOfId, referentAt } from '../references/referent.ts';
import { knownLive } from '../spec/known.ts';
import { overlay } from '../spec/overlay.ts';

/** What it takes to say what the things of a plan are. */
export interface Knowledge extends Directory {
  /** Of each kind. */
  readonly aboutOf: (kind: string) => Describe;
  /** What an address is meant to say, which of something blocked no plan tells; undefined where no manifest decides that. */
  readonly meant: (address: Address) => Spec | undefined;
}

/** A plan that says what its things are and what its ids are called, as far as that is known. */
export interface Described {
  readonly plan: Plan;
  /** The collections that have the other names, each once, in the order of the plan. */
  readonly unread: readonly CollectionPart[];
}

/** The plan, which says of every change and of all that is blocked what it is, and names what fields refer to. Nothing else differs. */
export function describe(knowledge: Knowledge, plan: Plan): Described {
  const parts = new Map<string, CollectionPart>();
  const note: Note = (part) => parts.set(partKey(part), part);
  const changes = plan.changes.map((one): Change => {
    const scene = sceneOf(knowledge, one, (before) => afterwards(knowledge, one, before));
    const isTold = one.action !== 'update' || one.release;
    return { ...one, ...told(knowledge, scene, one.fields, { ofFields: note, ofThing: isTold ? note : ignore }) };
  });
  const blocked = plan.blocked.map((one): Blocked => {
    const scene = sceneOf(knowledge, one, (before) => intended(knowledge, one, before));
    const ofThing = one.wanted === 'update' ? ignore : note;
    return { ...one, ...told(knowledge, scene, one.fields, { ofFields: note, ofThing }) };
  });
  return { plan: { ...plan, changes, blocked }, unread: [...parts.values()] };
}

/** Reports tell an update by its fields. What the whole thing is it says too, as far as that is known: nothing is read for it. */
function ignore(): void {}

/** A thing before and after; undefined where nobody can tell. */
interface Scene {
  readonly traits: KindTraits;
  readonly hidden: Hiding;
  readonly before: Spec | undefined;
  readonly after: Spec | undefined;
}

function sceneOf(
  { traitsOf, byKey, ledger }: Knowledge,
  { address, id, hide = [] }: Change | Blocked,
  after: (before: Spec | undefined) => Spec | undefined,
): Scene {
  const traits = traitsOf(kindOf(address));
  const applied = ledger?.syncs[address]?.spec ?? null;
  const live = id === null ? undefined : byKey.get(keyAt(address, id));
  const before = live === undefined ? (applied ?? undefined) : knownLive(traits, live.spec, applied);
  return { traits, hidden: { hide }, before, after: after(before) };
}

/** What a change leaves; of a delete, what goes. */
function afterwards({ traitsOf }: Knowledge, change: Change, before: Spec | undefined): Spec | undefined {
  const { action, address, desired } = change;
  if (desired === null || before === undefined) return desired ?? before;
  return action === 'create' || action === 'replace' ? desired : overlay(traitsOf(kindOf(address)), before, desired);
}

/** What something blocked would be; of a delete, what stays. */
function intended(
  { traitsOf, meant }: Knowledge,
  { address, wanted }: Blocked,
  before: Spec | undefined,
): Spec | undefined {
  const spec = wanted === 'delete' ? undefined : meant(address);
  if (spec === undefined || before === undefined) return spec ?? before;
  return wanted === 'create' || wanted === 'replace' ? spec : overlay(traitsOf(kindOf(address)), before, spec);
}

function told(
  knowledge: Knowledge,
  { traits, hidden, before, after }: Scene,
  fields: readonly FieldChange[],
  { ofFields, ofThing }: { readonly ofFields: Note; readonly ofThing: Note },
): Pick<Change, 'about' | 'fields'> {
  const at = (spec: Spec) => (into: Pointer) => {
    if (isHidden(into, hidden)) return secret;
    const { referent, unread } = referentAt(knowledge, traits, spec, into);
    if (unread !== undefined) ofThing(unread);
    return referent;
  };
  return {
    // A saved plan holds what is hidden, but nobody looks for it in words.
    about: after === undefined ? null : knowledge.aboutOf(traits.kind)(shownSpec(after, hidden), at(after)),
    fields: fields.map((field): FieldChange => {
      if (isHidden(field.path, hidden)) return field;
      const from = nameOfId(knowledge, { traits, spec: before }, field.path, field.from, ofFields);
      const to = nameOfId(knowledge, { traits, spec: after }, field.path, field.to, ofFields);
      if (from === undefined && to === undefined) return field;
      return { ...field, names: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) } };
    }),
  };
}

const secret: Referent = { id: null, name: hiddenValue, address: null };

/** Is what stands there hidden? Whoever knows the name of a thing knows which one it is. */
function isHidden(place: Pointer, hidden: Hiding): boolean {
  return shownValue(place, true, hidden) !== true;
}
