import { begin } from '../../src/core/memory/begin.ts';
import { fold } from '../../src/core/memory/ledger.ts';
import { withIds } from '../../src/core/references/fill.ts';
import { labelOf } from '../../src/core/spec/label.ts';
import { matchByKey } from '../../src/core/spec/match.ts';
import { normalise } from '../../src/core/spec/normalise.ts';
import { kindOf } from '../../src/model/address.ts';
import { isList, isObject, type Json, type JsonObject, type Spec } from '../../src/model/json.ts';
import type { Ledger } from '../../src/model/ledger.ts';
import { keyAt, keyOf, type Live, type RemoteId } from '../../src/model/live.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import type { FieldTrait, KindTraits, TraitsOf } from '../../src/model/traits.ts';

/** A live side and a memory. */
export interface State {
  readonly live: readonly Live[];
  readonly ledger: Ledger | null;
}

/**
 * The state that a plan leads to when every change succeeds and the service stores what it is told. In memory, without a
 * service: it is what the planner's law is stated with. `newId` names syncs that the plan makes.
 */
export function project(traitsOf: TraitsOf, state: State, plan: Plan, newId: (change: Change) => RemoteId): State {
  const live = new Map(state.live.map((one) => [keyOf(one.kind, one.id), one]));
  const made = new Map<string, RemoteId>();
  let ledger = state.ledger;
  if (ledger !== null) {
    const header = { run: 'projected', at: plan.created_at, actor: 'projected', commit: null };
    ledger = begin(traitsOf, ledger, plan, header, live, () => []);
  }
  const record = (line: Parameters<typeof fold>[1][number]) => {
    if (ledger !== null) ledger = fold(ledger, [line]);
  };
  for (const change of plan.changes) {
    const { address } = change;
    const traits = traitsOf(kindOf(address));
    const spec = withIds(traits, change.desired ?? {}, (other) => made.get(other));
    const key = keyAt(address, change.id ?? '');
    const base = { at: plan.created_at, event: 'done' as const, address };
    if (change.action === 'delete') {
      live.delete(key);
      record({ ...base, step: 'delete', id: change.id });
    } else if (change.action === 'create' || (change.action === 'replace' && change.fields.length > 0)) {
      const id = newId(change);
      made.set(address, id);
      live.set(keyAt(address, id), liveThing(traits, id, merge(traits.spec, {}, spec)));
      record({ ...base, step: 'create', id, spec });
    } else if (change.fields.length > 0) {
      const before = live.get(key)?.spec ?? {};
      live.set(key, liveThing(traits, change.id ?? '', merge(traits.spec, before, spec)));
      record({ ...base, step: 'update', id: change.id, spec });
    } else if (change.action !== 'replace') {
      record({ ...base, step: 'bind', id: change.id });
    }
    if (change.action === 'replace') {
      live.delete(key);
      record({ ...base, step: 'retire', id: change.id });
    }
  }
  return { live: [...live.values()], ledger };
}

function liveThing(traits: KindTraits, id: RemoteId, spec: Spec): Live {
  const clean = normalise(traits, spec);
  return { kind: traits.kind, id, label: labelOf(traits, clean), spec: clean };
}

/** What a service holds after an update that says `desired`: silence keeps what is live, one-value things are replaced. */
function merge(trait: FieldTrait, live: JsonObject, desired: JsonObject): JsonObject {
  const merged: Record<string, Json | undefined> = { ...live };
  for (const [key, value] of Object.entries(desired)) {
    const field = trait.shape === 'map' ? trait.items : trait.fields?.[key];
    const before = live[key];
    if (value === undefined) continue;
    if (value === null) merged[key] = field?.default ?? null;
    else if (field?.shape === 'object' || field?.shape === 'map') {
      merged[key] = isObject(value) ? merge(field, isObject(before) ? before : {}, value) : value;
    } else if (field?.shape === 'list' && field.key !== undefined && isList(value)) {
      merged[key] = mergeList(field, isList(before) ? before : [], value, { ...live, ...desired });
    } else merged[key] = value;
  }
  return merged;
}

/** Where the server has items of its own, they stay. */
function mergeList(trait: FieldTrait, live: readonly Json[], desired: readonly Json[], spec: JsonObject): Json {
  const open = Object.entries(trait.open_when ?? {});
  const keeps = open.length > 0 && open.every(([field, value]) => spec[field] === value);
  if (!keeps || trait.key === undefined) return desired;
  return [...desired, ...matchByKey(trait.key, live, desired).onlyFirst.map((one) => one.value)];
}
