/** Where two texts differ: these lines of the one stand in the place of those of the other. Ends are exclusive. */
export interface Block {
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

/** Edits and lines up to which a shortest way is looked for. Beyond, everything between the common ends counts as changed. */
const mostEdits = 1000;
const mostLines = 20_000;

/** The blocks in which two lists of lines differ, in order; all between them is the same. */
export function blocksOf(from: readonly string[], to: readonly string[]): readonly Block[] {
  const head = commonHead(from, to);
  const tail = commonTail(from, to, Math.min(from.length, to.length) - head);
  const left = from.slice(head, from.length - tail);
  const right = to.slice(head, to.length - tail);
  if (left.length === 0 && right.length === 0) return [];
  const { removed, added } = marked(left, right);
  return gathered(removed, added).map(({ fromStart, fromEnd, toStart, toEnd }) => ({
    fromStart: fromStart + head,
    fromEnd: fromEnd + head,
    toStart: toStart + head,
    toEnd: toEnd + head,
  }));
}

function commonHead(from: readonly string[], to: readonly string[]): number {
  const end = Math.min(from.length, to.length);
  let same = 0;
  while (same < end && from[same] === to[same]) same += 1;
  return same;
}

function commonTail(from: readonly string[], to: readonly string[], most: number): number {
  let same = 0;
  while (same < most && from[from.length - 1 - same] === to[to.length - 1 - same]) same += 1;
  return same;
}

/** One byte for each line, 1 where it is removed or added. */
interface Marks {
  readonly removed: Uint8Array;
  readonly added: Uint8Array;
}

/** Lines that only one side has are removed or added for sure; a way is looked for only through the others. */
function marked(from: readonly string[], to: readonly string[]): Marks {
  const marks = { removed: new Uint8Array(from.length).fill(1), added: new Uint8Array(to.length).fill(1) };
  if (from.length + to.length > mostLines) return marks;
  const numbers = new Map<string, number>();
  const [left, right] = [numbered(from, numbers), numbered(to, numbers)];
  const [inLeft, inRight] = [new Set(left), new Set(right)];
  const leftPlaces = [...left.keys()].filter((place) => inRight.has(at(left, place)));
  const rightPlaces = [...right.keys()].filter((place) => inLeft.has(at(right, place)));
  const way = shortest(
    Int32Array.from(leftPlaces, (place) => at(left, place)),
    Int32Array.from(rightPlaces, (place) => at(right, place)),
  );
  if (way === undefined) return marks;
  for (const [index, place] of leftPlaces.entries()) marks.removed[place] = at(way.removed, index);
  for (const [index, place] of rightPlaces.entries()) marks.added[place] = at(way.added, index);
  return marks;
}

/** Lines as numbers, the same for the same line: a long line is compared once. */
function numbered(lines: readonly string[], numbers: Map<string, number>): Int32Array {
  return Int32Array.from(lines, (line) => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  });
}

/** The fewest edits, found by the greedy algorithm of Myers (1986); undefined where more than `mostEdits` are needed. */
function shortest(left: Int32Array, right: Int32Array): Marks | undefined {
  const most = Math.min(left.length + right.length, mostEdits);
  // How far into `left` the best way with this many edits comes on each diagonal (place in `left` minus place in `right`).
  const reach = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isAdding = isAddition(reach, middle, diagonal, edits);
      let place = at(reach, middle + diagonal + (isAdding ? 1 : -1)) + (isAdding ? 0 : 1);
      while (place < left.length && place - diagonal < right.length && left[place] === right[place - diagonal])
        place += 1;
      reach[middle + diagonal] = place;
      if (place >= left.length && place - diagonal >= right.length) return marksAlong(trace, left.length, right.length);
    }
    trace.push(reach.slice(middle - edits, middle + edits + 1));
  }
  return undefined;
}

function at(numbers: Int32Array | Uint8Array, index: number): number {
  return numbers[index] ?? 0;
}

/** Is the last of these edits on this diagonal an added line (else a removed one)? */
function isAddition(reach: Int32Array, middle: number, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && at(reach, middle + diagonal - 1) < at(reach, middle + diagonal + 1);
}

/** Goes the way back from the end, edit by edit. */
function marksAlong(trace: readonly Int32Array[], leftLength: number, rightLength: number): Marks {
  const removed = new Uint8Array(leftLength);
  const added = new Uint8Array(rightLength);
  let diagonal = leftLength - rightLength;
  for (let edits = trace.length; edits > 0; edits -= 1) {
    const reach = trace[edits - 1] ?? new Int32Array();
    const isAdding = isAddition(reach, edits - 1, diagonal, edits);
    const before = diagonal + (isAdding ? 1 : -1);
    const place = at(reach, edits - 1 + before);
    if (isAdding) added[place - before] = 1;
    else removed[place] = 1;
    diagonal = before;
  }
  return { removed, added };
}

function gathered(removed: Uint8Array, added: Uint8Array): readonly Block[] {
  const blocks: Block[] = [];
  let from = 0;
  let to = 0;
  while (from < removed.length || to < added.length) {
    const [fromStart, toStart] = [from, to];
    while (removed[from] === 1) from += 1;
    while (added[to] === 1) to += 1;
    if (from > fromStart || to > toStart) blocks.push({ fromStart, fromEnd: from, toStart, toEnd: to });
    from += 1;
    to += 1;
  }
  return blocks;
}
