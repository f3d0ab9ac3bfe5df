/** Lines for `.gitignore`: local state that no one shares, plans, which hold hidden values, and what npm installs. */
const state = ['.syncline/*', '!.syncline/catalogue/'];
const others = ['/plan.json', '/plan-*.json', 'node_modules/'];

/** How people write that all of a folder is ignored. */
const olderState: readonly string[] = ['.syncline', '.syncline/', '/.syncline', '/.syncline/', '.syncline/**'];
const alike: Readonly<Record<string, readonly string[]>> = {
  'node_modules/': ['node_modules', '/node_modules', '/node_modules/', '**/node_modules', '**/node_modules/'],
  '/plan.json': ['plan.json', '*.json'],
  '/plan-*.json': ['plan-*.json', 'plan*.json', '/plan*.json', '*.json'],
};

/**
 * The text of a `.gitignore` with the lines for the state of Syncline. The catalogue in that folder is to be committed, so a line that
 * ignores all of it gives way; all else stays as it is.
 */
function ignoringState(text: string): string {
  return withLines(withoutOlder(text), state);
}

/** As `ignoringState`, with every other line that a new project wants. */
export function ignoringAll(text: string): string {
  return withLines(ignoringState(text), others);
}

function withoutOlder(text: string): string {
  const lines = text.split(/(?<=\n)/);
  const first = lines.findIndex((line) => olderState.includes(line.trim()));
  if (first < 0) return text;
  const end = /\r?\n$/.exec(lines[first] ?? '')?.[0] ?? '\n';
  const present = new Set(lines.map((line) => line.trim()));
  // Git looks into no folder that is ignored whole, so what is to be seen again must come after a line for its content.
  const mended = state.filter((line) => !present.has(line)).map((line) => `${line}${end}`);
  return lines
    .flatMap((line, index) => {
      if (!olderState.includes(line.trim())) return [line];
      return index === first ? mended : [];
    })
    .join('');
}

function withLines(text: string, wanted: readonly string[]): string {
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const isThere = (line: string) => [line, ...(alike[line] ?? [])].some((one) => present.has(one));
  const missing = wanted.filter((line) => !isThere(line));
  if (missing.length === 0) return text;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : end;
  return `${text}${gap}${missing.join(end)}${end}`;
}
