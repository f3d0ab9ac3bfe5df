import { notFound } from '../census-v1/reply.ts';
import type { Sync, Workspace } from '../census-v1/state.ts';
import type { Reply } from '../exchange.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { outOfSight, type V2Call } from './call.ts';
import { type Activation, activationById, endsOf, type Face, groupOf, isSeen, type Kept } from './face.ts';
import { unshifted } from './ids.ts';
import { refused } from './reply.ts';

/** A body as version 1 wants it, and the workspace it is for. */
interface Older {
  readonly workspace: Workspace;
  readonly body: JsonObject;
}

/**
 * The body of a sync with two connections in the place of its activation; or why it is refused. What a PATCH leaves out of an end that
 * it moves is what the sync has there.
 */
export function olderBody(call: V2Call, existing: Kept<Sync> | undefined): Older | Reply {
  const { face, body } = call;
  const named = ['source_attributes', 'destination_attributes'].find((key) => namesConnection(body[key]));
  if (named !== undefined && face.switches.connectionIdInRequest === 'reject') {
    return refused(`Unknown parameter: ${named}.connection_id`, face.switches.badStatus);
  }
  const activation = activationIn(call);
  if (activation !== undefined && 'status' in activation) return activation;
  if (existing === undefined) {
    if (activation === undefined) return refused('activation_id is required', face.switches.badStatus);
    return { workspace: activation.workspace, body: withEnds(face, body, ends(activation)) };
  }
  const problem = activation === undefined ? undefined : moveProblem(face, activation, existing);
  if (problem !== undefined) return refused(problem, face.switches.badStatus);
  const before = endsOf(existing.thing);
  const after = activation === undefined ? before : ends(activation);
  const moved = { ...movedEnds(existing.thing, after), ...body };
  return { workspace: existing.workspace, body: withEnds(face, moved, after) };
}

function namesConnection(attributes: Json | undefined): boolean {
  return isObject(attributes) && attributes.connection_id !== undefined;
}

/** The activation that a body names; undefined where it names none. */
function activationIn({ face, body }: V2Call): Activation | Reply | undefined {
  const { activation_id: id } = body;
  if (id === undefined) return undefined;
  if (typeof id !== 'string') return refused('activation_id must be a string', face.switches.badStatus);
  const found = activationById(face, id);
  if (found === undefined) {
    return face.switches.unknownActivation === 404 ? notFound() : refused(`Activation '${id}' could not be found`);
  }
  return isSeen(face, groupOf(face, found.workspace, found.source.id)) ? found : outOfSight(face);
}

function moveProblem({ switches }: Face, activation: Activation, { workspace, thing }: Kept<Sync>): string | undefined {
  if (activation.workspace.id !== workspace.id) return 'activation_id cannot be one of another workspace';
  const isOther = activation.source.id !== endsOf(thing).source;
  return isOther && switches.moveActivation !== 'accept' ? 'activation_id cannot be one of another source' : undefined;
}

type Ends = ReturnType<typeof endsOf>;

function ends({ source, destination }: Activation): Ends {
  return { source: source.id, destination: destination.id };
}

/** What the sync has at those of its ends that are to be others. */
function movedEnds(sync: Sync, after: Ends): JsonObject {
  const before = endsOf(sync);
  const { source_attributes, destination_attributes } = sync.body;
  return {
    ...(before.source === after.source ? {} : { source_attributes }),
    ...(before.destination === after.destination ? {} : { destination_attributes }),
  };
}

function withEnds(face: Face, { activation_id: _, ...body }: JsonObject, { source, destination }: Ends): JsonObject {
  const { source_attributes: from, destination_attributes: into, mode, triggers } = body;
  return {
    ...body,
    ...(isObject(from) ? { source_attributes: { ...from, connection_id: source } } : {}),
    ...(isObject(into) ? { destination_attributes: { ...into, connection_id: destination } } : {}),
    ...(isObject(mode) ? { mode: { ...mode, triggers: sequenced(face, mode.triggers) } } : {}),
    ...(triggers === undefined ? {} : { triggers: sequenced(face, triggers) }),
  };
}

/** An id that can be none stands for no sync: 0. */
function sequenced(face: Face, triggers: Json | undefined): Json | undefined {
  if (!isObject(triggers) || !isObject(triggers.sync_sequence)) return triggers;
  const sync_id = unshifted(face, 'sync', triggers.sync_sequence.sync_id) ?? 0;
  return { ...triggers, sync_sequence: { ...triggers.sync_sequence, sync_id } };
}
