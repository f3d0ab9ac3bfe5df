import { appearance, looksAlike, spelt, toldApart } from './look-alike.ts';
import { byCodePoint } from './stable.ts';

/** Names are this long at most; what is longer is no slip of the pen. */
const maxLength = 200;

/** Candidates by closeness to `word`, the closest first, what looks the same before all; equally close ones by code point. */
function ranked(word: string, candidates: readonly string[]): string[] {
  const look = appearance(word);
  const close = candidates.map((name) => {
    const same = name !== word && appearance(name) === look;
    return { name, distance: same ? -1 : distance(word, name, Number.POSITIVE_INFINITY) };
  });
  close.sort((first, second) => first.distance - second.distance || byCodePoint(first.name, second.name));
  return close.map((one) => one.name);
}

/** The candidate that `word` was probably meant to be, or undefined where none is close. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const look = appearance(word);
  let best: { name: string; distance: number } | undefined;
  for (const name of candidates) {
    if (name === word) return undefined;
    const allowed = Math.min(slips(word, name), best?.distance ?? Number.POSITIVE_INFINITY);
    const found = appearance(name) === look ? -1 : distance(word, name, allowed);
    if (found > allowed) continue;
    if (best === undefined || found < best.distance || byCodePoint(name, best.name) < 0)
      best = { name, distance: found };
  }
  return best?.name;
}

/** How many slips two words may lie apart: one in three letters. */
function slips(word: string, name: string): number {
  return Math.max(1, Math.floor(Math.max(word.length, name.length) / 3));
}

/**
 * `Did you mean "x"?`, or the names there are, closest first, or `otherwise` where there are none. Where the name that was meant
 * looks the same, what the eye cannot see is spelt out in both.
 */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise: string): string {
  const names = [...new Set(candidates)];
  const best = closest(word, names);
  if (best !== undefined && looksAlike(best, word)) {
    const [meant, written] = toldApart(best, word);
    return `Did you mean "${meant}"? It looks the same, and "${written}" is written.`;
  }
  if (best !== undefined) return `Did you mean "${spelt(best)}"?`;
  return names.length === 0 ? otherwise : `There is ${listed(nearest(word, names))}.`;
}

/** Sorting thousands of names by closeness takes its time, and nobody reads so many. */
const maxRanked = 1000;

/** All names, those that come closest to a word first. */
export function nearest(word: string, names: readonly string[]): readonly string[] {
  return names.length > maxRanked || word.length > maxLength ? names : ranked(word, names);
}

/** How many words one list of names is searched for: when half of a project is misspelt, not every word gets a hint of its own. */
const maxWords = 20;

/**
 * `didYouMean` for many words over the same names, in a time that does not grow with their product. `own` is the name of whoever
 * asks first, which is not what was meant.
 */
export function suggester(candidates: Iterable<string>, otherwise: string): (word: string, own?: string) => string {
  const names = [...new Set(candidates)];
  const told = new Map<string, string>();
  return (word, own) => {
    const before = told.get(word);
    if (before !== undefined) return before;
    if (told.size >= maxWords) return names.length === 0 ? otherwise : `There is ${listed(names)}.`;
    const others = own === undefined ? names : names.filter((name) => name !== own);
    const hint = didYouMean(word, others, otherwise);
    told.set(word, hint);
    return hint;
  };
}

/** `"a", "b" and "c"`; a long list ends in how many more there are. What cannot be seen is spelt out. */
export function listed(names: readonly string[], most = 8): string {
  const quoted = names.slice(0, most).map((name) => `"${spelt(name)}"`);
  if (names.length > most) return `${quoted.join(', ')} and ${names.length - most} more`;
  const last = quoted.at(-1);
  return quoted.length < 2 ? (last ?? 'nothing') : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one word into the other; case counts for nothing. More
 * than `most` is only known to be more. Long texts are no names: they are infinitely far from everything.
 */
function distance(first: string, second: string, most: number): number {
  if (first.length > maxLength || second.length > maxLength) return Number.POSITIVE_INFINITY;
  if (Math.abs(first.length - second.length) > most) return Number.POSITIVE_INFINITY;
  const a = first.toLowerCase();
  const b = second.toLowerCase();
  const width = b.length + 1;
  let before = new Uint16Array(width);
  let above = Uint16Array.from({ length: width }, (_, index) => index);
  let line = new Uint16Array(width);
  for (let row = 1; row <= a.length; row++) {
    // A swap reaches back two rows, so one row alone may be too far where the next is not.
    if (fill(line, above, before, a, b, row) > most + 1) return Number.POSITIVE_INFINITY;
    [before, above, line] = [above, line, before];
  }
  return above[b.length] ?? 0;
}

/** One row of the table; returns its least number. */
function fill(line: Uint16Array, above: Uint16Array, before: Uint16Array, a: string, b: string, row: number): number {
  const letter = a.charCodeAt(row - 1);
  const last = row > 1 ? a.charCodeAt(row - 2) : -1;
  let left = row;
  let least = row;
  line[0] = row;
  for (let column = 1; column <= b.length; column++) {
    const other = b.charCodeAt(column - 1);
    const replaced = (above[column - 1] ?? 0) + (letter === other ? 0 : 1);
    left = Math.min(left + 1, (above[column] ?? 0) + 1, replaced);
    if (column > 1 && last === other && letter === b.charCodeAt(column - 2)) {
      left = Math.min(left, (before[column - 2] ?? 0) + 1);
    }
    line[column] = left;
    if (left < least) least = left;
  }
  return least;
}
