import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { readJoined, type Stop } from './flow.ts';

/** The event stream of a text. */
export interface Events {
  /** What the events' offsets are offsets of: the text, with blanks for a few line breaks where YAML is stricter than JSON. */
  readonly text: string;
  readonly events: Event[];
}

/** The events of a YAML text, or where it stops to be one. Offsets are offsets of the text as it was given. */
export function readEvents(text: string): Events | { readonly stop: Stop } {
  const read = readJoined(text, (one) => {
    try {
      return { result: parseEvents(one, {}) };
    } catch (error) {
      const reason = error instanceof YAMLException ? error.reason : 'the text cannot be read';
      return { stop: { reason, offset: error instanceof YAMLException ? (error.mark?.position ?? 0) : 0 } };
    }
  });
  return 'stop' in read ? read : { text: read.text, events: read.result };
}
