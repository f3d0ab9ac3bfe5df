import { createHttp, type Http } from '../../../http/client.ts';
import { ProviderError } from '../../../model/errors.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { Thing } from '../../../model/migration.ts';
import type { Reached, Survey } from '../../../model/service.ts';
import { idText } from '../../../wire/answer.ts';
import type { ConnectOptions } from '../../connect-options.ts';
import { connection } from '../v1/connection.ts';
import { publicHost } from '../wire/hosts.ts';
import { collected } from '../wire/listed.ts';

/** Sources and destinations as v1 lists them, and as v2 does: there a destination is what an activation of a source writes to. */
export async function survey(older: Reached<ConnectOptions>, newer: Reached<ConnectOptions>): Promise<Survey> {
  const [ours, theirs] = await Promise.all([surveyV1(older), surveyV2(newer)]);
  const times = new Set(theirs.flatMap(({ space, created }) => (created === undefined ? [] : [space])));
  // A time that one side never says tells nothing apart: id, type and name have to do.
  const known = ours.map((one) => (times.has(one.space) ? one : { ...one, created: undefined }));
  return { older: known, newer: theirs };
}

async function surveyV1({ target, token, options }: Reached<ConnectOptions>): Promise<readonly Thing[]> {
  const { base_url: baseUrl, workspace, region } = target;
  const credentials = target.token_variable === undefined ? { personalAccessToken: token } : { token };
  const link = connection({ ...options, ...credentials, baseUrl, workspace, region });
  try {
    const http = await link.workspace();
    const read = async (space: string) =>
      (await collected(http, `/api/v1/${space}`)).flatMap((one) => thing(space, one));
    return (await Promise.all([read('sources'), read('destinations')])).flat();
  } finally {
    await link.close();
  }
}

async function surveyV2({ target, token, options }: Reached<ConnectOptions>): Promise<readonly Thing[]> {
  const baseUrl = target.base_url ?? publicHost(target.region);
  const http = createHttp({ ...options, baseUrl, token, secrets: [], concurrency: target.limits.concurrency });
  try {
    const activations = (await collected(http, '/api/v2/activations')).flatMap(activationOf);
    const sources = await sourcesOf(http, activations);
    return [...sources, ...activations.map((one) => one.destination)];
  } finally {
    await http.close();
  }
}

/** Nobody has documented the list of sources: where it is missing, the sources of activations are all that matters. */
async function sourcesOf(http: Http, activations: readonly Activation[]): Promise<readonly Thing[]> {
  try {
    return (await collected(http, '/api/v2/sources')).flatMap((one) => thing('sources', one));
  } catch (error) {
    if (!(error instanceof ProviderError) || error.status !== 404) throw error;
    return [...new Map(activations.map(({ source }) => [source.id, source])).values()];
  }
}

function thing(space: string, item: JsonObject): Thing[] {
  const id = idText(item.id);
  if (id === undefined) return [];
  return [
    {
      ...{ space, id, name: text(item.name), type: text(item.type)?.toLowerCase() },
      ...{ created: text(item.created_at), group: text(item.group_id) },
    },
  ];
}

interface Activation {
  readonly source: Thing;
  readonly destination: Thing;
}

/** By shape, for nobody has documented the keys: the source has a name, the destination says when it was made. */
function activationOf(item: JsonObject): Activation[] {
  const parts = Object.values(item).filter(isObject);
  const source = parts.find((one) => text(one.name) !== undefined && one.created_at === undefined);
  const destination = parts.find((one) => text(one.type) !== undefined && text(one.created_at) !== undefined);
  const [origin] = source === undefined ? [] : thing('sources', { ...source, group_id: item.group_id });
  const [goal] =
    destination === undefined
      ? []
      : thing('destinations', { ...destination, name: item.name, group_id: item.group_id });
  if (origin === undefined || goal === undefined) return [];
  return [{ source: origin, destination: { ...goal, within: origin.id, renamed: true } }];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
