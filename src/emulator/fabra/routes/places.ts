import { randomBytes } from 'node:crypto';
import type { Outcome } from '../../exchange.ts';
import { type Call, type Route, route } from '../call.ts';
import { DecodeError, decodeBody, type Fields } from '../decode.ts';
import { bad, crash, json, unexpected } from '../reply.ts';
import { type Connection, type Destination, freshId, type Source, type World } from '../state.ts';
import { destinationDetail, destinationView, sourceView } from '../views.ts';
import { pathId } from './path-id.ts';

export const placeRoutes: readonly Route[] = [
  route('GET /destinations', 'key', listDestinations),
  route('GET /destination/:id', 'key', readDestination),
  route('POST /destination', 'key', createDestination),
  route('POST /source', 'key', createSource),
  route('POST /link/source', 'token', createSource),
];

const destinationTypes = new Set(['bigquery', 'snowflake', 'redshift', 'mongodb', 'webhook', 'dynamodb']);
const sourceTypes = new Set(['bigquery', 'snowflake', 'redshift', 'mongodb', 'synapse', 'postgres', 'mysql']);

export function destinationsOf(world: World, organisation: number): readonly Destination[] {
  return [...world.destinations.values()].filter((one) => one.organization_id === organisation);
}

function listDestinations({ world, caller }: Call): Outcome {
  return json({ destinations: destinationsOf(world, caller.organisation).map(destinationView) });
}

function readDestination({ world, caller, params }: Call): Outcome {
  const found = world.destinations.get(pathId(params.id));
  if (found?.organization_id !== caller.organisation) throw unexpected();
  return json({ destination: destinationDetail(found) });
}

function createDestination({ world, caller, text }: Call): Outcome {
  return json({ destination: destinationDetail(addDestination(world, caller.organisation, decodeBody(text))) });
}

/** Throws Stopped. */
export function addDestination(world: World, organisation: number, body: Fields): Destination {
  const name = body.text('display_name') ?? '';
  const type = body.text('connection_type') ?? '';
  if (name === '' || type === '') throw unexpected();
  if (!destinationTypes.has(type)) throw bad(`unknown connection type: ${type}`);
  const config = body.inner(`${type}_config`);
  if (config === null) throw bad(`missing ${type} configuration`);
  const hook = type === 'webhook';
  if (hook && !(config.text('url') ?? '').includes('https')) throw bad('webhook url must use https');
  const made: Destination = {
    id: freshId(world.destinations),
    organization_id: organisation,
    display_name: name,
    connection: freshConnection(world, type),
    staging_bucket: body.text('staging_bucket') ?? undefined,
    webhook_signing_key: hook ? randomBytes(32).toString('base64') : undefined,
  };
  world.destinations.set(made.id, made);
  return made;
}

/** Unlike elsewhere, an unreadable body is a 400 here, and so is a missing name. */
function createSource({ world, caller, text }: Call): Outcome {
  try {
    const made = addSource(world, caller.organisation, decodeBody(text), caller.link?.customer);
    return json({ source: sourceView(made) });
  } catch (error) {
    throw error instanceof DecodeError ? bad(error.message) : error;
  }
}

/** Throws Stopped. */
export function addSource(world: World, organisation: number, body: Fields, customer: string | undefined): Source {
  const name = body.text('display_name') ?? '';
  const type = body.text('connection_type') ?? '';
  const owner = customer ?? body.text('end_customer_id');
  if (name === '') throw bad('display_name is required');
  if (type === '') throw bad('connection_type is required');
  if (owner === null) throw bad('end_customer_id is required');
  if (!sourceTypes.has(type)) throw unexpected();
  if (body.inner(`${type}_config`) === null) throw crash();
  const connection = freshConnection(world, type);
  const made = {
    id: freshId(world.sources),
    organization_id: organisation,
    end_customer_id: owner,
    display_name: name,
  };
  const source: Source = { ...made, connection };
  world.sources.set(source.id, source);
  return source;
}

function freshConnection(world: World, type: string): Connection {
  const known = [...world.destinations.values(), ...world.sources.values()].map((one) => one.connection.id);
  return { id: Math.max(0, ...known) + 1, connection_type: type };
}
