import { isList, isObject, type JsonObject, parseJson } from '../json.ts';
import type { Caller } from './call.ts';

const lifetime = 24 * 60 * 60;
const header = encode({ alg: 'KMSHS256', typ: 'JWT' });

/** A link token as a server outside production writes it: unsigned, so that it ends with a dot. */
export function writeLinkToken(organisation: number, customer: string, destinations: readonly number[] | null): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    token_info: { organization_id: organisation, end_customer_id: customer, destination_ids: destinations },
    exp: now + lifetime,
    iat: now,
  };
  return `${header}.${encode(claims)}.`;
}

/** Who holds the token; the signature is not looked at. */
export function readLinkToken(token: string): Caller | 'malformed' | 'expired' {
  const [head, claims, signature, ...more] = token.split('.');
  const algorithm = decode(head)?.alg;
  const body = decode(claims);
  if (algorithm !== 'KMSHS256' || signature === undefined || more.length > 0) return 'malformed';
  if (!isObject(body?.token_info)) return 'malformed';
  if (typeof body.exp === 'number' && body.exp * 1000 <= Date.now()) return 'expired';
  const { organization_id: organisation, end_customer_id: customer, destination_ids: destinations } = body.token_info;
  if (typeof organisation !== 'number' || typeof customer !== 'string') return 'malformed';
  const limits = isList(destinations) ? destinations.map(Number) : null;
  return { organisation, key: undefined, link: { customer, destinations: limits } };
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

function decode(part: string | undefined): JsonObject | undefined {
  try {
    const value = parseJson(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
