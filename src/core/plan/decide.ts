import { type Address, nameOf } from '../../model/address.ts';
import { type Hiding, hiding } from '../../model/hidden.ts';
import { type Spec, valueAt } from '../../model/json.ts';
import type { Entry, Retiring } from '../../model/ledger.ts';
import { type Key, keyAt, keyOf, type Live } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Action, BlockReason, Create, FieldChange, Note, Replace, Update } from '../../model/plan.ts';
import type { KindTraits } from '../../model/traits.ts';
import { toldApart } from '../look-alike.ts';
import { recordHash } from '../memory/record.ts';
import { resolveDeclared } from '../references/declared.ts';
import { type Diff, diff } from '../spec/diff.ts';
import { equal } from '../spec/equal.ts';
import { fingerprint } from '../spec/fingerprint.ts';
import { isImmutable } from '../spec/immutable.ts';
import { labelOf } from '../spec/label.ts';
import { byCodePoint } from '../stable.ts';
import type { Decision, PlanInput } from './decision.ts';
import { type Binding, boundLive, identify, type PlanIndex, rivals } from './identify.ts';
import { declareAlike, ignoredNow, releasedNotes, withoutIgnored } from './released.ts';

/** What becomes of one manifest, given what was decided about those it depends on. */
export function decide(
  input: PlanInput,
  index: PlanIndex,
  decided: ReadonlyMap<Address, Decision>,
  manifest: Manifest,
): Decision {
  const others = rivals(input, index, manifest);
  const ownerOf = (one: Live) => index.boundTo.get(keyOf(one.kind, one.id)) ?? '';
  const yielding = others.filter((one) => yields(decided.get(ownerOf(one)), one));
  const freed: ReadonlySet<Key> = new Set(yielding.map((one) => keyOf(one.kind, one.id)));
  const binding = identify(input, index, manifest, freed);
  const live = binding.kind === 'live' ? binding.live : boundLive(index, manifest.address);
  const linked = resolveDeclared(input, index, decided, manifest, live?.spec);
  const owners = binding.kind === 'live' && !binding.adopt ? [] : yielding.map(ownerOf);
  const dependsOn = [...new Set([...linked.dependsOn, ...owners])].sort(byCodePoint);
  const traits = input.traitsOf(manifest.kind);
  const names = { ...manifest.names, ...linked.names };
  const draft: Draft = { input, traits, index, manifest, binding, ...linked, names, declared: linked.spec, dependsOn };
  if (binding.kind === 'blocked') return block(draft, binding.wanted, binding.reason, binding.hint, []);
  if (linked.missing.length > 0) {
    const wanted = binding.kind === 'live' ? 'update' : 'create';
    return block(draft, wanted, 'depends', missingHint(input, linked.missing), []);
  }
  if (linked.atOdds.length > 0) {
    const names = linked.atOdds.map((address) => `"${address}"`).join(', ');
    const wanted = binding.kind === 'live' ? 'update' : 'create';
    return block(draft, wanted, 'depends', `It follows a change of ${names}, which stays as it is.`, []);
  }
  if (binding.kind === 'live') {
    return compare({ ...draft, spec: withoutIgnored(draft.spec, manifest.lifecycle.ignore) }, binding);
  }
  const { label, note } = binding;
  return create(draft, label, note === undefined ? [] : [{ address: manifest.address, ...note }]);
}

/** Says whether what a manifest needs cannot be made, or only was not asked for. */
function missingHint({ chosen }: PlanInput, missing: readonly Address[]): string {
  const names = (all: readonly Address[]) => all.map((address) => `"${address}"`).join(', ');
  const leftOut = missing.filter((address) => !chosen.has(address));
  if (leftOut.length > 0)
    return `It refers to ${names(leftOut)}, which the selection leaves out and which is not there yet.`;
  return `It refers to ${names(missing)}, which this plan cannot make.`;
}

