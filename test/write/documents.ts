import fc from 'fast-check';
import { escapeReferences } from '../../src/load/vars.ts';
import { parseYaml } from '../../src/load/yaml.ts';
import { isList, isObject, type Json } from '../../src/model/json.ts';
import { flowText } from '../../src/write/emit.ts';
import { blockScalar, doubleQuoted, needsQuotes, singleQuoted } from '../../src/write/scalar.ts';
import { json, key } from './values.ts';

/** What the variables of these documents stand for. */
export const vars: Readonly<Record<string, Json>> = { word: 'some text', five: 5, yes: true };

/** A comment, and the place of what it belongs to; items of lists have their index. */
export interface Remark {
  readonly text: string;
  readonly path: readonly string[];
}

export interface Written {
  readonly text: string;
  readonly remarks: readonly Remark[];
}

export type Draw = fc.GeneratorValue;

/** One of these values. */
export function oneOf<Value>(draw: Draw, values: readonly Value[]): Value {
  const index = draw(fc.integer, { min: 0, max: values.length - 1 });
  return values[index] as Value;
}

interface Writing {
  readonly draw: Draw;
  readonly remarks: Remark[];
  /** Anchors that are closed, with what they stand for. */
  readonly anchors: string[];
  readonly eol: string;
  count: number;
}

function specs(): fc.Arbitrary<Readonly<Record<string, Json>>> {
  return fc.dictionary(key, json, { minKeys: 1, maxKeys: 5 });
}

/** A document with comments, blank lines, anchors, aliases, quotes and brackets wherever chance puts them. */
export function document(draw: Draw): Written {
  const eol = oneOf(draw, ['\n', '\n', '\r\n']);
  const writing: Writing = { draw, remarks: [], anchors: [], eol, count: 0 };
  const spec = JSON.parse(escapeReferences(JSON.stringify(draw(specs))));
  const head = chance(writing, 2) ? `# yaml-language-server: $schema=x${eol}` : '';
  const body = [`kind: Box${eol}`, `name: any${eol}`, `spec:${blockOf(writing, spec, 0, ['spec'])}`].join('');
  const tail = chance(writing, 4) ? `${eol}# the end${eol}` : '';
  const text = head + body + tail;
  return { text: chance(writing, 5) ? text.replace(/[\r\n]+$/, '') : text, remarks: writing.remarks };
}

function chance({ draw }: Writing, of: number): boolean {
  return draw(fc.integer, { min: 1, max: of }) === 1;
}

function remark(writing: Writing, path: readonly string[]): string {
  writing.count += 1;
  const text = `# ${oneOf(writing.draw, ['note', "it's", 'a: b', '- x', '{', '\tx'])} <${writing.count}>`;
  writing.remarks.push({ text, path });
  return text;
}

/** Lines below a key or a dash: what follows it on its line first. Ends with a line break. */
function blockOf(writing: Writing, value: Json, column: number, path: readonly string[]): string {
  const entries = isList(value)
    ? value.map((item, index) => [String(index), item] as const)
    : Object.entries(value as Readonly<Record<string, Json>>);
  const { eol, draw } = writing;
  const own = column + oneOf(draw, isList(value) ? [2, 2, 0, 4] : [2, 2, 4]);
  // An item's own list has to stand further right than its dash.
  const indent = ' '.repeat(isList(value) && own === column && /^\d+$/.test(path.at(-1) ?? '') ? column + 2 : own);
  let text = chance(writing, 4) ? ` ${remark(writing, path)}${eol}` : eol;
  for (const [name, child] of entries) {
    const below = [...path, name];
    if (chance(writing, 6)) text += eol;
    if (chance(writing, 4)) text += `${indent}${remark(writing, below)}${eol}`;
    text +=
      indent + (isList(value) ? '-' : `${keyOf(writing, name)}:`) + valueText(writing, child, indent.length, below);
  }
  return text;
}

function keyOf(writing: Writing, name: string): string {
  const plain = !needsQuotes(name, 'flow') && !needsQuotes(name, 'block');
  return plain && !chance(writing, 8) ? name : doubleQuoted(name);
}

