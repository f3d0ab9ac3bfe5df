import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { folder } from './in-process.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

interface Cached extends Workspace {
  /** The one file of the cache. */
  kept(): string;
  /** What `validate` says; the same without a cache, and with one the first time, the second, which keeps, and the third, which looks up. */
  validate(line?: string): Promise<string>;
  cache: { readonly folder: string; readonly program: string };
}

/** Enough manifests for a cache, on two targets, with a dataset whose SQL stands in a file and a sync that reads it. */
async function cached(): Promise<Cached> {
  const world = await workspace();
  const { emulator, write, run } = world;
  const targets = project({ production: emulator.url, staging: emulator.url })
    .replace('production: {', 'production: { vars: { who: Contact },')
    .replace('staging: {', 'staging: { vars: { who: Lead },');
  write('syncline.yaml', targets);
  for (let index = 0; index < 60; index += 1) {
    const text = manifest(`m${index}`);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how variables are written.
    write(`syncs/m${index}.yaml`, index % 3 === 0 ? text.replace('object: Contact', 'object: "${vars.who}"') : text);
  }
  write('sql/users.sql', 'select secret_of_sql\n');
  write('syncs/dataset.yaml', dataset);
  write('syncs/reads.yaml', reader);
  const cache = { folder: join(folder(), 'kept'), program: 'this one' };
  const validate = async (line = 'validate') => {
    const setting = { cache };
    const without = await run(line);
    for (let time = 0; time < 3; time += 1) expect(await run(line, setting)).toEqual(without);
    return without.out;
  };
  const kept = () => join(cache.folder, readdirSync(cache.folder)[0] ?? '');
  return { ...world, validate, kept, cache };
}

const dataset =
  'kind: CensusDataset\nname: users\nspec: { name: Users, type: sql, source: Snowflake Prod, query: { file: ../sql/users.sql } }\n';
const reader = manifest('reads').replace(/object: \{ type: table.*\}/, 'object: { type: dataset, name: Users }');
const valid = '63 manifests are valid.\n';

describe('a validate after others', () => {
  test.each<readonly [string, (world: Cached) => void, readonly string[]]>([
    ['nothing', () => undefined, []],
    [
      'a file with a mistake',
      ({ write }) => write('syncs/m7.yaml', manifest('m7').replace('upsert', 'upserted')),
      ['m7'],
    ],
    ['a file that is no YAML any more', ({ write }) => write('syncs/m7.yaml', 'kind: ['), ['m7']],
    [
      'a label that another file has',
      ({ write }) => write('syncs/m7.yaml', manifest('m7').replace('of m7', 'of m8')),
      ['m8'],
    ],
    ['a name that another file has', ({ write }) => write('syncs/m7.yaml', manifest('m8')), ['m8']],
    [
      'the source of a dataset that others read',
      ({ write }) => write('syncs/dataset.yaml', dataset.replace('Snowflake Prod', 'Postgres')),
      ['reads', 'Postgres'],
    ],
    ['the SQL in a file, to nothing', ({ write }) => write('sql/users.sql', ' \n'), ['empty-file']],
    ['the SQL in a file, which is gone', ({ folder: root }) => rmSync(join(root, 'sql/users.sql')), ['missing-file']],
    [
      'a file of SQL to a link that leaves the project, to the same text',
      ({ folder: root, cache }) => {
        const outside = join(cache.folder, '../users.sql');
        writeFileSync(outside, 'select secret_of_sql\n');
        rmSync(join(root, 'sql/users.sql'));
        symlinkSync(outside, join(root, 'sql/users.sql'));
      },
      ['symlink-outside'],
    ],
    [
      'a variable that is gone',
      ({ write, emulator }) => write('syncline.yaml', project({ production: emulator.url })),
      ['who'],
    ],
    ['a manifest that is gone', ({ folder: root }) => rmSync(join(root, 'syncs/m7.yaml')), []],
    [
      'the earlier name of a manifest, to one that is there',
      ({ write }) => write('syncs/m7.yaml', manifest('m7').replace('spec:', 'moved_from: [m7]\nspec:')),
      ['moved-from-itself'],
    ],
  ])('says what the first one would, after a change of %s', async (_, change, told) => {
    const world = await cached();
    expect(await world.validate()).toBe(valid);
    change(world);
    const said = await world.validate();
    for (const one of told) expect(said).toContain(one);
    if (told.length > 0) expect(said).not.toBe(valid);
  });

  test('of one target, or of some files, says nothing of the others', async () => {
    const { validate, write } = await cached();
    await validate('validate --target staging --format json');
    write('syncs/m8.yaml', manifest('m8').replace('of m8', 'of m7'));
    const said = JSON.parse(await validate('validate syncs/m8.yaml --format json'));
    expect(said).toMatchObject({ diagnostics: [{ code: 'duplicate-label', file: 'syncs/m8.yaml' }] });
    await validate('validate --target staging');
    await validate();
  });

  test('asks the catalogue anew', async () => {
    const { validate, write, emulator, run } = await cached();
    expect(await validate()).toBe(valid);
    expect((await run('pull --catalogue --target production', { env: { TOKEN: emulator.token } })).code).toBe(Exit.ok);
    write('syncs/m7.yaml', manifest('m7').replace('table_name: users', 'table_name: usres'));
    expect(await validate()).toContain('usres');
  });
});

