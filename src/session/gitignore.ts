import { stateLines, withCatalogues } from '../core/gitignore.ts';

/** Plans, which hold hidden values, under the names that help and guides give them, reports of plans, and what npm installs. */
const others = ['/plan.json', '/plan-*.json', '/plan.html', '/plan.md', 'node_modules/'];

/** How people have written the same, or more. */
const alike: Readonly<Record<string, readonly string[]>> = {
  'node_modules/': ['node_modules', '/node_modules', '/node_modules/', '**/node_modules', '**/node_modules/'],
  '/plan.json': ['plan.json', '*.json'],
  '/plan.html': ['plan.html', '*.html'],
  '/plan.md': ['plan.md'],
  '/plan-*.json': ['plan-*.json', 'plan*.json', '/plan*.json', '*.json'],
};

/** The text of a `.gitignore` with every line that a project wants, and an older line for its state mended; all else stays. */
export function ignoringAll(text: string): string {
  const mended = withCatalogues(text);
  const present = new Set(mended.split(/\r?\n/).map((line) => line.trim()));
  const isThere = (line: string) => [line, ...(alike[line] ?? [])].some((one) => present.has(one));
  const missing = [...stateLines, ...others].filter((line) => !isThere(line));
  if (missing.length === 0) return mended;
  const end = mended.includes('\r\n') ? '\r\n' : '\n';
  const gap = mended === '' || mended.endsWith('\n') ? '' : end;
  return `${mended}${gap}${missing.join(end)}${end}`;
}
