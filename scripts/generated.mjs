// Runs the generator. Node 20 cannot run TypeScript, so it is bundled first.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const schemas = 'src/generated/schemas.js';
const validators = 'src/generated/validators';
/** Says what the files above were made from. Times would not do: a checkout or a copy changes them. */
const stamp = join(root, 'src/generated/.made-from');

/** Writes every generated file; gives back how many there are. */
export async function generateAll() {
  const generator = await bundled();
  const files = await withModule(generator, (module) => module.generate(root));
  write(files, madeFrom(generator));
  return files.size;
}

/** Writes the generated files that Git does not have, where one is missing or made from something else. */
export async function ensureGenerated() {
  const generator = await bundled();
  const now = madeFrom(generator);
  if (
    uncommitted().every((file) => existsSync(join(root, file))) &&
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === now
  )
    return;
  write(await withModule(generator, (module) => module.generateUncommitted(root)), now);
}

/** Each validator has a declaration beside it, which Git has. */
function uncommitted() {
  const declared = readdirSync(join(root, validators)).filter((file) => file.endsWith('.d.ts'));
  return [schemas, ...declared.map((file) => join(validators, file.replace(/\.d\.ts$/, '.js')))];
}

async function bundled() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/codegen/generate.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
  });
  return outputFiles[0].text;
}

/** A digest of the generator, of the packages it calls, and of everything it reads. */
function madeFrom(generator) {
  const hash = createHash('sha256').update(generator);
  const sources = readdirSync(join(root, 'schemas/source'), { recursive: true }).filter((one) => one.endsWith('.yaml'));
  const others = ['package.json', 'package-lock.json'].filter((file) => existsSync(join(root, file)));
  for (const file of [...sources.map((one) => join('schemas/source', one)).sort(), ...others])
    hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return `${hash.digest('hex')}\n`;
}

/** The packages that the generator imports are found from inside `node_modules`; each process has a file of its own there. */
async function withModule(generator, work) {
  const file = join(root, `node_modules/.cache/syncline/generate-${process.pid}.mjs`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, generator);
  try {
    return await work(await import(pathToFileURL(file).href));
  } finally {
    rmSync(file);
  }
}

/** The stamp comes last: what was interrupted is made again. */
function write(files, made) {
  rmSync(stamp, { force: true });
  for (const [file, text] of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  writeFileSync(stamp, made);
}
