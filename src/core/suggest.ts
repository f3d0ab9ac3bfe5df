import { byCodePoint } from './stable.ts';

/** Candidates by closeness to `word`, the closest first; equally close ones by code point. */
function ranked(word: string, candidates: Iterable<string>): string[] {
  const distances = [...new Set(candidates)].map((name) => ({ name, distance: distance(word, name) }));
  distances.sort((first, second) => first.distance - second.distance || byCodePoint(first.name, second.name));
  return distances.map((one) => one.name);
}

/** The candidate that `word` was probably meant to be, or undefined where none is close. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const [best] = ranked(word, candidates);
  if (best === undefined || best === word) return undefined;
  const allowed = Math.max(1, Math.floor(Math.max(word.length, best.length) / 3));
  return distance(word, best) <= allowed ? best : undefined;
}

/** `Did you mean "x"?`, or the names there are, or `otherwise` where there are none. */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise: string): string {
  const names = [...new Set(candidates)];
  const best = closest(word, names);
  if (best !== undefined) return `Did you mean "${best}"?`;
  return names.length === 0 ? otherwise : `There is ${listed(ranked(word, names))}.`;
}

/** `"a", "b" and "c"`; a long list ends in how many more there are. */
export function listed(names: readonly string[], most = 8): string {
  const quoted = names.map((name) => `"${name}"`);
  if (quoted.length > most) return `${quoted.slice(0, most).join(', ')} and ${quoted.length - most} more`;
  const last = quoted.at(-1);
  return quoted.length < 2 ? (last ?? 'nothing') : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other; case counts for nothing. */
function distance(first: string, second: string): number {
  const a = first.toLowerCase();
  const b = second.toLowerCase();
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const left = (line[column - 1] ?? 0) + 1;
      const best = Math.min(left, (above[column] ?? 0) + 1, (above[column - 1] ?? 0) + (same ? 0 : 1));
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      line.push(swapped ? Math.min(best, (before[column - 2] ?? 0) + 1) : best);
    }
    before = above;
    above = line;
  }
  return above[b.length] ?? 0;
}
