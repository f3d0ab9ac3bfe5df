import { fileTypes } from '../census-v1/sync/vocabulary.ts';
import type { JsonObject } from '../json.ts';
import { type Activation, type Face, groupOf } from './face.ts';
import { destinationId, shift } from './ids.ts';

/** An activation as GET answers it. Its destination has no name inside: that is the activation's. */
export function activationAnswer(face: Face, { id, workspace, source, destination }: Activation): JsonObject {
  const { activationKeys, activationName } = face.switches;
  const suffix = activationKeys === 'plain' ? '' : '_connection';
  const { name, type, created_at, connection_details } = destination;
  const tested = { last_test_succeeded: true, last_tested_at: created_at };
  const is_file_system_destination = fileTypes.includes(type);
  return {
    id,
    name: activationName === 'destination' ? name : `${name} from ${source.name}`,
    group_id: groupOf(face, workspace, source.id),
    [`source${suffix}`]: { id: shift(face, 'source', source.id), name: source.name, type: source.type },
    [`destination${suffix}`]: {
      ...{ id: destinationId(face, destination.id), type, created_at },
      ...{ ...tested, is_file_system_destination, connection_details },
    },
    last_test_results: [{ name: 'connect', status: 'succeeded', error: null }],
  };
}
