import { stableJson } from '../core/stable.ts';
import { lineStart } from '../load/line-column.ts';
import { readEvents } from '../load/read-events.ts';
import { parseYaml } from '../load/yaml.ts';
import { isObject, type Json } from '../model/json.ts';
import { arranged, hasOwnAnchors } from './arrange.ts';
import { assembled } from './assemble.ts';
import { keyText, type Layout } from './emit.ts';
import { assembledFlow } from './flow.ts';
import { isBlock, layoutOf } from './layout.ts';
import { lineAfter, lineEnd, tidied, withoutBlankStart } from './lines.ts';
import { type KeyOrder, orderOfKind } from './order.ts';
import { type Place, simpleText } from './scalar.ts';
import { type Collection, type Entry, endsKept, type Node, type Scalar, treesOf } from './tree.ts';

interface Formatting {
  /** As it is. */
  readonly text: string;
  readonly layout: Layout;
  /** May keys change places? Not where an anchor is set twice. */
  readonly sorts: boolean;
}

/** Whatever was laid out anew says something else than before: the text has to stay as it is. A fault of ours, and no loss. */
export class NoCanonicalForm extends Error {
  constructor() {
    super('The canonical form of a text means something else.');
  }
}

/**
 * The text in canonical form: keys in the order of their schema, quotes only where they are needed, at most one blank line, no blanks at
 * the ends of lines. Comments, anchors and block scalars stay as they are and move with what they belong to; lists keep their order,
 * and JSON stays as it was pasted. The text means the same before and after. Text that is no YAML comes back as it is.
 * @throws NoCanonicalForm
 */
export function formatted(text: string, orderOf: (kind: unknown) => KeyOrder = orderOfKind): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const read = readEvents(body);
  if ('stop' in read) return text;
  let result = '';
  let done = 0;
  let last: Node | undefined;
  for (const root of treesOf(read.text, read.events)) {
    if (root === undefined) continue;
    const layout = layoutOf(body, root);
    const state: Formatting = { text: body, layout, sorts: hasOwnAnchors(root) };
    const order = orderOf(isObject(root.raw) ? root.raw.kind : undefined);
    const [from, to] = isBlock(root) ? [root.body, root.stop] : [root.start, root.end];
    const before = tidied(body.slice(done, from));
    result += done === 0 ? withoutBlankStart(before) : before;
    result += isBlock(root) ? block(root, state, order) : inline(root, state, order, 'block');
    done = to;
    last = root;
  }
  const after = tidied(body.slice(done)).trimEnd();
  const rest = endsKept(last) ? withoutBlankStart(after) : after;
  const whole = mark + result + rest;
  const eol = /\r\n|\n|\r/.exec(body)?.[0] ?? '\n';
  const closed = whole === mark || /[\r\n]$/.test(whole) ? whole : whole + eol;
  const same = [closed, whole].find((one) => meaningOf(one) === meaningOf(text));
  if (same === undefined) throw new NoCanonicalForm();
  return same;
}

/** What a text says, down to how its numbers are written. */
function meaningOf(text: string): string {
  const { documents = [], problems } = parseYaml(text.replace(/^\ufeff/, ''));
  const values = documents.map((one) => [one.value ?? null, one.written() ?? null] as Json);
  return stableJson([values, problems.map((one) => one.code)]);
}

/** A collection without brackets, from `body` to `stop`. */
function block(node: Collection, state: Formatting, order: KeyOrder): string {
  const { text } = state;
  if (node.odd) return text.slice(node.body, node.stop);
  const entries = node.type === 'map' && state.sorts ? arranged(node.entries, order) : node.entries;
  const parts = entries.map((entry) => {
    const isFirst = node.inline && entry === node.entries[0];
    const lead = isFirst ? '' : tidied(text.slice(entry.from, lineStart(text, entry.start)));
    const below = order.below(entry.key === undefined ? undefined : entry.name);
    return { lead, text: blockEntry(entry, state, below), entry };
  });
  const [first] = parts;
  if (first !== undefined) first.lead = withoutBlankStart(first.lead);
  return assembled(node, parts, state, tidied);
}

/** The lines of an entry from its key or dash on. */
function blockEntry(entry: Entry, state: Formatting, order: KeyOrder): string {
  const { text } = state;
  const { key, value, start, head, stop } = entry;
  const opening = key === undefined ? text.slice(start, head) : `${keyIn(key, text)}:`;
  if (isBlock(value)) {
    const between = text.slice(head, value.body);
    return opening + (value.inline ? between : tidied(between)) + block(value, state, order);
  }
  const own = inline(value, state, order, 'block');
  const gap = text.slice(head, value.start);
  const between = own === '' ? '' : /[\r\n#]/.test(gap) ? tidied(gap) : ' ';
  const [end, next] = [lineEnd(text, value.end), lineAfter(text, value.end)];
  const remark = text.slice(value.end, end).trimEnd() + text.slice(end, next);
  return opening + between + own + remark + tidied(text.slice(next, stop));
}

/** A value on its line or in brackets, with its anchor. */
function inline(node: Node, state: Formatting, order: KeyOrder, place: Place): string {
  const { text } = state;
  if (node.type === 'scalar') return text.slice(node.start, node.inner) + scalar(node, text, place);
  if (node.type === 'alias' || node.odd || isPasted(node, text)) return text.slice(node.start, node.end);
  const entries = node.type === 'map' && state.sorts ? arranged(node.entries, order) : node.entries;
  const isOnOneLine = !/[\r\n]/.test(text.slice(node.inner, node.end));
  const parts = entries.map((entry) => {
    const below = order.below(entry.key === undefined ? undefined : entry.name);
    return { text: flowEntry(entry, state, below, isOnOneLine), entry };
  });
  if (!isOnOneLine) return assembledFlow(node, parts, state);
  const all = parts.map((part) => part.text).join(', ');
  const [open, close] = node.type === 'list' ? ['[', ']'] : all === '' ? ['{', '}'] : ['{ ', ' }'];
  return text.slice(node.start, node.inner) + open + all + close;
}

function flowEntry(entry: Entry, state: Formatting, order: KeyOrder, tight: boolean): string {
  const { text } = state;
  const { key, value, head } = entry;
  const own = inline(value, state, order, 'flow');
  if (key === undefined) return own;
  const opening = keyIn(key, text) + (head > key.end ? ':' : '');
  return (
    opening +
    (own === '' ? '' : tight || /^[ \t]*$/.test(text.slice(head, value.start)) ? ' ' : text.slice(head, value.start)) +
    own
  );
}

/** JSON with an object in it is what somebody has copied, and stays as it was printed. */
function isPasted(node: Collection, text: string): boolean {
  if (!text.slice(node.inner, node.end).includes('{')) return false;
  try {
    JSON.parse(text.slice(node.inner, node.end));
    return node.entries.length > 0;
  } catch {
    return false;
  }
}

function keyIn(key: Scalar, text: string): string {
  const isQuoted = key.style === 'double' || key.style === 'single';
  const written = text.slice(key.start, key.end);
  return isQuoted && key.start === key.inner && typeof key.raw === 'string' && !written.includes('\n')
    ? keyText(key.raw)
    : written;
}

/** A scalar with quotes only where it needs them. One of several lines stays as it is. */
function scalar(node: Scalar, text: string, place: Place): string {
  const written = text.slice(node.inner, node.end);
  const isQuoted = node.style === 'double' || node.style === 'single';
  if (!isQuoted || node.tagged || typeof node.raw !== 'string' || /[\r\n]/.test(written + node.raw)) return written;
  return simpleText(node.raw, place);
}
