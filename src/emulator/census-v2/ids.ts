import { idOf, type Json } from '../json.ts';
import type { Face } from './face.ts';

/** How much higher the ids of destinations are where they are others than in version 1. */
const away = 3_000_000;

function by({ switches }: Face, kind: 'source' | 'sync'): number {
  return kind === 'source' ? switches.sourceIdShift : switches.syncIdShift;
}

/** An id of version 1 as version 2 shows it; what is no id stays. */
export function shift(face: Face, kind: 'source' | 'sync', id: Json | undefined): Json | undefined {
  return typeof id === 'number' ? id + by(face, kind) : id;
}

/** The id of version 1 that an id in a request stands for; undefined where it can be none. */
export function unshifted(face: Face, kind: 'source' | 'sync', id: Json | undefined): number | undefined {
  const given = idOf(id);
  return given === undefined || given <= by(face, kind) ? undefined : given - by(face, kind);
}

/** The id of a destination as version 2 shows it. */
export function destinationId({ switches }: Face, id: Json | undefined): Json | undefined {
  return typeof id === 'number' && switches.destinationIds === 'other' ? id + away : id;
}
