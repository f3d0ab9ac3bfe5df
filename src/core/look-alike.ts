/** Space of every kind, and all that takes no room or shows nothing: controls, joiners, marks of direction, fillers. */
const unseen = /[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;
const blank = new RegExp(`^${unseen.source}*$`, 'u');
const space = /[\s\p{Z}\u115f\u1160\u2800\u3164\uffa0]+/gu;
const nothing = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

/** Printable ASCII, and no two blanks in a row or at an end: such a text looks like no other. */
const plain = /^(?! )(?:[!-~]| (?! |$))*$/;

/** Is there nothing in the text that the eye could see? The empty text is blank too. */
export function isBlank(text: string): boolean {
  return blank.test(text);
}

/** What the eye makes of a text: two texts with the same appearance cannot be told apart. */
export function appearance(text: string): string {
  return plain.test(text) ? text : text.normalize('NFC').replace(space, ' ').replace(nothing, '').trim();
}

/** Are these two different texts that look the same (composed accents, a blank at an end, a no-break space, zero width)? */
export function looksAlike(one: string, other: string): boolean {
  return one !== other && appearance(one) === appearance(other);
}

/** Unseen, but for a single blank between two other characters. */
const toSpell = new RegExp(`(?! (?<=\\S )(?=\\S))${unseen.source}`, 'gu');

/** The text with everything spelt out that cannot be seen: `\u00a0`, a blank at an end, an accent apart from its letter. */
export function spelt(text: string): string {
  if (plain.test(text)) return text;
  const decomposed = text.normalize('NFC') !== text;
  return (decomposed ? text.replace(/\p{M}/gu, escaped) : text).replace(toSpell, escaped);
}

/** Both texts, spelt so that they differ. */
export function toldApart(one: string, other: string): readonly [string, string] {
  const [first, second] = [spelt(one), spelt(other)];
  return first === second ? [asciiOf(one), asciiOf(other)] : [first, second];
}

function asciiOf(text: string): string {
  return spelt(text).replace(/[^ -~]/gu, escaped);
}

function escaped(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
