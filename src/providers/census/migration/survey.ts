import type { Json, JsonObject } from '../../../model/json.ts';
import type { Thing } from '../../../model/migration.ts';
import type { Reached, Survey } from '../../../model/service.ts';
import { idText } from '../../../wire/answer.ts';
import type { ConnectOptions } from '../../connect-options.ts';
import { connection } from '../v1/connection.ts';
import { openAccount } from '../v2/account.ts';
import type { Activation } from '../v2/activation.ts';
import { strict } from '../v2/answers.ts';
import { readLandscape, type Source } from '../v2/landscape.ts';
import { clientFor } from '../wire/hosts.ts';
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
  const { base_url: baseUrl, workspace, region, limits } = target;
  const credentials = target.token_variable === undefined ? { personalAccessToken: token } : { token };
  const link = connection({ ...options, ...credentials, baseUrl, workspace, region, concurrency: limits.concurrency });
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
  const { base_url: baseUrl, region, groups = [], limits } = target;
  const settings = { ...options, baseUrl, region, concurrency: limits.concurrency };
  const http = strict(clientFor(settings, token, { hint: 'Give `token`.' }));
  try {
    const { sources, activations } = await readLandscape(openAccount(http, groups, undefined));
    return [...sources.map(sourceThing), ...activations.map(destinationThing)];
  } finally {
    await http.close();
  }
}

function sourceThing({ id, name, type, group, created }: Source): Thing {
  return { space: 'sources', id, name, type: type?.toLowerCase(), created, group };
}

/** What an activation writes to, by the name of the activation. */
function destinationThing({ name, group, source, destination }: Activation): Thing {
  const { id, type, created } = destination;
  const thing = { space: 'destinations', id, name, type: type?.toLowerCase(), created, group };
  return { ...thing, within: source.id, renamed: true };
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

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