/** What follows a colon or a dash, to the end of its last line. */
function valueText(writing: Writing, value: Json, column: number, path: readonly string[]): string {
  const { eol, draw, anchors } = writing;
  if (anchors.length > 0 && chance(writing, 12)) return ` *${oneOf(draw, anchors)}${restOf(writing, path)}`;
  const anchor = chance(writing, 10) ? `a${++writing.count}` : undefined;
  const mark = anchor === undefined ? '' : ` &${anchor}`;
  const isOpen = (isObject(value) && Object.keys(value).length > 0) || (isList(value) && value.length > 0);
  const text =
    isOpen && !chance(writing, 3)
      ? mark + blockOf(writing, value, column, path)
      : `${mark} ${isOpen ? flowOf(writing, value, column, path) : scalarOf(writing, value, ' '.repeat(column + 2), eol)}`;
  if (anchor !== undefined) anchors.push(anchor);
  if (/[\r\n]$/.test(text)) return text;
  return text.includes('\n') && !text.trimEnd().endsWith('}') && !text.trimEnd().endsWith(']')
    ? text + eol
    : text + restOf(writing, path);
}

function restOf(writing: Writing, path: readonly string[]): string {
  return (chance(writing, 5) ? ` ${remark(writing, path)}` : '') + writing.eol;
}

function scalarOf(writing: Writing, value: Json, indent: string, eol: string): string {
  if (typeof value !== 'string') return chance(writing, 8) ? variable(writing) : flowText(value);
  const way = writing.draw(fc.integer, { min: 0, max: 9 });
  if (way === 0) return variable(writing);
  const block = way < 6 ? blockScalar(value, indent) : undefined;
  if (block !== undefined) return block.join(eol);
  if (way < 3) return doubleQuoted(value);
  return (way < 5 ? singleQuoted(value) : undefined) ?? flowText(value);
}

function variable({ draw }: Writing): string {
  return oneOf(draw, ['"\u0024{vars.word}"', '"\u0024{vars.five}"', '"\u0024{vars.yes}"', "'a \u0024{vars.word} b'"]);
}

/** In brackets: on one line, on several, with remarks, or as JSON. */
function flowOf(writing: Writing, value: Json, column: number, path: readonly string[]): string {
  const way = writing.draw(fc.integer, { min: 0, max: 5 });
  if (way > 3) return remarkedFlow(writing, value, ' '.repeat(column + 4), path);
  if (way === 0) return flowText(value, true);
  const printed = JSON.stringify(value, null, 2);
  if (way === 1 && parseYaml(printed).problems.length === 0)
    return printed.replaceAll('\n', writing.eol + ' '.repeat(column + 2));
  return flowText(value);
}

/** An entry a line. */
function remarkedFlow(writing: Writing, value: Json, indent: string, path: readonly string[]): string {
  const { eol } = writing;
  const entries = isList(value)
    ? value.map((item, index) => [String(index), item] as const)
    : Object.entries(value as Readonly<Record<string, Json>>);
  const isFirstBeside = chance(writing, 3);
  const lines = entries.map(([name, child], index) => {
    const below = [...path, name];
    const above = index > 0 && chance(writing, 4) ? `${remark(writing, below)}${eol}${indent}` : '';
    const comma = index < entries.length - 1 || chance(writing, 3) ? ',' : '';
    const behind = index < entries.length - 1 && chance(writing, 3) ? ` ${remark(writing, below)}` : '';
    const own = flowText(child);
    return above + (isList(value) ? own : `${keyOf(writing, name)}: ${own}`) + comma + behind;
  });
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  const start = isFirstBeside ? open : open + eol + indent;
  const end = chance(writing, 2) ? close : eol + indent.slice(2) + close;
  return start + lines.join(eol + indent) + end;
}

/** Places of a document. */
export function pathsIn(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  const children = isObject(value)
    ? Object.entries(value)
    : isList(value)
      ? value.map((item, index) => [String(index), item] as const)
      : [];
  return [path, ...children.flatMap(([name, child]) => (child === undefined ? [] : pathsIn(child, [...path, name])))];
}

/** The line breaks of a text, each kind once. */
export function lineEnds(text: string): readonly string[] {
  return [...new Set(text.match(/\r\n|\n|\r/g) ?? [])];
}
