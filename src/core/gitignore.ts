/** What keeps the local state of a project out of Git, and lets its catalogues in. */
export const stateLines: readonly string[] = ['.syncline/*', '!.syncline/catalogue/'];

const older = /^\/?\.syncline\/?$/;

/**
 * The text of a `.gitignore` whose older line for the whole folder has become the lines that let catalogues in; everything else stays.
 * Without such a line the text is returned as it is.
 */
export function withCatalogues(text: string): string {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => older.test(line.trim()));
  if (at < 0) return text;
  const end = lines[at]?.endsWith('\r') === true ? '\r' : '';
  const present = new Set(lines.map((line) => line.trim()));
  const missing = stateLines.filter((line) => !present.has(line)).map((line) => `${line}${end}`);
  return [...lines.slice(0, at), ...missing, ...lines.slice(at + 1).filter((line) => !older.test(line.trim()))].join(
    '\n',
  );
}
