/** What one character of a text must be: `*` (any run of characters), or a test of one character. */
type Part = '*' | ((character: string) => boolean);

/**
 * Compiles a pattern of `*` (any run of characters), `?` (one character) and, where `sets` are asked for, `[a-z]` and `[!a-z]`, to
 * a test of whole texts. The time a test takes is bounded by the length of the text times that of the pattern: a star that turns
 * out to be too short grows, and the stars before it are never looked at again. A set that is none, such as `[z-a]`, matches
 * nothing.
 */
export function compileWildcard(
  pattern: string,
  options: { readonly sets: boolean } = { sets: false },
): (text: string) => boolean {
  const characters = [...pattern];
  if (!characters.some((one) => one === '*' || one === '?' || (options.sets && one === '['))) {
    return (text) => text === pattern;
  }
  const parts = partsOf(characters, options.sets);
  return (text) => fits(parts, [...text]);
}

function partsOf(pattern: readonly string[], sets: boolean): Part[] {
  const parts: Part[] = [];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] ?? '';
    const end = sets && character === '[' ? endOfSet(pattern, index) : undefined;
    if (end !== undefined) {
      parts.push(setOf(pattern.slice(index + 1, end)));
      index = end;
    } else if (character !== '*') {
      parts.push(character === '?' ? () => true : (other) => other === character);
    } else if (parts.at(-1) !== '*') {
      parts.push('*');
    }
  }
  return parts;
}

/** The `]` that ends a set with at least one character in it; undefined where the `[` stands for itself. */
function endOfSet(pattern: readonly string[], open: number): number | undefined {
  const first = pattern[open + 1] === '!' ? open + 2 : open + 1;
  const end = pattern.indexOf(']', open + 1);
  return end > first ? end : undefined;
}

function setOf(inside: readonly string[]): (character: string) => boolean {
  const negative = inside[0] === '!';
  const members = negative ? inside.slice(1) : inside;
  const ranges: (readonly [from: string, to: string])[] = [];
  for (let index = 0; index < members.length; index++) {
    const from = members[index] ?? '';
    const to = members[index + 1] === '-' ? members[index + 2] : undefined;
    if (to !== undefined) index += 2;
    if (to !== undefined && codeOf(from) > codeOf(to)) return () => false;
    ranges.push([from, to ?? from]);
  }
  return (character) => {
    const code = codeOf(character);
    return ranges.some(([from, to]) => codeOf(from) <= code && code <= codeOf(to)) !== negative;
  };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** Where a part does not fit, the last star takes one character more. */
function fits(parts: readonly Part[], text: readonly string[]): boolean {
  let part = 0;
  let place = 0;
  let afterStar = -1;
  let starEnd = 0;
  while (place < text.length) {
    const wanted = parts[part];
    if (wanted === '*') {
      part += 1;
      afterStar = part;
      starEnd = place;
    } else if (wanted?.(text[place] ?? '') === true) {
      part += 1;
      place += 1;
    } else if (afterStar >= 0) {
      part = afterStar;
      starEnd += 1;
      place = starEnd;
    } else {
      return false;
    }
  }
  return parts.slice(part).every((one) => one === '*');
}
