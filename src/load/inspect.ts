import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { unquotedBraces } from './braces.ts';
import { forbiddenKeys } from './construct.ts';
import { startOf } from './events.ts';
import { type Lines, linesOf } from './line-column.ts';
import { losesSpelling, surpriseIn } from './plain.ts';

/** A problem at an offset of a text. */
export interface TextProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly offset: number;
}

const maxAliases = 100;
const maxExpanded = 10_000;

const coreTags: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'seq', 'map'].flatMap((name) => [
    `!!${name}`,
    `!<tag:yaml.org,2002:${name}>`,
  ]),
);

interface Frame {
  readonly kind: 'document' | 'sequence' | 'mapping';
  readonly anchor: string | undefined;
  /** Offset of each key seen, by its text. */
  readonly keys: Map<string, number>;
  expectsKey: boolean;
  /** Nodes in it, aliases counted as what they stand for. */
  size: number;
}

/** What an event stream holds that YAML allows and manifests do not. */
export interface Inspected {
  /** In the order of the text. */
  readonly problems: readonly TextProblem[];
  /** Numbers that are printed in another way than they are written, and have no other problem. */
  readonly spellings: readonly { readonly written: string; readonly offset: number }[];
}

interface Inspection {
  readonly text: string;
  readonly lines: Lines;
  readonly spellings: { written: string; offset: number }[];
  readonly problems: TextProblem[];
  readonly frames: Frame[];
  /** Size of each anchored node; 0 while it is open. */
  anchors: Map<string, number>;
  aliases: number;
  expanded: number;
}

/** Every trap in the events of a text. `lines` are those of the text. */
export function inspect(text: string, events: readonly Event[], lines: Lines = linesOf(text)): Inspected {
  const state: Inspection = {
    text,
    lines,
    problems: [],
    spellings: [],
    frames: [],
    anchors: new Map(),
    aliases: 0,
    expanded: 0,
  };
  for (const event of events) step(state, event);
  return state;
}

function step(state: Inspection, event: Event): void {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      state.anchors = new Map();
      state.aliases = 0;
      state.expanded = 0;
      open(state, 'document', undefined);
      return;
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      checkTag(state, event.tagStart, event.tagEnd);
      rejectKey(state, startOf(state.text, event));
      open(state, event.type === EVENT_ID.MAPPING ? 'mapping' : 'sequence', anchorOf(state.text, event));
      return;
    case EVENT_ID.SCALAR:
      checkTag(state, event.tagStart, event.tagEnd);
      scalar(state, event);
      return;
    case EVENT_ID.ALIAS:
      alias(state, state.text.slice(event.anchorStart, event.anchorEnd), event.anchorStart - 1);
      return;
    case EVENT_ID.POP:
      close(state);
      return;
    default:
      event satisfies never;
  }
}

function open(state: Inspection, kind: Frame['kind'], anchor: string | undefined): void {
  if (anchor !== undefined) state.anchors.set(anchor, 0);
  state.frames.push({ kind, anchor, keys: new Map(), expectsKey: kind === 'mapping', size: 1 });
}

function close(state: Inspection): void {
  const frame = state.frames.pop();
  if (frame === undefined || frame.kind === 'document') return;
  if (frame.anchor !== undefined) state.anchors.set(frame.anchor, frame.size);
  added(state, frame.size);
}

/** A whole node has been read into the frame around it. */
function added(state: Inspection, size: number): void {
  const frame = state.frames.at(-1);
  if (frame === undefined) return;
  frame.size += size;
  if (frame.kind === 'mapping') frame.expectsKey = !frame.expectsKey;
}

function scalar(state: Inspection, event: ScalarEvent): void {
  const offset = startOf(state.text, event);
  const value = getScalarValue(state.text, event);
  const surprise = isLookedAt(state.text, event) ? surpriseIn(value) : undefined;
  if (surprise !== undefined) state.problems.push({ ...surprise, offset });
  else if (event.tagStart === -1 && isPlain(event) && losesSpelling(value))
    state.spellings.push({ written: value, offset });
  const frame = state.frames.at(-1);
  if (frame?.kind === 'mapping' && frame.expectsKey) {
    if (surprise === undefined && !isTextKey(state.text, event, value)) rejectKey(state, offset);
    else key(state, frame, value, offset);
  }
  const anchor = anchorOf(state.text, event);
  if (anchor !== undefined) state.anchors.set(anchor, 1);
  added(state, 1);
}