/** Does the sync give up its label in this very plan, by a change of it or by going away in a replace? */
export function yields(decision: Decision | undefined, bearer: Live): boolean {
  if (decision?.kind !== 'change' || decision.change.id !== bearer.id) return false;
  const { action, fields, label } = decision.change;
  return (action === 'replace' || (action === 'update' && fields.length > 0)) && label !== (bearer.label ?? null);
}

/** Everything that is known about one manifest when its change is made. */
interface Draft {
  readonly input: PlanInput;
  /** Of the manifest's kind. */
  readonly traits: KindTraits;
  readonly index: PlanIndex;
  readonly manifest: Manifest;
  readonly binding: Binding;
  /** Names that ids took the place of, by where they stood. */
  readonly names: Readonly<Record<string, string>>;
  /** The spec with names replaced by ids, or by what stands for the id of something that this plan makes. */
  readonly spec: Spec;
  /** The same before what is ignored was taken out of it. */
  readonly declared: Spec;
  readonly dependsOn: readonly Address[];
  readonly missing: readonly Address[];
}

function base(draft: Draft) {
  const { manifest } = draft;
  return {
    address: manifest.address,
    label: labelOf(draft.traits, draft.spec) ?? null,
    origin: manifest.origin,
    about: null,
    desired: draft.spec,
    lifecycle: manifest.lifecycle,
    release: false as const,
    depends_on: draft.dependsOn,
    validation: null,
    record: recordHash(draft.index.ledger, manifest.address),
    ...movedFrom(draft),
    ...hidingOf(draft),
  };
}

function movedFrom({ input: { moves }, manifest }: Draft): { readonly moved_from?: string } {
  const from = moves?.get(manifest.address);
  return from === undefined ? {} : { moved_from: nameOf(from) };
}

/** What was hidden stays so in the very plan that takes it off the list. */
function hidingOf({ manifest, index }: Draft): Hiding {
  return hiding(manifest.lifecycle, index.ledger?.syncs[manifest.address]);
}

function create(draft: Draft, label: string, notes: readonly Note[]): Decision {
  const change: Create = { ...base(draft), label, action: 'create', id: null, fields: [], fingerprint: null };
  return { kind: 'change', change, notes: [...notes, ...lookAlikes(draft, change)] };
}

/** A live sync whose label looks the same may well be the one that is meant. */
function lookAlikes({ index, traits }: Draft, { address, label }: Create): Note[] {
  const alike = index.alike(traits.kind, label).filter((one) => one.label !== label);
  return alike.map(({ id, label: other = '' }) => {
    const [ours, theirs] = toldApart(label, other);
    const message = `The live ${traits.noun} ${id} has a label that looks the same and is not: "${theirs}" there, "${ours}" here.`;
    return { address, code: 'similar-label', message };
  });
}

function block(
  draft: Draft,
  wanted: Action,
  reason: BlockReason,
  hint: string,
  fields: readonly FieldChange[],
): Decision {
  const { manifest, binding } = draft;
  const id = binding.kind === 'live' ? binding.live.id : null;
  const label = labelOf(draft.traits, draft.spec) ?? null;
  return {
    kind: 'blocked',
    blocked: {
      address: manifest.address,
      wanted,
      reason,
      hint,
      id,
      label,
      origin: manifest.origin,
      fields,
      about: null,
      ...hidingOf(draft),
    },
    notes: [],
  };
}

