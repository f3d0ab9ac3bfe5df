import {
  boolCoreTag,
  EVENT_ID,
  type Event,
  floatCoreTag,
  getScalarValue,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import { isList, isObject, type Json } from '../model/json.ts';

/** Keys that no field has and that are dangerous (or a merge that YAML 1.2 does not do) if they get through. */
export const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '<<']);

/** Which plain scalars are left as they were written. */
export type KeepsText = (source: string) => boolean;

/**
 * The value of one document as far as there is one, whatever is wrong in it: a number of YAML 1.1 is what YAML 1.2 makes of it, of two
 * equal keys the first counts, a key that is not allowed is left out, an alias without a value is an empty text. So everything else about
 * the document can be judged too. undefined for an empty document. `keepsText` makes text of plain scalars that it names.
 */
export function construct(
  text: string,
  events: readonly Event[],
  keepsText: KeepsText = () => false,
): Json | undefined {
  const state: Construction = { text, keepsText, anchors: new Map(), open: [], root: null };
  for (const event of events) step(state, event);
  return state.root ?? undefined;
}

interface Construction {
  readonly text: string;
  readonly keepsText: KeepsText;
  readonly anchors: Map<string, Json>;
  readonly open: Frame[];
  root: Json;
}

interface Frame {
  readonly value: Json[] | Record<string, Json>;
  readonly anchor: string | undefined;
  /** The key whose value comes next; undefined where a key comes next, and null where the value belongs to no key. */
  key: string | null | undefined;
}

function step(state: Construction, event: Event): void {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      return;
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING: {
      const value = event.type === EVENT_ID.MAPPING ? {} : [];
      state.open.push({ value, anchor: anchorOf(state.text, event), key: undefined });
      return;
    }
    case EVENT_ID.SCALAR: {
      const value = scalarValue(state.text, event, state.keepsText);
      const anchor = anchorOf(state.text, event);
      if (anchor !== undefined) state.anchors.set(anchor, value);
      add(state, value);
      return;
    }
    case EVENT_ID.ALIAS:
      add(state, anchored(state, state.text.slice(event.anchorStart, event.anchorEnd)));
      return;
    case EVENT_ID.POP: {
      const frame = state.open.pop();
      if (frame === undefined) return;
      if (frame.anchor !== undefined) state.anchors.set(frame.anchor, frame.value);
      add(state, frame.value);
      return;
    }
    default:
      event satisfies never;
  }
}

/** What an alias stands for; null is a value, too. */
function anchored({ anchors }: Construction, name: string): Json {
  const value = anchors.get(name);
  return value === undefined ? '' : value;
}

/** Puts a whole node where it belongs: as an item, a key or the value of one. */
function add(state: Construction, value: Json): void {
  const frame = state.open.at(-1);
  if (frame === undefined) {
    state.root = value;
  } else if (Array.isArray(frame.value)) {
    frame.value.push(value);
  } else if (frame.key === undefined) {
    frame.key = typeof value === 'string' ? value : null;
  } else {
    const { key } = frame;
    frame.key = undefined;
    if (key === '<<') merge(frame.value, value);
    else if (key !== null && !forbiddenKeys.has(key) && !Object.hasOwn(frame.value, key)) frame.value[key] = value;
  }
}

/** What YAML 1.1 does with `<<`, so that nobody is told of fields as missing that are only written in an old way. */
function merge(into: Record<string, Json>, value: Json): void {
  for (const one of isList(value) ? value : [value]) {
    if (!isObject(one)) continue;
    for (const [key, child] of Object.entries(one)) {
      if (child !== undefined && !Object.hasOwn(into, key)) into[key] = child;
    }
  }
}

/** What a scalar says. `keepsText` makes text of plain scalars that it names. */
export function scalarValue(text: string, event: ScalarEvent, keepsText: KeepsText = () => false): Json {
  const source = getScalarValue(text, event);
  const tag = event.tagStart === -1 ? undefined : text.slice(event.tagStart, event.tagEnd);
  const plain = event.style === SCALAR_STYLE.PLAIN || event.valueStart === -1;
  const explicit = tag !== undefined && /(?:int|float|bool|null)>?$/.test(tag);
  if (!explicit && (!plain || tag === '!' || /str>?$/.test(tag ?? ''))) return source;
  const value = plainValue(source, explicit);
  return value !== null && typeof value !== 'string' && keepsText(source) ? source : value;
}

/** What YAML 1.2 makes of a plain scalar. `explicit` is one whose tag says that it is not text. */
export function plainValue(source: string, explicit: boolean): Json {
  for (const { resolve, tagName } of [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]) {
    const value = resolve(source, explicit, tagName);
    if (value !== NOT_RESOLVED) return typeof value === 'number' && !Number.isFinite(value) ? 0 : value;
  }
  return source;
}

function anchorOf(
  text: string,
  event: { readonly anchorStart: number; readonly anchorEnd: number },
): string | undefined {
  return event.anchorStart === -1 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
}
