import { readEvents } from '../load/read-events.ts';
import { type Pointer, tokens } from '../model/json.ts';
import { type Entry, type Node, treesOf } from './tree.ts';

/** The text with another name for a key, in its place; as it was where no such key is written there. The first document is meant. */
export function withKeyNamed(text: string, path: Pointer, name: string): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const read = readEvents(body);
  const root = 'stop' in read ? undefined : treesOf(read.text, read.events)[0];
  const key = root === undefined ? undefined : entryAt(root, tokens(path))?.key;
  return key === undefined ? text : mark + body.slice(0, key.start) + name + body.slice(key.end);
}

function entryAt(node: Node, [name, ...rest]: readonly string[]): Entry | undefined {
  if (node.type !== 'map' || node.odd) return undefined;
  const entry = node.entries.find((one) => one.name === name);
  return entry === undefined || rest.length === 0 ? entry : entryAt(entry.value, rest);
}