/** A manifest and the live sync it stands for. */
function compare(draft: Draft, binding: Binding & { readonly kind: 'live' }): Decision {
  const { input, traits, manifest, names } = draft;
  const { live, entry } = binding;
  const result = diff(traits, live.spec, draft.spec, {
    applied: entry?.spec ?? null,
    memory: input.ledger !== null,
    names,
  });
  const unreadable = unreadableNotes(
    manifest.address,
    result,
    input.ledger === null ? undefined : (entry?.spec ?? null),
  );
  const action = binding.adopt ? 'adopt' : 'update';
  if (result.changes.length === 0 && isSettled(draft, binding)) return { kind: 'noop', notes: unreadable };
  const fields = entry?.state === 'deleting' ? revived(draft, result.changes) : result.changes;
  const found = { ...base(draft), id: live.id, fields, fingerprint: fingerprint(traits, live.spec) };
  if (entry?.state === 'retiring') return resumeReplace(draft, found, entry, unreadable);
  const immutable = result.changes.filter((field) => isImmutable({ traits, types: input.types }, live, field));
  if (immutable.length > 0) return replaceOrBlock(draft, found, immutable, binding.adopt, unreadable);
  const notes = [...unreadable, ...lifecycleNotes(draft, entry), ...letGo(draft, entry), ...sharedLabel(draft, live)];
  return { kind: 'change', change: { ...found, action }, notes };
}

/** What the manifest decides otherwise than what was applied last: a change that sends nothing may take protection away. */
function lifecycleNotes({ manifest: { address, lifecycle } }: Draft, entry: Entry | undefined): Note[] {
  if (entry === undefined) return [];
  const notes: Note[] = [];
  const tell = (message: string) => notes.push({ address, code: 'lifecycle', message });
  if (entry.protect !== lifecycle.protect) {
    const means = lifecycle.protect ? 'it is now protected.' : 'it is no longer protected.';
    tell(`lifecycle.protect changes from ${entry.protect} to ${lifecycle.protect}: ${means}`);
  }
  if (entry.on_delete !== lifecycle.on_delete)
    tell(`lifecycle.on_delete changes from ${entry.on_delete} to ${lifecycle.on_delete}.`);
  const bare = (entry.hide ?? []).filter((path) => lifecycle.hide?.includes(path) !== true);
  if (bare.length > 0) tell(`lifecycle.hide no longer has ${bare.join(', ')}: reports show it from the next run on.`);
  return notes;
}

/** What every change of a live thing says. */
type Found = Omit<Update, 'action'> & { readonly release: false };

/** The new sync of a replace was made, but the run ended before the old one went. */
function resumeReplace(draft: Draft, found: Found, entry: Retiring, notes: readonly Note[]): Decision {
  const { label } = found;
  if (label === null) return unlabelled(draft, found.fields);
  const old = draft.index.byKey.get(keyAt(found.address, entry.retires));
  const seen = old === undefined ? null : fingerprint(draft.traits, old.spec);
  const change: Replace = { ...found, label, action: 'replace', id: entry.retires, fields: [], fingerprint: seen };
  return { kind: 'change', change, notes };
}

function unlabelled(draft: Draft, fields: readonly FieldChange[]): Decision {
  const hint = `A replace makes a new ${draft.traits.noun}, and without a label Syncline could not find it again.`;
  return block(draft, 'replace', 'needs-label', hint, fields);
}

