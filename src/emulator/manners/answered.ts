import type { Outcome } from '../exchange.ts';
import { isList, isObject, type Json, type JsonObject, objectIn } from '../json.ts';
import { everything, type Manner, type MannerKind, shaped } from './manner.ts';

const lists = ['mappings', 'alert_attributes', 'field_mappings'];

/** Manners that change what is answered. */
export const answeredKinds: Readonly<Record<string, MannerKind>> = {
  shuffle: shaped(everything, /^(\w+)?$/u, 'Name one list, such as "mappings", or none.', ([key]) =>
    shuffle(key === undefined ? lists : [key]),
  ),
  without: shaped(everything, /^(\w+)$/u, 'Name the key that is left out, for example without=position.', ([key]) =>
    without(key ?? ''),
  ),
  skew: shaped(
    everything,
    /^(?:([+-]?\d{1,12})|none)$/u,
    'Write the milliseconds that the clock is ahead, for example skew=-7200000, or skew=none for no Date at all.',
    ([ahead]) => skew(ahead === undefined ? undefined : Number(ahead)),
  ),
};

/** An answer whose JSON object is another; any other answer stays as it is. */
export function changed(outcome: Outcome, change: (answer: JsonObject) => Json): Outcome {
  if (outcome === 'drop') return outcome;
  const answer = objectIn(outcome.text);
  return answer === undefined ? outcome : { ...outcome, text: JSON.stringify(change(answer)) };
}

/** Every list under these keys begins one item later at every answer, so that no two answers in a row agree. */
function shuffle(keys: readonly string[]): Manner {
  return (turn, exchange, next) =>
    changed(next(exchange), (answer) =>
      everywhere(answer, (key, value) => (keys.includes(key) && isList(value) ? turned(value, turn.hit) : value)),
    );
}

function turned(items: readonly Json[], by: number): readonly Json[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function without(left: string): Manner {
  return (_turn, exchange, next) =>
    changed(next(exchange), (answer) => everywhere(answer, (key, value) => (key === left ? undefined : value)));
}

function everywhere(value: Json, change: (key: string, value: Json) => Json | undefined): Json {
  if (isList(value)) return value.map((item) => everywhere(item, change));
  if (!isObject(value)) return value;
  const members: [string, Json][] = [];
  for (const [key, member] of Object.entries(value)) {
    const kept = member === undefined ? undefined : change(key, member);
    if (kept !== undefined) members.push([key, everywhere(kept, change)]);
  }
  return Object.fromEntries(members);
}

function skew(ahead: number | undefined): Manner {
  return (turn, exchange, next) => {
    const outcome = next(exchange);
    if (outcome === 'drop') return outcome;
    const date = ahead === undefined ? undefined : new Date(turn.now + ahead).toUTCString();
    return { ...outcome, headers: { ...outcome.headers, date } };
  };
}
