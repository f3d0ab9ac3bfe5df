import type { Problem } from '../../../../model/diagnostic.ts';
import type { Spec } from '../../../../model/json.ts';
import { aliases, saysNothing, serverKeys } from '../canonical.ts';
import { atKey, error, isSet, type Place, warning } from './problem.ts';

/** What comes from pasting an answer, and from mixing the words of the API reference with those of the server. */
export function checkAnswer(spec: Spec): readonly Problem[] {
  return [
    ...serverKeys.filter((key) => spec[key] !== undefined).map((key) => setByServer([key], key)),
    ...pastedRecurring(spec),
    ...spellings(spec),
  ];
}

export function setByServer(place: Place, key: string): Problem {
  return atKey(warning('server-field', place, `\`${key}\` is set by the server and ignored.`, 'Remove it.'));
}

/** An answer's own words, which would make a sync that never runs out of one that does. */
function pastedRecurring(spec: Spec): readonly Problem[] {
  if (!saysNothing(spec)) return [];
  const message =
    'Answers of the server say `recurring: false` of every sync, so it is ignored beside `organization_id`.';
  const hint = 'Remove it, or write `true` if the sync must run on a schedule; without the key, the object decides.';
  return [warning('answer-form', ['recurring'], message, hint)];
}

function spellings(spec: Spec): readonly Problem[] {
  return Object.entries(aliases).flatMap(([documented, server]) => {
    if (!isSet(spec[documented]) || !isSet(spec[server]) || spec[documented] === spec[server]) return [];
    const message = `\`${documented}\` and \`${server}\` are two names of one field, and say different things.`;
    return [error('two-spellings', [documented], message, `Keep \`${server}\`, as the server calls it.`)];
  });
}
