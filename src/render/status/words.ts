import type { StatusReport, Thing, ThingState } from '../../model/status.ts';
import { thingStates } from '../../model/status.ts';

/** `12 syncs, 1 dataset: 11 bound, 2 foreign; 4 protected, 1 failing`. */
export function statusCounts({ things }: StatusReport): string {
  if (things.length === 0) return 'nothing is declared, bound or live';
  const nouns = counted(things.map((one) => one.noun)).map(
    ([noun, count]) => `${count} ${noun}${count === 1 ? '' : 's'}`,
  );
  const states = thingStates.flatMap((state) => part(things, state, (one) => one.state === state));
  const marks = [
    ...part(things, 'failing', (one) => one.health === 'failing'),
    ...part(things, 'gone', (one) => one.gone),
    ...part(things, 'paused', (one) => one.paused),
    ...part(things, 'protected', (one) => one.protected),
    ...part(things, 'pulled', (one) => one.pulled),
  ];
  return `${nouns.join(', ')}: ${states.join(', ')}${marks.length === 0 ? '' : `; ${marks.join(', ')}`}`;
}

function part(things: readonly Thing[], word: string, is: (one: Thing) => boolean): readonly string[] {
  const count = things.filter(is).length;
  return count === 0 ? [] : [`${count} ${word}`];
}

function counted(words: readonly string[]): readonly (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts];
}

/** What each state means, as the head of its part of a table. */
export const stateWords: Readonly<Record<ThingState, string>> = {
  pending: 'Pending: a create was sent, and its outcome is not known',
  deleting: 'Deleting: a delete was sent, and its outcome is not known',
  retiring: 'Retiring: replaced, and the old one is still to go',
  unbound: 'Unbound: declared, and not made or adopted yet',
  undeclared: 'Undeclared: bound, and no manifest declares it',
  bound: 'Bound',
  foreign: 'Foreign: live, without a manifest',
};

/** What there is to say of a thing beside its state, gravest first. */
export function marksOf({
  state,
  label,
  health,
  gone,
  paused,
  protected: shielded,
  pulled,
  takes,
  bearers,
}: Thing): readonly string[] {
  return [
    ...(health === 'failing' ? ['failing'] : []),
    ...(gone ? ['gone'] : []),
    ...(paused ? ['paused'] : []),
    ...(shielded ? ['protected'] : []),
    ...(pulled ? ['pulled'] : []),
    ...(state === 'unbound' && label === null && takes === null ? ['has no label'] : []),
    ...(takes === null ? [] : [`moves from ${takes} with the next apply`]),
    ...bearersWords(bearers),
  ];
}

/** Ids of twins that are named; a workspace may have any number of them. */
const mostIds = 5;

function bearersWords(ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return [];
  const more = ids.length > mostIds ? ` and ${ids.length - mostIds} more` : '';
  return [`its label is live: ${ids.slice(0, mostIds).join(', ')}${more}`];
}
