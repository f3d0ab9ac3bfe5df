import type { TextProblem } from './inspect.ts';

/** A template, a reference or a glob whose braces YAML takes for its own. */
export function unquotedBraces(offset: number): TextProblem {
  return {
    code: 'unquoted-braces',
    message: 'YAML reads these braces as its own syntax.',
    hint: 'A value that starts with `{{` or `{%`, or holds `{ }` inside `[ ]` or `{ }`, must be in quotes.',
    offset,
  };
}

/** Such a value at the place where a reader of YAML gave up, at the start of the value; undefined where it is something else. */
export function bracesAt(text: string, offset: number): TextProblem | undefined {
  const start = wordBefore(text, offset) ?? templateBefore(text, offset);
  return start === undefined ? undefined : unquotedBraces(start);
}

/** `syncs/*.{yaml,yml}` and `${vars.x}`: text, and a brace right behind it. */
function wordBefore(text: string, offset: number): number | undefined {
  if (text[offset] !== '{') return undefined;
  let start = offset;
  while (start > 0 && !/[\s,[\]{}"':]/.test(text[start - 1] ?? '')) start--;
  return start < offset ? start : undefined;
}

/** A line is looked at as far as this: no template is longer, and the time stays bounded. */
const maxLine = 10_000;

/** `{{ x["y"] }}` and `{% if x %}` as the start of a value, on the line of `offset`, or open on the one before it. */
function templateBefore(text: string, offset: number): number | undefined {
  let end = lineEnd(text, offset);
  for (let lines = 0; lines < 2 && end >= 0; lines++) {
    const start = Math.max(text.lastIndexOf('\n', end - 1) + 1, end - maxLine);
    const line = text.slice(start, end).replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
    const found = /(?:^\s*|:\s+|-\s+|[[{,]\s*)(\{[{%])/.exec(line.replace(/(?:^|\s)#.*$/, ''));
    if (found !== null && (lines === 0 || !line.includes('}}'))) return start + found.index + found[0].length - 2;
    end = start - 1;
  }
  return undefined;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
