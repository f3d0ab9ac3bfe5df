import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './support/processes.ts';

const root = join(import.meta.dirname, '..');
const fixture = join(import.meta.dirname, 'fixtures/tiny');

/** The product as it is, with one more service: its folder, its schema sources and a line of the registry. */
let product: string;
beforeAll(() => {
  product = mkdtempSync(join(tmpdir(), 'syncline-third-'));
  for (const part of ['src', 'schemas', 'scripts', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(product, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(product, 'node_modules'));
  cpSync(join(fixture, 'provider'), join(product, 'src/providers/tiny'), { recursive: true });
  cpSync(join(fixture, 'schemas'), join(product, 'schemas/source/tiny'), { recursive: true });
  const registry = join(product, 'src/providers/index.ts');
  const text = readFileSync(registry, 'utf8');
  const more = text.replace('[census, fabra]', '[census, fabra, tiny]');
  expect(more).not.toBe(text);
  writeFileSync(registry, `import { tiny } from './tiny/service.ts';\n${more}`);
  for (const script of ['generate', 'build'])
    execFileSync(process.execPath, [join(product, 'scripts', `${script}.mjs`)], { cwd: product, stdio: 'pipe' });
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', product], { cwd: product, stdio: 'pipe' });
}, 120_000);
afterAll(() => rmSync(product, { recursive: true, force: true }));

/** Two collections that count their ids from 1, each by itself. */
async function tinyService() {
  const items: Shelf = new Map();
  const shelves = new Map([
    ['boxes', new Map() as Shelf],
    ['items', items],
  ]);
  const log: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const { method = 'GET', url = '/' } = request;
      const [, collection = '', id] = url.split('/');
      const shelf: Shelf = shelves.get(collection) ?? new Map();
      const body = text === '' ? {} : JSON.parse(text);
      if (method !== 'GET') log.push(`${method} ${url}`);
      const [status, answer] = answerTo(shelf, method, id, body);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, items, log, close: () => server.close() };
}

type Shelf = Map<string, Record<string, unknown>>;

function answerTo(shelf: Shelf, method: string, id: string | undefined, body: object): [number, unknown] {
  if (id === undefined && method === 'GET') return [200, [...shelf.values()]];
  if (id === undefined) {
    const made = { ...body, id: String(shelf.size + 1) };
    shelf.set(made.id, made);
    return [201, made];
  }
  const one = shelf.get(id);
  if (one === undefined) return [404, { error: 'not found' }];
  if (method === 'PATCH') shelf.set(id, { ...one, ...body });
  if (method === 'DELETE') shelf.delete(id);
  return [200, shelf.get(id) ?? {}];
}

test('a third service needs its folder, its schema sources and a line of the registry, and nothing else', async () => {
  const service = await tinyService();
  const folder = mkdtempSync(join(tmpdir(), 'syncline-tiny-'));
  try {
    mkdirSync(join(folder, 'things'));
    const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
    const project = (manifests: string) =>
      `version: 1\nmanifests: ${manifests}\nledger: file\ntargets:\n  home: { provider: tiny, api: v1, base_url: "${service.url}", token: "\${env.TOKEN}" }\n`;
    write('syncline.yaml', project('[things/*.yaml]'));
    write('things/a.yaml', 'kind: TinyItem\nname: hammer\nspec: { title: Tools, box: Tools, weight: 500 }\n');
    write('things/b.yaml', 'kind: TinyBox\nname: tools\nspec: { title: Tools, colour: red }\n');
    const syncline = (line: string) =>
      run(process.execPath, [join(product, 'dist/cli.js'), ...line.split(' ')], {
        cwd: folder,
        env: { TOKEN: 'secret' },
      });

    expect(await syncline('validate')).toMatchObject({ code: 0 });
    const planned = await syncline('plan --format json');
    expect(JSON.parse(planned.stdout).plans[0].changes).toMatchObject([
      { action: 'create', address: 'TinyBox/tools' },
      {
        action: 'create',
        address: 'TinyItem/hammer',
        depends_on: ['TinyBox/tools'],
        about: { destination: { id: null, name: 'Tools', address: 'TinyBox/tools' } },
      },
    ]);
    expect(await syncline('apply --auto-approve')).toMatchObject({ code: 0 });
    expect([...service.items.values()]).toEqual([{ id: '1', title: 'Tools', weight: 500, box_id: '1' }]);
    expect(await syncline('plan --exit-code')).toMatchObject({ code: 0 });

    write('things/b.yaml', 'kind: TinyBox\nname: tools\nspec: { title: Toolbox, colour: blue }\n');
    write('things/a.yaml', 'kind: TinyItem\nname: hammer\nspec: { title: Tools, box: Toolbox, wight: 1 }\n');
    expect(await syncline('validate')).toMatchObject({
      code: 3,
      stderr: '',
      stdout: expect.stringContaining('Did you mean "weight"?'),
    });
    write('things/a.yaml', 'kind: TinyItem\nname: hammer\nspec: { title: Tools, box: Toolbox, weight: 1 }\n');
    expect(await syncline('apply --auto-approve')).toMatchObject({ code: 0 });
    rmSync(join(folder, 'things'), { recursive: true });
    write('syncline.yaml', project('[]'));
    service.log.length = 0;
    expect(await syncline('apply --auto-approve --prune')).toMatchObject({ code: 0 });
    expect(service.log).toEqual(['DELETE /items/1', 'DELETE /boxes/1']);
    expect((await syncline('schema')).stdout).toContain('TinyItem');
    const whole = JSON.parse((await syncline('schema manifest')).stdout);
    expect(whole.properties.kind.enum).toEqual(expect.arrayContaining(['CensusSync', 'TinyBox', 'TinyItem']));
    expect(JSON.parse(readFileSync(join(product, 'schemas/manifest.schema.json'), 'utf8'))).toMatchObject(whole);
  } finally {
    service.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
