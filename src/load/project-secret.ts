import type { TextProblem } from './inspect.ts';
import { lineStart } from './line-column.ts';

/** A broken value of a token key may be a token: then the message says what is wrong without quoting it. */
export function withoutSecret(problem: TextProblem, text: string): TextProblem {
  if (!mayBeToken(text, problem.offset)) return problem;
  return {
    ...problem,
    message: 'This value is not what may stand here.',
    hint: `Write an environment variable, such as \${env.NAME}; a token has no place in a file.`,
  };
}

/** A longer line is not looked through: it may hold a token. */
const maxLine = 1000;

/** Does the text end, at `offset`, in the value of a token key, or right behind a line that does? A whole reference is no secret. */
function mayBeToken(text: string, offset: number): boolean {
  const line = lastLine(text, offset);
  if (line.length > maxLine) return true;
  const value = /^(.*?[^\w-]|)[\w-]*token["']?\s*:(?:\s(.*))?$/i.exec(line);
  if (value === null) return false;
  const [, head = '', rest = ''] = value;
  if (/^\s*["']?\$\{env\.\w+\}["']?\s*(?:#.*)?$/.test(rest)) return false;
  return !(head.includes('{') && /[,}]/.test(rest.replace(/\$\{[^}]*\}/g, '')));
}

/** The line up to `offset`, or where there is nothing on it, the last one before it that is not blank; of a long line its end. */
function lastLine(text: string, offset: number): string {
  let end = offset;
  while (end > 0 && /\s/.test(text[end - 1] ?? '')) end--;
  if (!/[\n\r]/.test(text.slice(end, offset))) end = offset;
  return text.slice(lineStart(text, end, maxLine + 1), end);
}
