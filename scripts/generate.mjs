// Writes every generated file. Node 20 cannot run TypeScript, so the generator is bundled first.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const outfile = path.join(root, 'node_modules/.cache/syncline/generate.mjs');
await build({
  entryPoints: [path.join(root, 'src/codegen/generate.ts')],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
});
const { generate } = await import(pathToFileURL(outfile).href);
const files = await generate(root);
for (const [file, text] of files) {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}
console.log(`${files.size} files generated.`);
