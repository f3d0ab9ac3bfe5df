import type { Http } from '../../http/client.ts';
import { ProviderError } from '../../model/errors.ts';
import { isList, type Json, type JsonObject } from '../../model/json.ts';
import { type Secret, secret } from '../../model/secret.ts';
import { type Call, misshapen } from '../../wire/answer.ts';
import { bodyOf, type Dialect, getList, keyOrServer, listIn, meant, objectIn } from './api.ts';

/** A source or a destination. */
export interface Thing {
  readonly id: number;
  readonly name: string;
}

export interface ObjectField {
  /** undefined in the documented dialect, which knows fields by name alone. */
  readonly id: number | undefined;
  readonly name: string;
  readonly type: string | undefined;
  /** A sync that does not map it is refused. */
  readonly required: boolean;
}

/** What syncs write into. The server copies mode and schedule from it into syncs that name none. */
export interface FabraObject extends Thing {
  readonly destinationId: number | undefined;
  readonly organizationId: number | undefined;
  readonly syncMode: string | undefined;
  readonly recurring: boolean;
  readonly frequency: number | undefined;
  readonly frequencyUnits: string | undefined;
  /** undefined where the answer does not show them. */
  readonly fields: readonly ObjectField[] | undefined;
}

/** What the key can see beside syncs. Everything is asked for once; a failure is not remembered. */
export interface Catalogue {
  destinations(): Promise<readonly Thing[]>;
  /** Without their fields, as a rule. */
  objects(): Promise<readonly FabraObject[]>;
  /** With its fields; undefined where no object of this key has the id. */
  object(id: Json | undefined): Promise<FabraObject | undefined>;
  /** The sources of one end customer. */
  sources(customer: string): Promise<readonly Thing[]>;
}

/** `keep` is told of the secrets that an answer holds, before anybody could print them. */
export function openCatalogue(http: Http, dialect: Dialect, keep: (found: Secret) => void): Catalogue {
  const destinations = remembered(async () => {
    const items = await getList(http, '/destinations', 'destinations');
    for (const { webhook_signing_key: key } of items) if (typeof key === 'string' && key !== '') keep(secret(key));
    return items.map((item) => thing(item, destinationsCall));
  });
  const objects = remembered(async () =>
    (await getList(http, objectsCall.path, 'objects')).map(fabraObject(objectsCall)),
  );
  const fields = remembered((id) => readObject(http, id));
  const sources = remembered((customer) =>
    dialect === 'documented' ? documentedSources(http, customer) : linkedSources(http, customer),
  );
  async function object(id: Json | undefined): Promise<FabraObject | undefined> {
    // Asking for an object that does not exist is answered as a fault is, so the list decides.
    const listed = (await objects('')).find((one) => one.id === id);
    if (listed === undefined || listed.fields !== undefined) return listed;
    return (await fields(String(listed.id))) ?? { ...listed, fields: [] };
  }
  return { destinations: () => destinations(''), objects: () => objects(''), object, sources };
}

const destinationsCall: Call = { method: 'GET', path: '/destinations' };
const objectsCall: Call = { method: 'GET', path: '/objects' };
const sourcesCall: Call = { method: 'GET', path: '/sources' };
const linkedCall: Call = { method: 'GET', path: '/link/sources' };
const tokenCall: Call = { method: 'POST', path: '/link_token' };

function remembered<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const memory = new Map<string, Promise<Value>>();
  return (key) => {
    const known = memory.get(key);
    if (known !== undefined) return known;
    const fresh = read(key).catch((error: unknown) => {
      memory.delete(key);
      throw error;
    });
    memory.set(key, fresh);
    return fresh;
  };
}

/** undefined where the service has nothing to say about single objects. */
async function readObject(http: Http, id: string): Promise<FabraObject | undefined> {
  const call: Call = { method: 'GET', path: `/object/${id}` };
  try {
    const answer = await http.request({ method: 'GET', path: call.path, final: meant });
    return fabraObject(call)(objectIn(bodyOf(answer, call), 'object', call));
  } catch (error) {
    if (error instanceof ProviderError && (error.status === 404 || error.status === 405)) return undefined;
    throw error;
  }
}

/**
 * The server lists sources per end customer alone, and to holders of a link token alone. Making one changes nothing that the
 * server keeps. The token goes without the key: with both, an expired token would fall back to the key unnoticed.
 */
async function linkedSources(http: Http, customer: string): Promise<readonly Thing[]> {
  const { path } = linkedCall;
  const credential = { headerName: 'X-LINK-TOKEN', token: await linkToken(http, customer) };
  const answer = await keyOrServer(http.request({ method: 'GET', path, credential, final: meant }));
  return listIn(bodyOf(answer, linkedCall), 'sources', linkedCall).map((item) => thing(item, linkedCall));
}

async function linkToken(http: Http, customer: string): Promise<Secret> {
  const { path } = tokenCall;
  const body = { end_customer_id: customer };
  const request = http.request({ method: 'POST', path, body, harmless: true, repeatable: true, final: meant });
  const { link_token: token } = bodyOf(await keyOrServer(request), tokenCall);
  if (typeof token !== 'string') throw misshapen(tokenCall, '/link_token', 'text', token);
  if (!/^[\x21-\x7e]+$/.test(token)) throw misshapen(tokenCall, '/link_token', 'a token', null);
  return secret(token);
}

/** The documented list holds the sources of every end customer. */
async function documentedSources(http: Http, customer: string): Promise<readonly Thing[]> {
  const sources = await getList(http, sourcesCall.path, 'sources');
  return sources.filter((item) => item.end_customer_id === customer).map((item) => thing(item, sourcesCall));
}

function thing(item: JsonObject, call: Call): Thing {
  const { id, display_name: name } = item;
  if (typeof id !== 'number') throw misshapen(call, '/id of an entry', 'a whole number', id);
  return { id, name: typeof name === 'string' ? name : '' };
}

/** Both forms of an object: the list shows unset values as null and no fields, the single answer leaves unset keys out. */
function fabraObject(call: Call): (item: JsonObject) => FabraObject {
  return (item) => ({
    ...thing(item, call),
    destinationId: numeral(item.destination_id),
    organizationId: numeral(item.organization_id),
    syncMode: text(item.sync_mode),
    recurring: item.recurring === true,
    frequency: numeral(item.frequency),
    frequencyUnits: text(item.frequency_units),
    fields: isList(item.object_fields) ? listIn(item, 'object_fields', call).map(objectField) : undefined,
  });
}

/** What is sent as `field_type` when an object is made is answered as `type`. */
function objectField(field: JsonObject): ObjectField {
  return {
    id: numeral(field.id),
    name: text(field.name) ?? '',
    type: text(field.type) ?? text(field.field_type),
    required: field.optional === false && field.omit !== true,
  };
}

function numeral(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
