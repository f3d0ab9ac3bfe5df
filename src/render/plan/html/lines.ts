import { forHtml } from '../../escape.ts';

/** These lines of HTML below each other, without the empty ones. */
export function lines(all: readonly string[]): string {
  return all.filter((line) => line !== '').join('\n');
}

/** A sentence of ours, in which what stands between backticks is code. */
export function withCode(text: string): string {
  return forHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}
