import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type TransformOptions, transformSync } from 'esbuild';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { byCodePoint } from '../src/core/stable.ts';

const src = join(import.meta.dirname, '../src');

/** What each room may import beside itself. `lazy`: only inside `await import()`. A trailing `*` stands for any rest. */
const floors: Readonly<
  Record<
    string,
    {
      readonly rooms: readonly string[];
      readonly packages: readonly string[];
      readonly lazy?: readonly string[];
    }
  >
> = {
  model: { rooms: [], packages: [] },
  generated: { rooms: ['model'], packages: [] },
  core: { rooms: ['model'], packages: ['fast-deep-equal', 'node:crypto'] },
  render: { rooms: ['model'], packages: ['node:util'] },
  load: {
    rooms: ['model', 'generated', 'core'],
    packages: ['js-yaml', 'yaml', 'tinyglobby', 'liquidjs', 'node:fs', 'node:path'],
  },
  // The text of manifests: text in, text out.
  write: { rooms: ['model', 'generated', 'core', 'load'], packages: ['js-yaml', 'node:path'] },
  http: { rooms: ['model'], packages: ['undici', 'node:events'] },
  // Strict decoding that all services share.
  wire: { rooms: ['model'], packages: [] },
  providers: {
    rooms: ['model', 'generated', 'http', 'wire'],
    packages: [],
    lazy: ['liquidjs', 'croner', 'undici', 'emulator'],
  },
  ledger: { rooms: ['model', 'core'], packages: ['node:*'] },
  engine: { rooms: ['model', 'core', 'load', 'render', 'ledger', 'write'], packages: [] },
  // The one door to the engine, for the command line and the library.
  session: {
    rooms: ['model', 'core', 'load', 'providers', 'ledger', 'engine'],
    packages: ['node:path', 'node:crypto', 'node:fs', 'node:fs/*', 'node:events', 'node:os', 'node:worker_threads'],
  },
  emulator: { rooms: [], packages: ['node:*'] },
  codegen: { rooms: ['*'], packages: ['*'] },
  cli: {
    rooms: [
      ...['model', 'generated', 'core', 'render', 'load', 'http', 'providers', 'ledger', 'engine', 'session'],
      ...['emulator', 'write'],
    ],
    packages: ['yargs', 'yargs/*', 'node:*'],
  },
  // The GitHub Action: the command line in one process with whoever tells GitHub of it.
  action: {
    rooms: ['model', 'core', 'load', 'render', 'ledger', 'engine', 'session', 'cli'],
    packages: ['@actions/core', 'undici', 'node:*'],
  },
  // The door of the library, and the functions behind it.
  'index.ts': { rooms: ['library.ts', 'model', 'core', 'engine', 'providers'], packages: [] },
  'library.ts': { rooms: ['model', 'engine', 'session'], packages: [] },
};

/** What each room of the core may import of the others; all of them may use what lies in none. Types alone may come from anywhere. */
const coreRooms: Readonly<Record<string, readonly string[]>> = {
  spec: [],
  schema: [],
  validate: ['schema'],
  references: ['spec'],
  memory: ['spec', 'references'],
  moves: ['references'],
  plan: ['spec', 'references', 'memory', 'moves'],
  adopt: ['spec', 'references', 'memory', 'plan'],
  undo: ['spec', 'references', 'memory', 'moves', 'plan'],
  status: ['spec', 'references', 'moves'],
  catalogue: [],
  pull: ['spec', 'references'],
  migrate: ['spec', 'references'],
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly lazy: boolean;
  readonly typeOnly: boolean;
}

const files = globSync('**/*.{ts,js}', { cwd: src })
  .filter((file) => !file.endsWith('.d.ts'))
  .map((file) => file.split(sep).join('/'));
const imports = files.flatMap(importsOf);

describe('the floors', () => {
  test.each(Object.keys(floors))('%s imports only what its floor allows', (room) => {
    const forbidden = imports.filter((one) => one.from === room && !allowed(one));
    expect(forbidden.map((one) => `${one.file} imports ${one.to}`)).toEqual([]);
  });

  test('every file stands in a room that the table names', () => {
    expect(files.filter((file) => !Object.hasOwn(floors, roomOf(file)))).toEqual([]);
  });

  test('rooms import each other in one direction only', () => {
    const edges = new Map<string, Set<string>>();
    for (const one of imports) {
      const to = isRelative(one.to) ? roomOf(one.to) : one.from;
      if (to !== one.from && one.from !== 'codegen') edges.set(one.from, (edges.get(one.from) ?? new Set()).add(to));
    }
    expect(cycleIn(edges)).toBeUndefined();
  });

  test('the rooms of the core import each other in one direction only', () => {
    const roomIn = (path: string) => /^core\/(\w+)\//.exec(inside(path))?.[1];
    const rooms = new Set(files.map(roomIn).filter((room) => room !== undefined));
    expect([...rooms].sort(byCodePoint)).toEqual(Object.keys(coreRooms).sort(byCodePoint));
    const forbidden = imports.filter(({ file, to, typeOnly }) => {
      const [from, other] = [roomIn(file), roomIn(to)];
      return (
        from !== undefined && other !== undefined && other !== from && !typeOnly && !coreRooms[from]?.includes(other)
      );
    });
    expect(forbidden.map((one) => `${one.file} imports ${one.to}`)).toEqual([]);
  });

  test('no file loads itself through others', () => {
    const edges = new Map<string, Set<string>>();
    for (const one of imports) {
      if (!isRelative(one.to) || one.typeOnly || one.lazy) continue;
      edges.set(one.file, (edges.get(one.file) ?? new Set()).add(inside(one.to)));
    }
    expect(cycleIn(edges)).toBeUndefined();
  });
});

