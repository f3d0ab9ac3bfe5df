const blocks = new Set(['capture', 'case', 'comment', 'for', 'if', 'ifchanged', 'raw', 'tablerow', 'unless']);
const inner = new Set(['break', 'continue', 'else', 'elsif', 'when']);
const simple = new Set(['assign', 'cycle', 'decrement', 'echo', 'include', 'increment', 'liquid', 'render']);

/** What is wrong with a template, beginning with `Liquid syntax error:`, or undefined. Looks at tags, not at filters. */
export function liquidProblem(template: string): string | undefined {
  const open: string[] = [];
  let rest = template;
  for (;;) {
    const start = rest.search(/\{[{%]/u);
    if (start === -1) break;
    const closing = rest.startsWith('{{', start) ? '}}' : '%}';
    const end = rest.indexOf(closing, start + 2);
    if (end === -1) return unclosed(rest.slice(start), closing);
    const problem = closing === '%}' ? tagProblem(rest.slice(start + 2, end), open) : undefined;
    if (problem !== undefined) return `Liquid syntax error: ${problem}`;
    rest = rest.slice(end + 2);
  }
  const left = open.at(-1);
  return left === undefined ? undefined : `Liquid syntax error: '${left}' tag was never closed`;
}

/** The columns that a template reads: `record['name']`, `record["name"]` and `record.name` inside of tags and outputs. */
export function columnsRead(template: string): readonly string[] {
  const code = [...template.matchAll(/\{\{.*?\}\}|\{%.*?%\}/gsu)].map(([text]) => text).join('\n');
  const reads = code.matchAll(/\brecord(?:\[\s*(?:'([^']*)'|"([^"]*)")\s*\]|\.([A-Za-z_][\w-]*))/gu);
  return [...reads].map(([, single, double, dotted]) => single ?? double ?? dotted ?? '');
}

function unclosed(text: string, closing: string): string {
  const what = closing === '}}' ? 'Variable' : 'Tag';
  return `Liquid syntax error: ${what} '${text}' was not properly terminated with regexp: /${closing.replace('}}', '\\}\\}').replace('%}', '\\%\\}')}/`;
}

/** Follows one tag on the stack of open ones. Inside of `raw` and `comment` everything else is text. */
function tagProblem(tag: string, open: string[]): string | undefined {
  const name = /^-?\s*(\w+)/u.exec(tag)?.[1] ?? '';
  const current = open.at(-1);
  if (name === `end${current}`) open.pop();
  else if (current === 'raw' || current === 'comment') return undefined;
  else if (blocks.has(name)) open.push(name);
  else if (!simple.has(name) && !(inner.has(name) && current !== undefined)) return `Unknown tag '${name}'`;
  return undefined;
}
