// Text from manifests and services must not break out of a report. Every renderer passes foreign text through one of these.

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Controls (C0, C1), format characters (bidi, tags, zero width; not the joiners that emoji and Persian need), broken characters. */
const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\ufffe\uffff\u{e0000}-\u{e0fff}]/gu;

/** CI systems act upon a line that starts with `::` (GitHub) and on `##…[` anywhere (GitHub's old form, Azure, TeamCity). */
const commandStart = /^(\s*):(?=:)/u;
const commandInside = /##(?=\w*\[)/gu;

/** One line of text in which nothing is hidden: what cannot be seen is written as `\n`, `\u001b` or `\u{e0041}`. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => short[character] ?? escapeOf(character));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** For a terminal or a CI log: always one line, no control sequence, no workflow command. */
export function forTerminal(text: string): string {
  return visible(text).replace(commandStart, '$1\\u003a').replace(commandInside, '#\\u0023');
}

/** JSON text of `value`, as `JSON.stringify` makes it, in which nothing is hidden either. It parses to the same value. */
export function forJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent) ?? 'null';
  return text.replace(/[^\n]+/g, (line) =>
    line.replace(hidden, (character) => utf16Escape(character)).replace(commandInside, '#\\u0023'),
  );
}

function utf16Escape(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For XML text and attributes in either kind of quote. */
export function forXml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** For HTML text and quoted attributes (not for URLs, scripts or styles). */
export function forHtml(text: string): string {
  return forXml(text);
}

/** An invisible break: GitHub finds mentions, issue numbers and bare links in the rendered text, where a backslash is gone. */
const breakHere = '&#8203;';

/** For Markdown prose and table cells: no markup, no HTML, no mention, no issue link, no automatic link. */
export function forMarkdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+\-.!|~$^=:]|[&<>"']/g, (character) => entities[character] ?? `\\${character}`)
    .replace(/@/g, `@${breakHere}`)
    .replace(/\\#(?=\d)/g, `\\#${breakHere}`)
    .replace(/\b(gh)\\-(?=\d)/gi, `$1\\-${breakHere}`)
    .replace(/\\:(?=\/\/)/g, `\\:${breakHere}`)
    .replace(/\b(www)\\\./gi, `$1${breakHere}\\.`);
}

/** A Markdown code span that holds `text` whole, in prose as in a table cell (`|` ends a cell even inside a span). */
export function markdownCode(text: string): string {
  const body = visible(text).replaceAll('|', '\\u007c');
  const fence = '`'.repeat(longestRun(body) + 1);
  const pad = body === '' || body.startsWith('`') || body.endsWith('`') || /^ .* $/u.test(body) ? ' ' : '';
  return `${fence}${pad}${body}${pad}${fence}`;
}

/** A fenced block of code of these lines, which none of them can end. Markdown makes nothing of what is inside. */
export function markdownFence(language: string, lines: readonly string[]): readonly string[] {
  const body = lines.map(forTerminal);
  const longest = body.reduce((most, line) => Math.max(most, longestRun(line)), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, ...body, fence];
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
}

/** For the message of a GitHub workflow command (`::error …::HERE`). Join lines of your own with `%0A`. */
export function forWorkflow(text: string): string {
  return visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** For a property of a GitHub workflow command (`::error file=HERE,…::`). */
export function forWorkflowProperty(text: string): string {
  return forWorkflow(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
