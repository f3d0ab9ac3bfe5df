/** A piece of a line as a terminal shows it, and how many columns it takes there. */
export interface Cell {
  readonly text: string;
  readonly width: number;
}

/** Every fourth column is a stop: what a tab leads to is nobody's to know, but here it is the same in each line of a frame. */
const stop = 4;

/** What takes two columns: the scripts of East Asia with their punctuation, and full-width forms. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
/** Pictures: those that are drawn so without being asked, and those that are. */
const picture = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
/** As a person counts them: with what is drawn upon them, and pictures that are joined or make a flag as one. */
const characters =
  /\p{Regional_Indicator}{2}|.(?:\p{M}|\p{Emoji_Modifier}|\u200d\p{Extended_Pictographic}|[\u200c\u200d])*/gsu;
/** What nearly all lines are: nobody has to look at the characters of these. */
const plain = /^[ -~]*$/;
/** What is drawn upon its neighbour, or only joins others. */
const bare = /^[\p{Mn}\p{Me}\u200c\u200d]+$/u;

/** The pieces of a text, one for each character as a person counts them; tabs as spaces, and `visible` for what cannot be seen. */
export function cells(text: string, visible: (text: string) => string): readonly Cell[] {
  if (plain.test(text)) return Array.from(text, (one) => ({ text: one, width: 1 }));
  const found: Cell[] = [];
  let column = 0;
  for (const [character] of text.matchAll(characters)) {
    const cell = character === '\t' ? blank(stop - (column % stop)) : cellOf(visible(character), character);
    found.push(cell);
    column += cell.width;
  }
  return found;
}

function blank(width: number): Cell {
  return { text: ' '.repeat(width), width };
}

function cellOf(shown: string, character: string): Cell {
  if (shown !== character) return { text: shown, width: shown.length };
  if (bare.test(character)) return { text: shown, width: 0 };
  return { text: shown, width: wide.test(character) || picture.test(character) ? 2 : 1 };
}

export function widthOf(all: readonly Cell[]): number {
  return all.reduce((sum, { width }) => sum + width, 0);
}

export function textOf(all: readonly Cell[]): string {
  return all.map(({ text }) => text).join('');
}

/** As many cells from the start as fit. */
export function fitting(all: readonly Cell[], width: number): readonly Cell[] {
  let left = width;
  const end = all.findIndex((cell) => {
    left -= cell.width;
    return left < 0;
  });
  return end < 0 ? all : all.slice(0, end);
}
