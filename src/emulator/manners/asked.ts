import { isList, isObject, type Json } from '../json.ts';
import { type Manner, type MannerKind, shaped, writes } from './manner.ts';

const key = /^([\w-]+)?$/u;
const keyHint = 'Name one key, such as "label", or none.';

/** Manners that change what is asked before it is worked on. */
export const askedKinds: Readonly<Record<string, MannerKind>> = {
  trim: shaped(writes, key, keyHint, ([name]) => texts(name, (text) => text.trim())),
  nfc: shaped(writes, key, keyHint, ([name]) => texts(name, (text) => text.normalize('NFC'))),
  'validate-ignored': {
    methods: ['POST', 'PATCH'],
    wants: 'validate_only',
    read: (value) => (value === undefined ? () => withoutCheck : { hint: `Leave "=${value}" out.` }),
  },
};

/** Every text of the body, or only those under one key, written anew before it is stored. */
function texts(name: string | undefined, rewrite: (text: string) => string): Manner {
  return (_turn, exchange, next) => {
    if (exchange.body === undefined) return next(exchange);
    const body = rewritten(exchange.body, name === undefined, name, rewrite);
    return next({ ...exchange, body, text: JSON.stringify(body) });
  };
}

function rewritten(value: Json, inside: boolean, name: string | undefined, rewrite: (text: string) => string): Json {
  if (typeof value === 'string') return inside ? rewrite(value) : value;
  if (isList(value)) return value.map((item) => rewritten(item, inside, name, rewrite));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      member === undefined ? member : rewritten(member, inside || key === name, name, rewrite),
    ]),
  );
}

const withoutCheck: Manner = (_turn, exchange, next) => {
  if (!isObject(exchange.body)) return next(exchange);
  const { validate_only: _, ...body } = exchange.body;
  return next({ ...exchange, body, text: JSON.stringify(body) });
};