/** Plain scalars, and those that a tag makes numbers. */
function isLookedAt(text: string, event: ScalarEvent): boolean {
  if (event.valueStart === -1) return false;
  if (event.tagStart === -1) return isPlain(event);
  return /(?:int|float)>?$/.test(text.slice(event.tagStart, event.tagEnd));
}

function isPlain(event: ScalarEvent): boolean {
  return event.style === SCALAR_STYLE.PLAIN && event.valueStart !== -1;
}

/** Would this key be text, not a number, a boolean or null? */
function isTextKey(text: string, event: ScalarEvent, value: string): boolean {
  if (event.tagStart !== -1) return /(?:^!|:str>|!str)$/.test(text.slice(event.tagStart, event.tagEnd));
  if (event.style !== SCALAR_STYLE.PLAIN) return true;
  return (
    !/^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|0o[0-7]+|0x[\da-fA-F]+)$/.test(value) && !isNumber(value)
  );
}

function isNumber(value: string): boolean {
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(value);
}

function key(state: Inspection, frame: Frame, value: string, offset: number): void {
  const before = frame.keys.get(value);
  if (before !== undefined) {
    const { line } = state.lines(before);
    const message = `The key "${value}" stands here for the second time; the first is on line ${line}.`;
    state.problems.push({ code: 'duplicate-key', message, hint: 'Remove one of the two.', offset });
    return;
  }
  frame.keys.set(value, offset);
  if (!forbiddenKeys.has(value)) return;
  state.problems.push(
    value === '<<'
      ? {
          code: 'merge-key',
          message: 'The merge key << is not supported.',
          hint: 'Write the fields out, or share a whole value with an anchor (&name) and an alias (*name).',
          offset,
        }
      : {
          code: 'forbidden-key',
          message: `The key "${value}" is not allowed.`,
          hint: 'No field has this name; remove it.',
          offset,
        },
  );
}

/** A collection, an alias or a non-text scalar where a key must stand. */
function rejectKey(state: Inspection, offset: number): void {
  const frame = state.frames.at(-1);
  if (frame?.kind !== 'mapping' || !frame.expectsKey) return;
  if (state.text.startsWith('{{', offset - 1)) {
    state.problems.push(unquotedBraces(offset - 1));
    return;
  }
  state.problems.push({
    code: 'non-string-key',
    message: 'This key is not text.',
    hint: 'Put quotes around it.',
    offset,
  });
}

function alias(state: Inspection, name: string, offset: number): void {
  rejectKey(state, offset);
  const size = state.anchors.get(name);
  if (size === undefined) {
    const message = `The alias *${name} has no anchor &${name} before it.`;
    state.problems.push({
      code: 'unknown-alias',
      message,
      hint: 'Write the value out, or set the anchor first.',
      offset,
    });
  } else if (size === 0) {
    const message = `The alias *${name} stands inside the value it stands for.`;
    state.problems.push({ code: 'alias-loop', message, hint: 'Write the value out.', offset });
  } else {
    expand(state, size, offset);
  }
  added(state, size ?? 1);
}

function expand(state: Inspection, size: number, offset: number): void {
  const within = state.aliases <= maxAliases && state.expanded <= maxExpanded;
  state.aliases += 1;
  state.expanded += size;
  if (!within || (state.aliases <= maxAliases && state.expanded <= maxExpanded)) return;
  state.problems.push({
    code: 'too-many-aliases',
    message: `The aliases of this document expand to too much (more than ${maxAliases} aliases or ${maxExpanded} values).`,
    hint: 'Write the values out, or split the document.',
    offset,
  });
}

function checkTag(state: Inspection, start: number, end: number): void {
  if (start === -1) return;
  const tag = state.text.slice(start, end);
  if (tag === '!' || coreTags.has(tag)) return;
  const message = `The tag ${tag} is unknown.`;
  state.problems.push({
    code: 'unknown-tag',
    message,
    hint: 'Remove the tag; manifests are plain JSON values.',
    offset: start,
  });
}

function anchorOf(
  text: string,
  event: { readonly anchorStart: number; readonly anchorEnd: number },
): string | undefined {
  return event.anchorStart === -1 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
}
