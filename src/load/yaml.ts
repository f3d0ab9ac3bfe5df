import { CORE_SCHEMA, constructFromEvents, EVENT_ID, type Event, YAMLException } from 'js-yaml';
import { bracesAt } from './braces.ts';
import { construct } from './construct.ts';
import { constructSimple } from './construct-simple.ts';
import { after, startOf } from './events.ts';
import type { Stop } from './flow.ts';
import { inspect, type TextProblem } from './inspect.ts';
import { lineStart, linesOf } from './line-column.ts';
import { losesSpelling } from './plain.ts';
import { type Events, readEvents } from './read-events.ts';

/** One document of a file. */
export interface ParsedDocument {
  /** undefined for an empty document, and for one whose aliases explode. With problems, what can be made of it. */
  readonly value: unknown;
  /** Offset of its root node. */
  readonly start: number;
  /** Numbers that are printed in another way than they are written. */
  readonly spellings: readonly Spelling[];
  /** The document with these numbers as the text that was written. The value itself where there are none. */
  readonly asText: unknown;
  /** The document with every number and boolean as the text that was written. */
  readonly written: () => unknown;
}

export interface Spelling {
  readonly written: string;
  readonly offset: number;
}

/** The documents of one file. */
export interface ParsedYaml {
  /** undefined where the text is no YAML. */
  readonly documents: readonly ParsedDocument[] | undefined;
  readonly problems: readonly TextProblem[];
}

/**
 * Reads every document of a YAML 1.2 text (core schema). Good texts take one pass; one that needs a second look is
 * inspected, so that all of its problems are reported with their offsets, and what is left of it can be judged further. A syntax
 * error ends the file: only it is reported. Values are plain JSON (objects with text keys only); aliases share objects, so never
 * mutate them.
 */
export function parseYaml(text: string): ParsedYaml {
  const read = readEvents(text);
  if ('stop' in read) return { documents: undefined, problems: [syntaxProblem(text, read.stop)] };
  const { events } = read;
  const values = hasDirective(text) ? undefined : constructSimple(read.text, events);
  if (values === undefined) return parseCarefully(read.text, events);
  const starts = startsOf(read.text, events, values.length);
  const documents = values.map((value, index) => plainDocument(read, value, index, starts[index] ?? 0));
  return { documents, problems: [] };
}

function plainDocument({ text, events }: Events, found: unknown, index: number, start: number): ParsedDocument {
  const value = found === null ? undefined : found;
  const written = () => construct(text, documentsOf(events)[index] ?? [], () => true);
  return { value, start, spellings: [], asText: value, written };
}

/** The events of each document. */
function documentsOf(events: readonly Event[]): Event[][] {
  const documents: Event[][] = [];
  for (let index = 0; index < events.length; ) {
    const end = after(events, index);
    documents.push(events.slice(index, end));
    index = end;
  }
  return documents;
}

function parseCarefully(text: string, events: readonly Event[]): ParsedYaml {
  const documents: ParsedDocument[] = [];
  const problems: TextProblem[] = [];
  const lines = linesOf(text);
  for (const own of documentsOf(events)) {
    const { problems: found, spellings } = inspect(text, own, lines);
    const all = [...versionProblems(own), ...found];
    if (all.length === 0) all.push(...tagProblems(text, own));
    documents.push(documentOf(text, own, spellings, all));
    for (const one of all) problems.push(one);
  }
  return { documents, problems };
}

/** What explodes is not put together; everything else is judged as far as it goes. */
function documentOf(
  text: string,
  events: readonly Event[],
  spellings: readonly Spelling[],
  problems: readonly TextProblem[],
): ParsedDocument {
  const start = documentStart(text, events);
  if (problems.some((one) => one.code === 'too-many-aliases'))
    return { value: undefined, start, spellings: [], asText: undefined, written: () => undefined };
  const value = construct(text, events);
  const asText = spellings.length === 0 ? value : construct(text, events, losesSpelling);
  return { value, start, spellings, asText, written: () => construct(text, events, () => true) };
}

/** A tag that does not fit its value. */
function tagProblems(text: string, events: Event[]): TextProblem[] {
  try {
    constructFromEvents(events, { source: text, schema: CORE_SCHEMA });
    return [];
  } catch (error) {
    const stop =
      error instanceof YAMLException ? { reason: error.reason, offset: error.mark?.position ?? 0 } : undefined;
    return [syntaxProblem(text, stop ?? { reason: 'the text cannot be read', offset: 0 })];
  }
}

function startsOf(text: string, events: readonly Event[], count: number): number[] {
  if (count === 1) return [documentStart(text, events)];
  const starts: number[] = [];
  for (const [index, event] of events.entries()) {
    const root = events[index + 1];
    if (event.type === EVENT_ID.DOCUMENT && root !== undefined) starts.push(Math.max(0, startOf(text, root)));
  }
  return starts;
}

function documentStart(text: string, events: readonly Event[]): number {
  const root = events[1];
  return root === undefined ? 0 : Math.max(0, startOf(text, root));
}

function hasDirective(text: string): boolean {
  return text.startsWith('%') || text.includes('\n%') || text.includes('\r%');
}

function versionProblems(events: readonly Event[]): TextProblem[] {
  const [document] = events;
  if (document?.type !== EVENT_ID.DOCUMENT) return [];
  const old = document.directives.some((one) => one.kind === 'yaml' && one.version !== '1.2');
  if (!old) return [];
  const message = 'This document declares another version of YAML than 1.2.';
  return [{ code: 'yaml-1.1', message, hint: 'Remove the %YAML line.', offset: 0 }];
}

function syntaxProblem(text: string, { reason, offset }: Stop): TextProblem {
  const braces = bracesAt(text, offset);
  if (braces !== undefined) return braces;
  if (indentedByTab(text, offset)) {
    const message = 'A tab stands in the indentation of this line.';
    return { code: 'tab-indent', message, hint: 'Indent with spaces.', offset };
  }
  return {
    code: 'yaml-syntax',
    message: `This is not valid YAML: ${reason}.`,
    hint: hintFor(reason, text[offset] ?? ''),
    offset,
  };
}

function indentedByTab(text: string, offset: number): boolean {
  const start = lineStart(text, offset);
  return /^ *\t[ \t]*\S/.test(text.slice(start, start + 1000));
}

function hintFor(reason: string, found: string): string {
  if (reason.includes('maxDepth')) return 'Manifests are never nested this deep; look for a repeated bracket.';
  if (reason.includes('deficient indentation') && /[}\]]/.test(found))
    return `Indent this "${found}" by one space: inside brackets every line stands deeper than the key before them.`;
  if (reason.includes('mapping')) return 'Check the indentation, and quote text that contains ": " or " #".';
  if (/indentation|end of the stream/.test(reason))
    return 'Check the indentation, and look for an open quote or bracket above.';
  if (/printable|null byte|JSON character/.test(reason)) return 'Remove the control character.';
  return 'Check quotes, brackets and indentation up to this place.';
}
