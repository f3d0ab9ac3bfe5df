import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectFile } from '../../src/cli/init/templates.ts';
import { starter } from '../../src/providers/census/starter.ts';
import { built } from '../support/processes.ts';

/** Writes down every file that a process loads as a module. */
const hooks = `
import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  if (url.startsWith('file:')) appendFileSync(process.env.LOADED, url + '\\n');
  return next(url, context);
}`;

const heavy = [
  ['undici', /node_modules\/undici\//],
  ['the comment-keeping YAML parser', /node_modules\/yaml\//],
  ['the emulator', /src\/emulator\//],
  ['the published schemas', /src\/generated\/schemas/],
  ['the texts of a first project and of the demo', /src\/providers\/.*\/(starter|chapter)\.ts/],
  ['a glob library', /node_modules\/(tinyglobby|picomatch|fdir)\//],
  ['the emoji tables', /node_modules\/(string-width|emoji-regex)\//],
  ['plans', /src\/(core\/(plan|memory|undo)|engine\/(plan|apply))/],
  ['the ledger', /src\/ledger\//],
  ['the transport', /src\/http\//],
] as const;

describe('what a start loads', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'syncline-start-'));
  let help: readonly string[] = [];
  let validate: readonly string[] = [];

  beforeAll(() => {
    mkdirSync(join(cwd, 'syncs'));
    writeFileSync(join(cwd, 'syncline.yaml'), projectFile(starter, ['syncs/**/*.yaml']));
    writeFileSync(join(cwd, 'syncs/example.yaml'), starter.manifest);
    writeFileSync(join(cwd, 'hooks.mjs'), hooks);
    help = loadedBy('--help');
    validate = loadedBy('validate');
  });

  afterAll(() => rmSync(cwd, { recursive: true }));

  /** The sources inside the files of the bundle that a command line loads, as the build has written them down. */
  function loadedBy(argument: string): readonly string[] {
    const log = join(cwd, `${argument}.txt`);
    const register = `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(join(cwd, 'hooks.mjs')).href)});`;
    const hook = `data:text/javascript,${encodeURIComponent(register)}`;
    execFileSync(process.execPath, ['--import', hook, built(), argument], { cwd, env: { LOADED: log }, stdio: 'pipe' });
    const files = readFileSync(log, 'utf8').trim().split('\n');
    const dist = pathToFileURL(join(dirname(built()), '/')).href;
    const sources: Readonly<Record<string, readonly string[]>> = JSON.parse(
      readFileSync(new URL('sources.json', dist), 'utf8'),
    );
    return files.filter((file) => file.startsWith(dist)).flatMap((file) => sources[file.slice(dist.length)] ?? []);
  }

  test('--help loads the parser, the table of commands, how each is loaded, and no command', () => {
    const light = [
      'src/model/base-url.ts',
      'src/model/errors.ts',
      'src/model/json.ts',
      'src/model/version.ts',
      'src/core/look-alike.ts',
      'src/core/suggest.ts',
      'src/core/stable.ts',
      'src/generated/services.ts',
      'src/render/style.ts',
      'src/wire/json.ts',
    ];
    expect(help.filter((file) => /src\/(?!cli\/)/.test(file) && !light.includes(file))).toEqual([]);
    expect(help.filter((file) => file.startsWith('src/cli/commands/')).map((file) => basename(file))).toEqual([
      'load.ts',
      'table.ts',
    ]);
    expect(help.some((file) => file.startsWith('node_modules/yargs/'))).toBe(true);
  });

  test('validate loads the fast YAML parser, and the rules of no kind but those that a manifest is of', () => {
    expect(validate.some((file) => file.startsWith('node_modules/js-yaml/'))).toBe(true);
    expect(validate.filter((file) => file.startsWith('src/generated/validators/')).sort()).toEqual([
      'src/generated/validators/census-sync.js',
      'src/generated/validators/project-file.js',
    ]);
  });

  test.each(heavy)('neither loads %s', (_name, pattern) => {
    expect([...help, ...validate].filter((file) => pattern.test(file))).toEqual([]);
  });
});
