import { constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { after, startOf } from './events.ts';
import { inspect, type TextProblem } from './inspect.ts';
import { strictSchema } from './schema.ts';

/** The documents of one file. */
export interface ParsedYaml {
  /** By position in the file; undefined for an empty document and for one with problems. */
  readonly documents: readonly unknown[];
  /** Offset of each document's root node. */
  readonly starts: readonly number[];
  readonly problems: readonly TextProblem[];
}

/**
 * Reads every document of a YAML 1.2 text (core schema). Good texts take one pass; a text that construction objects to is
 * inspected, so that all of its problems are reported with their offsets. A syntax error ends the file: only it is reported.
 * Values are plain JSON (objects with text keys only); aliases share objects, so never mutate them.
 */
export function parseYaml(text: string): ParsedYaml {
  let events: Event[];
  try {
    events = parseEvents(text, {});
  } catch (error) {
    return { documents: [], starts: [], problems: [syntaxProblem(text, error)] };
  }
  if (!hasDirective(text)) {
    try {
      const documents = constructFromEvents(events, { source: text, schema: strictSchema, maxAliases: 0 });
      return { documents: documents.map(orUndefined), starts: startsOf(text, events, documents.length), problems: [] };
    } catch {
      // Looked into below.
    }
  }
  return parseCarefully(text, events);
}

function parseCarefully(text: string, events: readonly Event[]): ParsedYaml {
  const documents: unknown[] = [];
  const starts: number[] = [];
  const problems: TextProblem[] = [];
  for (let index = 0; index < events.length; ) {
    const end = after(events, index);
    const own = events.slice(index, end);
    const found = [...versionProblems(own), ...inspect(text, own)];
    starts.push(documentStart(text, own));
    documents.push(found.length === 0 ? construct(text, own, found) : undefined);
    problems.push(...found);
    index = end;
  }
  return { documents, starts, problems };
}

function construct(text: string, events: Event[], problems: TextProblem[]): unknown {
  try {
    return orUndefined(constructFromEvents(events, { source: text, schema: strictSchema })[0]);
  } catch (error) {
    problems.push(syntaxProblem(text, error));
    return undefined;
  }
}

function orUndefined(value: unknown): unknown {
  return value === null ? undefined : value;
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

function syntaxProblem(text: string, error: unknown): TextProblem {
  const reason = error instanceof YAMLException ? error.reason : 'the text cannot be read';
  const offset = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0;
  if (indentedByTab(text, offset)) {
    const message = 'A tab stands in the indentation of this line.';
    return { code: 'tab-indent', message, hint: 'Indent with spaces.', offset };
  }
  return {
    code: 'yaml-syntax',
    message: `This is not valid YAML: ${reason}.`,
    hint: hintFor(reason),
    offset,
  };
}

function indentedByTab(text: string, offset: number): boolean {
  const before = text.slice(0, offset + 1);
  const lineStart = Math.max(before.lastIndexOf('\n', offset - 1), before.lastIndexOf('\r', offset - 1)) + 1;
  return /^ *\t\s*\S/.test(text.slice(lineStart).split(/[\r\n]/, 1)[0] ?? '');
}

function hintFor(reason: string): string {
  if (reason.includes('maxDepth')) return 'Manifests are never nested this deep; look for a repeated bracket.';
  if (reason.includes('mapping')) return 'Check the indentation, and quote text that contains ": " or " #".';
  if (/indentation|end of the stream/.test(reason))
    return 'Check the indentation, and look for an open quote or bracket above.';
  if (/printable|null byte|JSON character/.test(reason)) return 'Remove the control character.';
  return 'Check quotes, brackets and indentation up to this place.';
}
