import { equal } from '../core/spec/equal.ts';
import { isList, isObject, type Json } from '../model/json.ts';
import { valueText } from './emit.ts';
import { changedFlow } from './flow.ts';
import { blockScalar, doubleQuoted, type Simple, simpleText, singleQuoted } from './scalar.ts';
import {
  anchored,
  canStay,
  type Done,
  hasVariable,
  leave,
  type Place,
  type State,
  seen,
  stay,
  writtenAs,
} from './state.ts';
import type { Collection, Node, Scalar } from './tree.ts';

/** Can a collection become this value by changes of what is in it? */
export function canChange(node: Collection, wanted: Json): boolean {
  if (node.odd || node.entries.length === 0) return false;
  if (node.type === 'list') return isList(wanted) && wanted.length > 0;
  return isObject(wanted) && Object.values(wanted).some((one) => one !== undefined);
}

/**
 * A value on its line, or in brackets, as it shall be; undefined where it needs lines below its key, or another form: then it is written
 * anew. `inFlow`: does it stand in brackets itself?
 */
export function changedInline(node: Node, wanted: Json, state: State, place: Place, inFlow: boolean): Done | undefined {
  if (node.type === 'alias') {
    const shared = state.anchors.get(node.name);
    if (shared !== undefined && equal(shared, wanted))
      return { text: state.text.slice(node.start, node.end), value: wanted };
    const isSame = shared !== undefined && equal(shared, seen(node.raw, state, place));
    return isSame && hasVariable(node.raw) && place.filled ? leave(node, state, place) : undefined;
  }
  if (node.type !== 'scalar' && canChange(node, wanted))
    return noted(node, changedFlow(node, wanted, state, place, changedInline), state);
  const kept = keptOrLeft(node, wanted, state, place);
  if (kept !== undefined) return kept;
  const value = writtenAs(wanted, state, place);
  if (node.type !== 'scalar' || isObject(value) || isList(value)) return undefined;
  const text = scalarLike(node, value, inFlow);
  return text === undefined ? undefined : noted(node, { text: anchored(node, text), value: wanted }, state);
}

/** A value that is what is wanted, or that only a variable keeps from it; undefined where its text has to become another one. */
export function keptOrLeft(node: Node, wanted: Json, state: State, place: Place): Done | undefined {
  if (!canStay(node, state, place)) return undefined;
  if (equal(seen(node.raw, state, place), wanted)) return stay(node, state, place);
  return place.filled && hasVariable(node.raw) ? leave(node, state, place) : undefined;
}

function noted(node: Node, done: Done, { anchors }: State): Done {
  if (node.anchor !== undefined) anchors.set(node.anchor, done.value);
  return done;
}

/** A scalar in the quotes of the one that it takes the place of; undefined where it has to stand on lines of its own. */
function scalarLike(node: Scalar, value: Simple, inFlow: boolean): string | undefined {
  const place = inFlow ? 'flow' : 'block';
  if (typeof value !== 'string') return simpleText(value, place);
  if (node.style === 'literal' || node.style === 'folded') return undefined;
  const hadLines = typeof node.raw === 'string' && node.raw.includes('\n');
  if (!inFlow && !hadLines && blockScalar(value, '') !== undefined) return undefined;
  if (node.style === 'double') return doubleQuoted(value);
  return (node.style === 'single' ? singleQuoted(value) : undefined) ?? simpleText(value, place);
}

/** A value written anew behind a colon or a dash at `column`: a blank and its line, or lines below. */
export function newValue(
  node: Node,
  wanted: Json,
  state: State,
  place: Place,
  where: { column: number; inList: boolean },
): string {
  const value = writtenAs(wanted, state, place);
  const { layout } = state;
  if (typeof value === 'string' && node.type === 'scalar' && (node.style === 'literal' || node.style === 'folded')) {
    const lines = singleLine(value, node.style, ' '.repeat(where.column + layout.step));
    if (lines !== undefined) return ` ${lines.join(layout.eol)}`;
  }
  return valueText(value, { ...where, before: where.column + 20, layout });
}

/** One line as a block scalar, where the value before was one. */
function singleLine(value: string, style: 'literal' | 'folded', indent: string): readonly string[] | undefined {
  const line = value.replace(/\n$/, '');
  if (line.includes('\n')) return undefined;
  const lines = blockScalar(`${line}\n`, indent);
  const sign = style === 'folded' ? '>' : '|';
  return lines === undefined ? undefined : [value === line ? `${sign}-` : sign, ...lines.slice(1)];
}
