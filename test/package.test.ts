import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { built, type Ended, root, run } from './support/processes.ts';

/** A folder that holds nothing but the packed and installed package. */
let folder = '';
let packed: readonly string[] = [];

beforeAll(async () => {
  built();
  folder = mkdtempSync(join(tmpdir(), 'syncline-package-'));
  const pack = await succeed(npm(['pack', '--json', '--pack-destination', folder], root));
  const [report] = JSON.parse(pack.stdout);
  packed = report.files.map((file: { readonly path: string }) => file.path);
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const flags = ['--offline', '--no-audit', '--no-fund'];
  await succeed(npm(['install', ...flags, join(folder, report.filename)], folder));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds what users need and nothing else', () => {
  const roots = new Set(packed.map((path) => path.split('/')[0]));
  expect(roots).toEqual(new Set(['LICENSE', 'README.md', 'dist', 'examples', 'package.json', 'schemas']));
  expect(packed).toContain('schemas/census/sync.schema.json');
  expect(packed.filter((path) => /(^|\/)(source|\.syncline|node_modules)\//.test(path))).toEqual([]);
});

test('has no runtime dependencies and no install scripts', () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/syncline/package.json'), 'utf8'));
  expect(manifest.dependencies ?? {}).toEqual({});
  expect(Object.keys(manifest.scripts ?? {}).filter((name) => /install|prepare/.test(name))).toEqual([]);
});

test('the installed binary runs', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const said = await run(join(folder, 'node_modules/.bin/syncline'), ['--version'], { cwd: folder });
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toContain(version);
});

test('the library can be imported', async () => {
  const script =
    "const { validate, plan, apply } = await import('syncline'); console.log(typeof validate, typeof plan, typeof apply);";
  write('use.mjs', script);
  const said = await run(process.execPath, ['use.mjs'], { cwd: folder });
  expect(said).toEqual({ code: 0, stdout: 'function function function\n', stderr: '' });
});

test('a TypeScript project can use it under strict settings', async () => {
  write('tsconfig.json', JSON.stringify(strict));
  write('use.ts', consumer);
  const said = await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder });
  expect(said).toEqual({ code: 0, stdout: '', stderr: '' });

  write('use.ts', consumer.replace('plan;', 'plan.nowhere;'));
  const wrong = await run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'], { cwd: folder });
  expect(wrong.stdout).toContain("Property 'nowhere' does not exist");
});

/** Declarations are checked too (`skipLibCheck: false`), so that none of them points at a file that is not shipped. */
const strict = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    target: 'es2023',
    module: 'nodenext',
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
  },
  files: ['use.ts'],
};

const consumer = `import { apply, plan, validate } from 'syncline';

export const stages = { validate, plan, apply };
export const second: typeof stages.plan = stages.plan;
`;

function npm(args: readonly string[], cwd: string): Promise<Ended> {
  return run('npm', args, { cwd });
}

async function succeed(ending: Promise<Ended>): Promise<Ended> {
  const end = await ending;
  if (end.code !== 0) throw new Error(`${end.stdout}\n${end.stderr}`);
  return end;
}

function write(name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}
