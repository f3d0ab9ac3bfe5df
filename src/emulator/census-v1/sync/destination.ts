import { idOf, isObject, type Json, type JsonObject, parseJson } from '../../json.ts';
import type { Destination, DestinationObject, Workspace } from '../state.ts';
import { fileTypes, sheetsType } from './vocabulary.ts';

/** What a sync writes to, found in the workspace. */
export interface FoundDestination {
  /** `destination_attributes` as it is kept. */
  readonly reference: JsonObject;
  readonly destination: Destination;
  /** Undefined where the destination lists none: files, spreadsheets, and whatever is not known. */
  readonly object: DestinationObject | undefined;
}

interface Problem {
  readonly problem: string;
}

/** Finds what `destination_attributes` names; an `object` is a full name, a file path or the JSON text of a spreadsheet. */
export function findDestination(workspace: Workspace, attributes: Json | undefined): FoundDestination | Problem {
  if (!isObject(attributes)) return { problem: 'destination_attributes must be an object' };
  const id = idOf(attributes.connection_id);
  if (id === undefined) return { problem: 'destination_attributes.connection_id is required' };
  const destination = workspace.destinations.get(id);
  if (destination === undefined) return { problem: `Destination connection ${id} could not be found` };
  const name = attributes.object;
  if (typeof name !== 'string' || name === '') return { problem: 'destination_attributes.object is required' };
  // An empty text is what the vendor's own client sends for "none".
  const lead = attributes.lead_union_insert_to === '' ? null : (attributes.lead_union_insert_to ?? null);
  if (lead !== null && typeof lead !== 'string')
    return { problem: 'destination_attributes.lead_union_insert_to must be a string' };
  const reference = { connection_id: id, object: name, lead_union_insert_to: lead };
  if (destination.type === sheetsType && spreadsheet(name) === undefined) {
    return { problem: 'destination_attributes.object must be JSON with spreadsheet_id and sheet_id' };
  }
  const free = isFree(destination) || destination.objects.length === 0;
  const object = free ? undefined : destination.objects.find((one) => one.full_name === name);
  if (object === undefined && !free)
    return { problem: `Object '${name}' could not be found in destination '${destination.name}'` };
  if (object?.can_be_sync_destination === false) return { problem: `Object '${name}' cannot be a sync destination` };
  return { reference, destination, object };
}

/** The destination's objects are whatever one names: file paths and spreadsheets. */
export function isFree(destination: Destination): boolean {
  return destination.type === sheetsType || fileTypes.includes(destination.type);
}

/** The two ids of a spreadsheet's JSON text, or undefined where it is none. */
export function spreadsheet(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) && value.spreadsheet_id !== undefined && value.sheet_id !== undefined ? value : undefined;
  } catch {
    return undefined;
  }
}
