import { asides, blocks } from './blocks.ts';
import { type Language, languageOf } from './language.ts';
import { Aside, Code, lex, lineEnd, Quoted, type Regions } from './regions.ts';

/** A file, and what each part of it is. */
export interface Page {
  readonly file: string;
  readonly text: string;
  readonly language: Language;
  readonly regions: Regions;
}

/** A file as it is looked through. */
export function pageOf(file: string, text: string): Page {
  const language = languageOf(file, text);
  const regions = new Uint8Array(text.length);
  const written = blocks(language, text);
  if (written === undefined) lex(regions, text, language, 0, text.length);
  else {
    regions.fill(Aside);
    for (const { from, to, language: own } of written) {
      regions.fill(Code, from, to);
      lex(regions, text, own, from, to);
      for (const [start, end] of asides(own, text, from, to)) regions.fill(Aside, start, end);
    }
  }
  for (const [start, end] of written === undefined ? asides(language, text, 0, text.length) : [])
    regions.fill(Aside, start, end);
  if (language.name === 'aside') regions.fill(Aside);
  return { file, text, language, regions };
}

/** Does something run, or read, what stands at an offset? */
export function isLive({ regions }: Page, offset: number): boolean {
  return regions[offset] !== Aside;
}

/** Is an address that stands at an offset one that something uses? Prose is no use, whether it stands in a comment or in quotes. */
export function isUsed(page: Page, offset: number, end: number): boolean {
  const { text, regions } = page;
  const line = text.slice(startOfLine(page, offset), offset);
  if (regions[offset] === Aside)
    return (page.language.name !== 'markdown' || /^(?: {4}|\t|\$ )/.test(line)) && calls(line);
  const isQuoted = regions[offset] === Quoted;
  const lead = isQuoted ? text.slice(startOfQuote(page, offset), offset) : scalar(page, line);
  const rest = text.slice(end, lineEnd(text, end, Math.min(text.length, end + 200)));
  if (searches.test(line) || sought.test(rest)) return false;
  if (lead === undefined || isCommand(lead)) return true;
  // A name of a step says what it does.
  const most = isQuoted || /^\s{0,100}(?:- +)?name:/.test(line) ? 0 : 1;
  return wordsIn(lead) <= most && !goesOn(rest);
}

/** How much of a line is looked at. */
const reach = 240;

/** Where the line starts that an offset stands on; no further back than anybody looks. */
export function startOfLine({ text }: Pick<Page, 'text'>, offset: number): number {
  const limit = Math.max(0, offset - reach);
  let start = offset;
  while (start > limit && !isBreak(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}

function startOfQuote({ text, regions }: Page, offset: number): number {
  const limit = startOfLine({ text }, offset);
  let start = offset;
  while (start > limit && regions[start - 1] === Quoted) start -= 1;
  return start;
}

/** What stands before an address in a value without quotes; undefined where that is code. */
function scalar({ language }: Page, line: string): string | undefined {
  if (language.name !== 'yaml') return undefined;
  const [, key = '', lead] = /^[ \t]*(?:- {1,20})*(?:["']?([\w.-]{1,80})["']?:[ \t]+)?(.*)$/.exec(line) ?? [];
  return commandKeys.test(key) ? undefined : lead;
}

/** What only looks for an address, or puts another in its place, does not call it. */
const searches =
  /\b(?:grep|rg|ack|sed)\s[^|;&]{0,200}$|\.(?:replace(?:All)?|includes|startsWith|startswith|contains|toContain|toMatch|match|test|indexOf|split|sub|gsub)\(\s{0,5}(?:\w{1,20},\s{0,5})?[frbu]?["'`/][^"'`]{0,100}$|\bassertNotIn\(|\bnot in\b/;

/** The same, in a language that says so behind it. */
const sought = /^[^"'`\s]{0,100}["']\s{1,5}(?:not\s{1,5})?in\s/;

const commandKeys = /^(?:run|script|commands?|cmd|args|entrypoint|exec|bash|sh|shell|\w+_script)$/i;
const commands =
  /(?:^|[\s"'`(|;&$])(?:curl|wget|xh|httpie|https?|iwr|irm|Invoke-\w+)\s|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD)\s+$/;

function isCommand(lead: string): boolean {
  return commands.test(lead) || /(?:^|\s)--?[\w-]{1,40}[ =]/.test(lead);
}

/** How many words end before the address, expressions aside. */
function wordsIn(lead: string): number {
  const words = lead.split(/[ \t]+/).slice(0, -1);
  return words.filter((word) => /^[^"'`]*\p{L}{2}[^"'`]*$/u.test(word)).length;
}

/** Does a sentence go on behind the address? */
function goesOn(rest: string): boolean {
  return /^[^\s"'`]{0,100}[ \t]+\p{Ll}{2,}[ \t]+\p{Ll}{2,}/u.test(rest);
}

const shellCall = /(?:^|[^\w-])(?:curl|wget|xh|Invoke-RestMethod|Invoke-WebRequest)\s/;
const codeCall =
  /(?:\bfetch|\baxios[.\w]*|\brequests\.\w+|\bhttpx\.\w+|\burlopen|\bRequest|\bgot|\bky|\bhttp\.\w+)\(\s*(?:["'][A-Z]+["'],\s*)?[frbu]?["'`]$/;

/** Does what stands before an address in an aside call it? Such a line is one that people paste; a sentence about a call is none. */
function calls(line: string): boolean {
  const shell = shellCall.exec(line);
  return shell === null ? codeCall.test(line) : wordsIn(line.slice(0, shell.index + 1)) <= 2;
}