describe('what validate has found', () => {
  test('is looked up, and not found anew', async () => {
    const { validate, run, cache, kept } = await cached();
    await validate();
    writeFileSync(kept(), readFileSync(kept(), 'utf8').replace('Label of m7"', 'Label of m8"'));
    expect((await run('validate', { cache })).out).toContain('duplicate-label');
  });

  test.each(['plan', 'apply --auto-approve', 'status'])('is nothing to %s', async (line) => {
    const { validate, run, cache, kept, emulator } = await cached();
    await validate();
    writeFileSync(kept(), readFileSync(kept(), 'utf8').replaceAll('Label of', 'Never this'));
    const { code, err } = await run(`${line} --target production`, { cache, env: { TOKEN: emulator.token } });
    expect({ code, err: err.includes('label') }).toEqual({ code: Exit.ok, err: false });
    expect(readFileSync(kept(), 'utf8')).toContain('Never this');
  });

  test('by another program counts for nothing', async () => {
    const { validate, run, cache, kept } = await cached();
    await validate();
    writeFileSync(kept(), readFileSync(kept(), 'utf8').replace('Label of m7"', 'Label of m8"'));
    for (let time = 0; time < 3; time += 1)
      expect((await run('validate', { cache: { ...cache, program: 'the next one' } })).out).toBe(valid);
  });

  test.each<readonly [string, (text: string) => string]>([
    ['nothing', () => ''],
    ['no JSON', (text) => text.replaceAll(',[1,', ',[1;')],
    ['half of it', (text) => text.slice(0, text.length / 2)],
    ['a head alone', (text) => text.split('\n')[0] ?? ''],
    ['text in the place of a spec', (text) => text.replaceAll(/\{"label":"[^"]*"\}/g, '"text"')],
    ['less than there should be', (text) => text.replaceAll(',null,null,null]', ',null,null]')],
    ['less than nothing', (text) => text.replaceAll(',[1,', ',[-1,')],
    ['text in the place of targets', (text) => text.replaceAll('["production","staging"]', '"production"')],
  ])('and is broken, with %s in its file, is found anew', async (_, broken) => {
    const { validate, kept } = await cached();
    await validate();
    const text = readFileSync(kept(), 'utf8');
    expect(broken(text)).not.toBe(text);
    writeFileSync(kept(), broken(text));
    expect(await validate()).toBe(valid);
  });

  test('holds neither SQL nor what is hidden, and is for its owner alone', async () => {
    const { validate, kept, write } = await cached();
    write(
      'syncs/m5.yaml',
      manifest('m5').replace('spec:', 'lifecycle: { hide: [/source_attributes/object/table_name] }\nspec:'),
    );
    expect(await validate()).toBe(valid);
    const text = readFileSync(kept(), 'utf8');
    expect(text).toContain('CensusSync/m6');
    for (const one of ['m5.yaml', 'secret_of_sql', 'Email']) expect(text).not.toContain(one);
  });

  test('in a few files is not kept at all', async () => {
    const { run } = await workspace();
    const cache = { folder: join(folder(), 'kept'), program: 'this one' };
    await run('validate', { cache });
    expect(existsSync(cache.folder)).toBe(false);
  });

  test('is not kept where nobody may write', async () => {
    const { run, cache } = await cached();
    const place = folder();
    writeFileSync(join(place, 'file'), '');
    const setting = { cache: { ...cache, folder: join(place, 'file/kept') } };
    expect((await run('validate', setting)).out).toBe(valid);
  });

  test('is removed once nobody has needed it for a month', async () => {
    const { validate, cache, write } = await cached();
    await validate();
    const [young, old] = ['young.jsonl', 'old.jsonl'].map((name) => join(cache.folder, name));
    for (const one of [young, old]) writeFileSync(one ?? '', '');
    const before = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    utimesSync(old ?? '', before, before);
    write('syncs/m7.yaml', manifest('m7').replace('Email', 'Phone'));
    await validate();
    expect([young, old].map((one) => existsSync(one ?? ''))).toEqual([true, false]);
  });
});
