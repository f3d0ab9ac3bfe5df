import type { Http } from '../../http/client.ts';
import { ProviderError } from '../../model/errors.ts';
import { isList, isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Live, RemoteId } from '../../model/live.ts';
import type { Reading } from '../../model/provider.ts';
import { type Call, misshapen } from '../../wire/answer.ts';
import { bodyOf, type Dialect, getBody, listIn, meant, objectIn, one } from './api.ts';
import type { Catalogue } from './catalogue.ts';
import { decode, decodeEntry, destinationsOf } from './decode.ts';

/** The reading half of the provider. */
export interface Reader {
  /** Every sync, oldest first. In the server's dialect only what its list tells truly. */
  list(): Promise<readonly Live[]>;
  read(id: RemoteId): Promise<Reading | undefined>;
  newest(known: ReadonlySet<RemoteId>): Promise<readonly Live[]>;
}

const listing: Call = { method: 'GET', path: '/syncs' };

export function reader(http: Http, dialect: Dialect, catalogue: Catalogue): Reader {
  const relist = together(() => readings(http, dialect));
  async function list(): Promise<readonly Live[]> {
    return (await readings(http, dialect)).map((reading) => reading.live);
  }
  async function listed(id: RemoteId): Promise<Reading | undefined> {
    return (await relist()).find((reading) => reading.live.id === id);
  }
  async function read(id: RemoteId): Promise<Reading | undefined> {
    const call = one('GET', id);
    if (dialect === 'documented') return listed(id);
    try {
      return await readOne(http, catalogue, id, call);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.status === undefined) throw error;
      if (![404, 405, 500].includes(error.status)) throw error;
      // A missing sync is answered as a fault is. The list holds every sync, and its ids are right.
      const entry = await listed(id);
      if (entry === undefined || error.status !== 500) return entry;
      throw error;
    }
  }
  async function newest(known: ReadonlySet<RemoteId>): Promise<readonly Live[]> {
    const fresh = (await list()).filter((sync) => !known.has(sync.id)).toReversed();
    if (dialect === 'documented') return fresh;
    const found = await Promise.all(fresh.map((sync) => read(sync.id)));
    return found.flatMap((reading) => (reading === undefined ? [] : [reading.live]));
  }
  return { list, read, newest };
}

/** All syncs in one answer: there are no pages. The server sorts by creation; ids are given in that order too. */
async function readings(http: Http, dialect: Dialect): Promise<readonly Reading[]> {
  const body = await getBody(http, listing.path);
  const destinations = destinationsOf(listIn(body, 'objects', listing));
  const found = new Map<RemoteId, Reading>();
  for (const sync of listIn(body, 'syncs', listing)) {
    const live = decodeListed(sync, dialect, destinations);
    if (!found.has(live.id)) found.set(live.id, { live, wire: sync });
  }
  return [...found.values()].sort((first, second) => byNumber(first.live.id, second.live.id));
}

/** Lists that carry mappings are the documented ones, and those are true. What nobody there can pause is active. */
function decodeListed(sync: JsonObject, dialect: Dialect, destinations: ReadonlyMap<number, number>): Live {
  const destination = typeof sync.object_id === 'number' ? destinations.get(sync.object_id) : undefined;
  if (dialect === 'documented') return decode({ status: 'active', ...sync }, sync.field_mappings, destination, listing);
  if (isList(sync.field_mappings)) return decode(sync, sync.field_mappings, destination, listing);
  return decodeEntry(sync, destination, listing);
}

async function readOne(http: Http, catalogue: Catalogue, id: RemoteId, call: Call): Promise<Reading> {
  const answer = await http.request({ method: 'GET', path: call.path, final: meant });
  const body = bodyOf(answer, call);
  const sync = objectIn(body, 'sync', call);
  const { field_mappings: mappings = sync.field_mappings } = body;
  const object = (await catalogue.objects()).find((one) => one.id === sync.object_id);
  const live = decode(sync, mappings, object?.destinationId, call);
  if (live.id !== id) throw misshapen(call, `/id of sync ${id}`, 'that id', sync.id);
  const health = healthOf(body.sync_runs);
  return { live: { ...live, ...(health !== undefined && { health }) }, wire: { ...sync, field_mappings: mappings } };
}

/** How the last run that has ended went: runs come newest first, and none at all as null. A list of syncs has none of them. */
function healthOf(runs: Json | undefined): Live['health'] {
  const states = isList(runs) ? runs.map((one) => (isObject(one) ? one.status : undefined)) : [];
  switch (states.find((state) => state !== 'running')) {
    case 'completed':
      return 'ok';
    case 'failed':
      return 'failing';
    default:
      return undefined;
  }
}

/** Ids are decimal and come without leading zeros. */
function byNumber(first: RemoteId, second: RemoteId): number {
  return first.length - second.length || (first < second ? -1 : 1);
}

/** Calls that come while one is under way share the next one, so that none gets an answer older than its question. */
function together<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Value> | undefined;
  return () => {
    if (next !== undefined) return next;
    const start = (): Promise<Value> => {
      next = undefined;
      return read();
    };
    next = running.then(start, start);
    running = next;
    return next;
  };
}
