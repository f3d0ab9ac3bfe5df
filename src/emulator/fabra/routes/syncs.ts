import type { Outcome } from '../../exchange.ts';
import { type Call, type Route, route } from '../call.ts';
import { decodeBody } from '../decode.ts';
import { crash, json, nothing, unexpected } from '../reply.ts';
import { reschedule } from '../scheduler.ts';
import { findSync, type Sync } from '../state.ts';
import { createdAnswer, listAnswer, singleAnswer } from '../sync/answer.ts';
import { createSync } from '../sync/create.ts';
import { readSyncRequest } from '../sync/request.ts';
import { pathId } from './path-id.ts';

/** Syncs by key, and by link token. `PATCH /sync/:id` exists for keys alone. */
export const syncRoutes: readonly Route[] = [
  route('GET /syncs', 'key', list),
  route('POST /sync', 'key', create),
  route('GET /sync/:id', 'key', read),
  route('PATCH /sync/:id', 'key', patch),
  route('DELETE /sync/:id', 'key', remove),
  route('POST /sync/:id/run', 'key', run),
  route('DELETE /sync/:id/run', 'key', cancel),
  // It asks for the customer of a link token that is not there.
  route('GET /customer/:customer/syncs', 'key', () => 'drop'),
  route('GET /link/syncs', 'token', list),
  route('POST /link/sync', 'token', create),
  route('GET /link/sync/:id', 'token', read),
  route('DELETE /link/sync/:id', 'either', removeByLink),
  route('POST /link/sync/:id/run', 'token', run),
  route('DELETE /link/sync/:id/run', 'token', cancel),
];

function list({ world, caller }: Call): Outcome {
  const shown = [...world.syncs.values()].filter((sync) => !sync.deactivated && isOf(sync, caller));
  return json(listAnswer(shown.reverse(), caller.organisation, world));
}

function create({ text, caller, world }: Call): Outcome {
  const request = readSyncRequest(text);
  const customer = caller.link === undefined ? request.end_customer_id : caller.link.customer;
  if (customer === null) throw crash();
  return json(createdAnswer(createSync(request, customer, caller.organisation, world), world));
}

function read(call: Call): Outcome {
  return json(singleAnswer(named(call), call.world));
}

/** Only `active` itself resumes; whatever else is sent, nothing included, pauses. */
function patch(call: Call): Outcome {
  const { world } = call;
  const sync = named(call);
  const status = decodeBody(call.text).text('status') ?? '';
  if (world.profile === 'as-intended') world.syncs.set(sync.id, { ...sync, status });
  reschedule(world, sync.id, (found) => ({ ...found, paused: status !== 'active' }));
  return nothing();
}

function remove(call: Call): Outcome {
  const { world } = call;
  const sync = named(call);
  if (world.profile === 'as-intended') world.syncs.set(sync.id, { ...sync, deactivated: true });
  reschedule(world, sync.id, () => undefined);
  return nothing();
}

/** It never asks whether there is a token. */
function removeByLink(call: Call): Outcome {
  if (call.caller.link === undefined) throw crash();
  return remove(call);
}

/** One that is still running is left to run, with the same answer. */
function run(call: Call): Outcome {
  reschedule(call.world, named(call).id, (found) => ({ ...found, triggers: found.triggers + 1 }));
  return nothing();
}

function cancel(): Outcome {
  throw unexpected();
}

function named({ world, caller, params }: Call): Sync {
  const sync = findSync(world, pathId(params.id), caller.organisation);
  if (sync === undefined || !isOf(sync, caller)) throw unexpected();
  return sync;
}

function isOf(sync: Sync, { organisation, link }: Call['caller']): boolean {
  return sync.organization_id === organisation && (link === undefined || sync.end_customer_id === link.customer);
}
