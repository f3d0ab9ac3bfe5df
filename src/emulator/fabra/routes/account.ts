import type { Outcome } from '../../exchange.ts';
import { type Call, type Route, route } from '../call.ts';
import { DecodeError, decodeBody } from '../decode.ts';
import { writeLinkToken } from '../link-token.ts';
import { bad, crash, json, unexpected, words } from '../reply.ts';
import { sourceView } from '../views.ts';
import { pathId } from './path-id.ts';

/** What is neither a sync nor something that syncs are made of; look-ups in a customer's store reach none here. */
export const accountRoutes: readonly Route[] = [
  route('GET /hello', 'nothing', () => words('hello world')),
  route('GET /api_key', 'key', ({ caller }) => words(caller.key ?? '')),
  route('GET /users', 'key', () => json({ users: [] })),
  route('GET /check_session', 'key', fails(crash)),
  route('DELETE /logout', 'key', fails(unexpected)),
  route('POST /organization', 'key', fails(crash)),
  route('POST /link_token', 'key', linkToken),
  route('GET /link/sources', 'token', linkSources),
  route('POST /customer/:customer/object/:id/record', 'key', record),
  route('POST /connection/test', 'either', () => {
    throw bad('dial tcp: connect: connection refused');
  }),
  route('GET /connection/namespaces', 'key', fails(unexpected)),
  route('GET /connection/tables', 'key', fails(unexpected)),
  route('GET /connection/schema', 'key', fails(unexpected)),
  route('GET /connection/field_values', 'key', fails(unexpected)),
  route('GET /link/namespaces', 'token', fails(unexpected)),
  route('GET /link/tables', 'token', fails(unexpected)),
  route('GET /link/schema', 'token', fails(unexpected)),
  route('POST /link/preview', 'token', fails(unexpected)),
];

function fails(how: () => Error): Route['handle'] {
  return () => {
    throw how();
  };
}

/** Nothing is looked up: a customer that nobody knows gets a token too, and so does none at all. */
function linkToken({ text, caller }: Call): Outcome {
  const body = decodeBody(text);
  const limits = body.list('destination_ids')?.map((id) => {
    if (typeof id !== 'bigint') throw new DecodeError('destination_ids');
    return Number(id);
  });
  return json({ link_token: writeLinkToken(caller.organisation, body.text('end_customer_id') ?? '', limits ?? null) });
}

function linkSources({ world, caller }: Call): Outcome {
  const found = [...world.sources.values()].filter(
    (source) => source.organization_id === caller.organisation && source.end_customer_id === caller.link?.customer,
  );
  return json({ sources: found.map(sourceView) });
}

/** Deleted syncs and ghosts count too. */
function record({ world, caller, params, text }: Call): Outcome {
  const id = pathId(params.id);
  decodeBody(text);
  const found = [...world.syncs.values()].filter(
    (sync) =>
      sync.organization_id === caller.organisation &&
      sync.object_id === id &&
      sync.end_customer_id === params.customer &&
      !sync.deactivated,
  );
  if (found.length !== 1) throw bad('must have exactly one sync per object');
  throw unexpected();
}
