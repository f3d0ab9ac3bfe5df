import type { Outcome, Reply } from '../../src/emulator/exchange.ts';
import { isList, isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Meaning, Request } from './service.ts';
import type { Sky } from './wire.ts';

export const pageManners = ['whole', 'small', 'shrinking', 'ignored', 'endless', 'empty'] as const;

/** How a service is during a whole run. */
export interface Mood {
  readonly pages: (typeof pageManners)[number];
  /** Lists without an order come in another one at each read. */
  readonly shuffles: boolean;
  /** Nothing is listed, and every read says 404. */
  readonly gone: boolean;
  readonly ignoresValidateOnly: boolean;
  readonly trims: boolean;
  /** What carries out writes is away. */
  readonly headless: boolean;
  /** The number of the request from which on the token is not accepted. */
  readonly revokedAt: number | undefined;
}

export const calm: Mood = {
  pages: 'whole',
  shuffles: false,
  gone: false,
  ignoresValidateOnly: false,
  trims: false,
  headless: false,
  revokedAt: undefined,
};

type Work = (request: Request) => Outcome;

/** The answer to a request of a service in this mood. */
export function withMood(mood: Mood, sky: Sky, request: Request, meaning: Meaning, work: Work): Outcome {
  const { service } = sky;
  if (mood.gone && (meaning.kind === 'list' || meaning.kind === 'read' || 'key' in meaning)) {
    for (const key of service.rows()) sky.denied.add(key);
    return meaning.kind === 'list' ? service.emptyList(request) : service.missing();
  }
  const asked = changed(mood, request, meaning);
  if (meaning.kind === 'list') return listed(mood, sky, asked, work);
  const reply = work(asked);
  return mood.shuffles && meaning.kind === 'read' && reply !== 'drop' ? shuffled(reply, sky) : reply;
}

function changed(mood: Mood, request: Request, meaning: Meaning): Request {
  if (meaning.kind !== 'create' && meaning.kind !== 'update' && meaning.kind !== 'check') return request;
  if (request.body === '') return request;
  let body: JsonObject = JSON.parse(request.body);
  for (const field of ['label', 'name']) {
    const label = body[field];
    if (mood.trims && typeof label === 'string') body = { ...body, [field]: label.trim() };
  }
  if (mood.ignoresValidateOnly && meaning.kind === 'check') body = { ...body, validate_only: undefined };
  return { ...request, body: JSON.stringify(body) };
}

function listed(mood: Mood, sky: Sky, request: Request, work: Work): Outcome {
  const query = new URLSearchParams(request.query);
  const page = Number(query.get('page') ?? '1');
  if (mood.pages !== 'whole' && mood.pages !== 'empty') query.set('per_page', '2');
  if (mood.pages === 'ignored') query.delete('page');
  const reply = work({ ...request, query });
  if (reply === 'drop' || reply.status !== 200) return reply;
  const shown = mood.shuffles ? shuffled(reply, sky) : reply;
  const body: JsonObject = JSON.parse(shown.text);
  const { data, pagination } = body;
  if (!isList(data) || !isObject(pagination)) return shown;
  const answer = (changes: JsonObject) => ({ ...shown, text: JSON.stringify({ ...body, ...changes }) });
  switch (mood.pages) {
    case 'shrinking':
      return answer({ data: data.slice(1) });
    case 'empty':
      return answer({ data: [] });
    case 'endless':
      return answer({ pagination: { ...pagination, next_page: page + 1, last_page: page + 1 } });
    default:
      return shown;
  }
}

const unordered: ReadonlySet<string> = new Set(['mappings', 'alert_attributes', 'field_mappings']);

function shuffled(reply: Reply, sky: Sky): Reply {
  const mix = (value: Json | undefined, key: string): Json | undefined => {
    if (isList(value)) {
      const list = value.map((one) => mix(one, '') ?? null);
      return unordered.has(key) ? mixed(list, sky.random) : list;
    }
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mix(inner, name)]));
  };
  try {
    const value: Json = JSON.parse(reply.text);
    return { ...reply, text: JSON.stringify(mix(value, '')) };
  } catch {
    return reply;
  }
}

function mixed<Item>(list: readonly Item[], random: () => number): Item[] {
  const ranked = list.map((item) => ({ item, rank: random() }));
  return ranked.sort((first, second) => first.rank - second.rank).map(({ item }) => item);
}
