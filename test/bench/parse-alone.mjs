// The yardstick of `validate`: reads and parses every manifest of a folder with one parser, and nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [parser, folder] = process.argv.slice(2);
const parse = await parserNamed(parser);
let documents = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !entry.name.endsWith('.yaml')) continue;
  parse(readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  documents += 1;
}
if (documents === 0) throw new Error(`No manifest in ${folder}.`);

/** js-yaml from its CommonJS file: its ES module is several times slower on Node 20, which would flatter Syncline. */
async function parserNamed(name) {
  if (name === 'yaml') return (await import('yaml')).parse;
  if (name === 'js-yaml') return createRequire(import.meta.url)('js-yaml').load;
  throw new Error(`No parser ${name}.`);
}
