import { kindOf } from '../model/address.ts';
import type { Drift, DriftField } from '../model/drift.ts';
import type { Spec } from '../model/json.ts';
import { keyAt } from '../model/live.ts';
import { type CollectionPart, partKey } from './references/names.ts';
import { type Directory, type Note, nameOfId } from './references/referent.ts';
import { overlay } from './spec/overlay.ts';

/** Drift whose ids have names, as far as they are known, and the collections that have the others. */
export interface NamedDrift {
  readonly drift: readonly Drift[];
  readonly unread: readonly CollectionPart[];
}

/** The drift with the names of the ids that its fields hold. Nothing else differs. */
export function namedDrift(directory: Directory, drift: readonly Drift[]): NamedDrift {
  const parts = new Map<string, CollectionPart>();
  const note: Note = (part) => parts.set(partKey(part), part);
  const named = drift.map((one) => ({ ...one, fields: fieldsOf(directory, one, note) }));
  return { drift: named, unread: [...parts.values()] };
}

function fieldsOf(directory: Directory, { address, id, fields }: Drift, note: Note): readonly DriftField[] {
  const traits = directory.traitsOf(kindOf(address));
  const now = id === null ? undefined : directory.byKey.get(keyAt(address, id))?.spec;
  const left = directory.ledger?.syncs[address]?.spec ?? directory.declared.byAddress.get(address)?.spec;
  const was: Spec | undefined = now === undefined || left === undefined ? left : overlay(traits, now, left);
  return fields.map((field) => {
    const names = {
      was: nameOfId(directory, { traits, spec: was }, field.path, field.was, note),
      now: nameOfId(directory, { traits, spec: now }, field.path, field.now, note),
    };
    if (names.was === undefined && names.now === undefined) return field;
    return {
      ...field,
      names: {
        ...(names.was !== undefined && { was: names.was }),
        ...(names.now !== undefined && { now: names.now }),
      },
    };
  });
}