function replaceOrBlock(
  draft: Draft,
  found: Found,
  immutable: readonly FieldChange[],
  adopting: boolean,
  notes: readonly Note[],
): Decision {
  const { manifest, input, traits } = draft;
  const { kind, noun } = traits;
  const paths = immutable.map((field) => field.path).join(', ');
  // What is not ours yet must not be deleted, so it cannot be replaced either.
  if (adopting) {
    const hint = `The API cannot change ${paths} in place; adopt the ${noun} as it is first.`;
    return block(draft, 'adopt', 'immutable', hint, found.fields);
  }
  if (input.ledger === null || manifest.lifecycle.replace !== 'allow' || !traits.replaceable) {
    const canReplace = traits.replaceable && input.verbsOf(kind).includes('delete');
    const hint = !canReplace
      ? `The API cannot change ${paths} in place, and ${traits.replaceable ? `it cannot delete a ${noun} to make it anew` : `a ${noun} is not deleted to be made anew, for what uses it would lose it`}; declare a new one: with another \`name\`, and another ${traits.label.map((field) => `\`spec.${field}\``).join(' or ')}.`
      : input.ledger === null
        ? `The API cannot change ${paths} in place, and without a ledger nothing is replaced.`
        : `The API cannot change ${paths} in place; set lifecycle.replace: allow to delete and create, or use a new name.`;
    return block(draft, 'update', 'immutable', hint, found.fields);
  }
  const { label } = found;
  if (label === null) return unlabelled(draft, found.fields);
  const fields = found.fields.map((field) => ({ ...field, impact: 'loses_memory' as const }));
  return { kind: 'change', change: { ...found, label, action: 'replace', fields }, notes };
}

/** Declared again after a delete that was never confirmed: sending its state once more tells whether it is still there. */
function revived(draft: Draft, fields: readonly FieldChange[]): readonly FieldChange[] {
  const { pause, label } = draft.traits;
  const field = pause?.field ?? label[0] ?? '';
  const path = `/${field}`;
  const to = draft.spec[field] ?? pause?.resumed ?? null;
  if (to === null || fields.some((one) => one.path === path)) return fields;
  return [...fields, { path, from: null, to, cause: 'unknown', impact: 'none' }];
}

/** The live sync agrees; does the memory too, or is there something to record or to finish? */
function isSettled(draft: Draft, binding: Binding & { readonly kind: 'live' }): boolean {
  const { entry, adopt } = binding;
  if (adopt || draft.input.moves?.has(draft.manifest.address) === true) return false;
  if (entry !== undefined && (entry.state !== 'bound' || entry.pending !== null)) return false;
  return draft.input.ledger === null || entry === undefined || !recordDiffers(draft, entry);
}

/**
 * Does the ledger remember something else than what the manifest now says? Not where only values differ: what is live and declared is
 * the same, and the next apply takes note of it with whatever else it records.
 */
function recordDiffers(draft: Draft, entry: Entry): boolean {
  const { lifecycle } = draft.manifest;
  if (entry.protect !== lifecycle.protect || entry.on_delete !== lifecycle.on_delete) return true;
  if (!equal([...(entry.hide ?? [])], [...(lifecycle.hide ?? [])])) return true;
  if (entry.spec === null) return true;
  if (!declareAlike(draft.traits, withoutIgnored(entry.spec, lifecycle.ignore), draft.spec)) return true;
  // What is declared and ignored was used to make the sync, and stays in the record.
  return ignoredNow(entry.spec, lifecycle.ignore).some((path) => valueAt(draft.declared, path) === undefined);
}

/** The label that the sync is to have is used by one that is not ours: once the ledger is lost, nobody can tell the two apart. */
function sharedLabel({ traits, index, manifest, spec }: Draft, live: Live): Note[] {
  const label = labelOf(traits, spec);
  if (label === undefined || label === live.label || index.ledger === null) return [];
  const others = index
    .bearers(traits.kind, label)
    .filter((one) => one.id !== live.id && !index.boundTo.has(keyOf(one.kind, one.id)));
  return others.map(({ id }) => {
    const message = `The live ${traits.noun} ${id}, which Syncline does not own, already has the label "${label}". Choose another label: Syncline finds a ${traits.noun} by it.`;
    return { address: manifest.address, code: 'same-label', message };
  });
}

/** What the record holds and this change takes out of it. */
function letGo(draft: Draft, entry: Entry | undefined): Note[] {
  const { address, lifecycle } = draft.manifest;
  if (entry?.spec == null) return [];
  const sides = { recorded: entry.spec, declared: draft.spec, ignore: lifecycle.ignore };
  return releasedNotes(draft.traits, address, sides);
}

/** Declared fields that no answer shows, one note each. `applied`: the record; undefined where there is no memory. */
export function unreadableNotes(address: Address, result: Diff, applied: Spec | null | undefined): Note[] {
  const taken =
    applied === undefined
      ? 'without a ledger, Syncline cannot tell whether it is as declared'
      : `Syncline assumes that it is still as ${applied === null ? 'declared' : 'last applied'}`;
  return result.unreadable.map((path) => ({
    address,
    code: 'unreadable-field',
    message: `${path} cannot be read back; ${taken}.`,
  }));
}