describe('what code may touch', () => {
  const rooms = (...names: readonly string[]) => files.filter((file) => names.includes(roomOf(file)));

  test('only the command line and the entry of the Action touch process and console', () => {
    const allowed = [...rooms('cli', 'codegen', 'generated'), 'action/main.ts'];
    const elsewhere = files.filter((file) => !allowed.includes(file));
    const touching = elsewhere.filter(
      (file) => globalsIn(file, ['process', 'console']).length > 0 || /from 'node:(process|console)'/.test(read(file)),
    );
    expect(touching).toEqual([]);
  });

  test('model, core and render are synchronous and have no clock, randomness or network', () => {
    const globals = ['Promise', 'setTimeout', 'setImmediate', 'setInterval', 'queueMicrotask', 'performance', 'crypto'];
    const others = ['fetch', 'globalThis', 'Math.random', 'Date.now', 'Intl'];
    const words = /\bnew Date\(\)|\brandomUUID\b|\brandomBytes\b|__async|__forAwait/;
    // An engine without `async` gets calls of helpers instead, which the words above find.
    const withoutAsync = { supported: { 'async-await': false } };
    const impure = rooms('model', 'core', 'render').filter(
      (file) => globalsIn(file, [...globals, ...others]).length > 0 || words.test(plainCode(file, withoutAsync)),
    );
    expect(impure).toEqual([]);
  });

  test('no order and no output depends on the language of the machine', () => {
    const local = files.filter((file) => /\.(toLocale\w+|localeCompare)\(|\bIntl\./.test(plainCode(file)));
    expect(local).toEqual([]);
  });

  test('only the folders of a service, the registry, the door of the library and what is generated name one', () => {
    const names = /census|fabra/i;
    const elsewhere = files.filter((file) => !/^(?:providers|emulator|generated)\/|^index\.ts$/.test(file));
    expect(elsewhere.filter((file) => names.test(plainCode(file)))).toEqual([]);
  });

  test('a service imports nothing of another one', () => {
    const folderOf = (path: string) => /^(?:\.\/)?providers\/(\w+)\//.exec(path)?.[1];
    const strange = imports.filter(({ file, to }) => {
      const [from, other] = [folderOf(file), folderOf(to)];
      return from !== undefined && other !== undefined && from !== other;
    });
    expect(strange).toEqual([]);
  });

  test('exports have names', () => {
    const nameless = files.filter(
      (file) => roomOf(file) !== 'generated' && /^export default\b|\bas default\b/m.test(read(file)),
    );
    expect(nameless).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(join(src, file), 'utf8');
}

function roomOf(path: string): string {
  return inside(path).split('/')[0] ?? '';
}

/** Relative targets are kept as `./room/file.ts`, seen from `src`; anything else is a package. */
function isRelative(target: string): boolean {
  return target.startsWith('./');
}

function inside(path: string): string {
  return path.replace(/^\.\//, '');
}

function importsOf(file: string): Import[] {
  const text = read(file);
  const fixed = text.matchAll(/^(?:import|export)\s(type\s)?(?:[^'"();]*?\sfrom\s)?['"]([^'"]+)['"]/gm);
  const dynamic = text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [
    ...[...fixed].map((match) => entry(file, match[2] ?? '', false, match[1] !== undefined)),
    ...[...dynamic].map((match) => entry(file, match[1] ?? '', true, false)),
  ];
}

function entry(file: string, target: string, lazy: boolean, typeOnly: boolean): Import {
  const relativeTo = target.startsWith('.')
    ? `./${relative(src, join(src, dirname(file), target))
        .split(sep)
        .join('/')}`
    : target;
  return { file, from: roomOf(file), to: relativeTo, lazy, typeOnly };
}

function allowed(one: Import): boolean {
  const floor = floors[one.from];
  if (floor === undefined) return false;
  const lazily = one.lazy || one.typeOnly ? (floor.lazy ?? []) : [];
  if (isRelative(one.to)) return [one.from, ...floor.rooms, ...lazily].some((room) => fits(roomOf(one.to), room));
  return [...floor.packages, ...lazily].some((name) => fits(one.to, name));
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** JavaScript without types and comments. */
function plainCode(file: string, options: TransformOptions = {}): string {
  return transformSync(read(file), { loader: file.endsWith('.ts') ? 'ts' : 'js', ...options }).code;
}

/** Which of these globals the file reads. The compiler looks: a local of the same name, a string or a key is none. */
function globalsIn(file: string, names: readonly string[]): string[] {
  const mark = (name: string) => `FOUND_${name.replace('.', '_')}`;
  const code = plainCode(file, { define: Object.fromEntries(names.map((name) => [name, mark(name)])) });
  return names.filter((name) => code.includes(mark(name)));
}

/** One cycle as a readable path, or undefined. */
function cycleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const done = new Set<string>();
  function visit(node: string, path: readonly string[]): string | undefined {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node].join(' -> ');
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const found = visit(next, [...path, node]);
      if (found !== undefined) return found;
    }
    done.add(node);
    return undefined;
  }
  for (const node of edges.keys()) {
    const found = visit(node, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
