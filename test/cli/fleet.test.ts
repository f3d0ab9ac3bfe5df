import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { fleet, fleetFile } from './fleet-project.ts';
import { cli, folder } from './in-process.ts';
import { inGit } from './repository.ts';
import { manifest, project, workspace } from './workspace.ts';

interface Shard {
  readonly shard: string;
  readonly targets: readonly string[];
  readonly args: string;
}

const matrixIn = (out: string) => JSON.parse(out) as readonly Shard[];
const targetsIn = (out: string) => matrixIn(out).map((one) => one.targets);

describe('fleet matrix', () => {
  test('is one line of JSON, balanced by manifests, whatever else is wrong with them and without a token', async () => {
    const here = await fleet({ big: 5, one: 1, two: 2, three: 3 });
    here.write('one/s0.yaml', `${manifest('one-0')}  lable: wrong\n`);
    const { code, out, err } = await here.run('fleet matrix --max 2', { env: {} });
    expect({ code, err }).toEqual({ code: Exit.ok, err: '' });
    expect(out).toBe(
      '[{"shard":"1/2","targets":["big","one"],"args":"--target big --target one"},{"shard":"2/2","targets":["three","two"],"args":"--target three --target two"}]\n',
    );
    expect(here.emulator.requests).toEqual([]);
    const all = targetsIn((await here.run('fleet matrix')).out);
    expect(all).toEqual([['big'], ['three'], ['two'], ['one']]);
    expect((await here.run('fleet matrix --max 9 --target two --target one')).out).toContain('"shard":"2/2"');
    expect((await here.run('fleet matrix --max 2 --format text')).out).toBe(
      '1/2  6 manifests  big, one\n2/2  5 manifests  three, two\n',
    );
  });

  test('counts what a manifest says of its targets, in every way to write it', async () => {
    const here = await workspace();
    const { url } = here.emulator;
    here.write('syncline.yaml', project({ a: url, b: url, c: url }));
    const documents = [
      manifest('x1').replace('spec:', 'targets: [a]  # alone\nspec:'),
      manifest('x2').replace('spec:', 'targets:\n  - "a"\n  - b\nspec:'),
      manifest('x3').replace('spec:', 'targets: [\n  a,\n]\nspec:'),
      '# nothing but a remark\n',
    ];
    here.write('syncs/users.yaml', documents.join('---\n').replaceAll('\n', '\r\n'));
    here.write('syncs/pasted.json', JSON.stringify({ kind: 'CensusSync', name: 'x4', targets: ['a'], spec: {} }));
    here.write('syncs/pasted.yaml', `{ kind: CensusSync, name: x5, targets: &all [a] }\n`);
    here.write('syncs/other.yaml', 'kind: FabraSync\nname: x6\nspec: {}\n');
    here.write('syncs/broken.yaml', 'kind: [\n');
    here.write('syncline.yaml', project({ a: url, b: url, c: url }).replace('**/*.yaml', '**/*'));
    expect((await here.run('fleet matrix --max 2 --format text')).out).toBe(
      '1/2  5 manifests  a\n2/2  1 manifest   b, c\n',
    );
  });

  test('of more targets than GitHub runs jobs', async () => {
    const here = folder();
    const names = Array.from({ length: 300 }, (_, index) => `t${index}`);
    writeFileSync(join(here, 'syncline.yaml'), fleetFile(names));
    for (const line of ['fleet matrix', 'fleet matrix --max 1000']) {
      const shards = targetsIn((await cli(line, { cwd: here })).out);
      expect(shards).toHaveLength(256);
      expect(new Set(shards.flat()).size).toBe(300);
    }
  });

  test('of what changed has the targets in which something did, by the rule of plan --changed', async () => {
    const here = inGit(await fleet({ a: 2, b: 1, c: 1, d: 1 }));
    here.git('checkout', '--quiet', '-b', 'work');
    const changed = async () => targetsIn((await here.run('fleet matrix --changed main', { env: {} })).out).flat();
    expect((await here.run('fleet matrix --changed main')).out).toBe('[]\n');
    expect((await here.run('fleet matrix --changed main --format text')).out).toBe('No targets.\n');
    here.write('a/renamed.yaml', readFileSync(join(here.folder, 'a/s0.yaml'), 'utf8'));
    here.git('rm', '--quiet', 'a/s0.yaml');
    expect(await changed()).toEqual([]);
    here.write('b/more.yaml', manifest('b-more'));
    here.write('c/s0.yaml', manifest('c-0', '  paused: true\n'));
    expect(await changed()).toEqual(['b', 'c']);
    expect(targetsIn((await here.run('fleet matrix --changed main --target c --target d')).out)).toEqual([['c']]);
    const text = readFileSync(join(here.folder, 'syncline.yaml'), 'utf8');
    here.write('syncline.yaml', text.replace(/(d:.*) \}/, '$1, limits: { max_deletes: 1 } }'));
    expect(await changed()).toEqual(['b', 'c', 'd']);
    expect(await here.run('fleet matrix --changed nowhere')).toMatchObject({ code: Exit.invalid, out: '' });
    here.write('b/more.yaml', 'kind: CensusSync\nname: b-more\nspec: {}\n');
    expect(await here.run('fleet matrix --changed main')).toMatchObject({ code: Exit.invalid, out: '' });
  });

  test.each([
    ['fleet', '`syncline fleet matrix`'],
    ['fleet vector', '`syncline fleet matrix`'],
    ['fleet matrix --max 0', '--max N'],
    ['fleet matrix --max many', '--max N'],
    ['fleet matrix --target nobody', 'has no target "nobody"'],
  ])('%s is exit 3', async (line, said) => {
    const here = await fleet({ a: 1 });
    expect(await here.run(line)).toMatchObject({ code: Exit.invalid, out: '', err: expect.stringContaining(said) });
    here.write('syncline.yaml', 'version: 2\n');
    expect(await here.run('fleet matrix')).toMatchObject({ code: Exit.invalid, out: '' });
  });
});

describe('--shard', () => {
  test('is the same share as that of the matrix, in plan, apply and drift, and all shards together are all targets', async () => {
    const here = await fleet({ a: 3, b: 2, c: 1 });
    const shards = targetsIn((await here.run('fleet matrix --max 2')).out);
    expect(shards).toEqual([['a'], ['b', 'c']]);
    for (const [index, targets] of shards.entries()) {
      const planned = JSON.parse((await here.run(`plan --format json --shard ${index + 1}/2`)).out);
      expect(planned.plans.map((one: { target: string }) => one.target)).toEqual(targets);
      const applied = await here.run(`apply --auto-approve --shard ${index + 1}/2 --format json`);
      expect(applied.code, applied.err).toBe(Exit.ok);
      expect(JSON.parse(applied.out).reports.map((one: { target: string }) => one.target)).toEqual(targets);
    }
    const drift = JSON.parse((await here.run('drift --format json --shard 2/2')).out);
    expect(drift.reports.map((one: { target: string }) => one.target)).toEqual(['b', 'c']);
    expect((await here.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('names its targets in plan and in drift, whether there is anything to say of them or not', async () => {
    const here = await fleet({ a: 3, b: 2, c: 1 });
    await here.run('apply --auto-approve --shard 1/1');
    for (const [shard, names] of [
      ['1/2', ['a']],
      ['2/2', ['b', 'c']],
    ] as const) {
      for (const command of ['plan', 'drift']) {
        const { out } = await here.run(`${command} --shard ${shard}`);
        expect([...out.matchAll(/^Target (\w+): /gm)].map(([, name]) => name)).toEqual(names);
        const comment = (await here.run(`${command} --shard ${shard} --format markdown`)).out;
        for (const name of names) expect(comment).toMatch(new RegExp(`\\b${name}\\b`));
      }
    }
    expect((await here.run('drift --shard 2/2')).out).toBe(
      'Target b: nothing changed outside Git.\n\nTarget c: nothing changed outside Git.\n\nNothing has changed outside Git.\n',
    );
    expect((await here.run('drift --shard 2/2 --format markdown --quiet')).out).toBe(
      '**Nothing has changed outside Git** at b, c.\n',
    );
    expect((await here.run('drift --shard 1/2 --format markdown --quiet')).out).toBe(
      '**Nothing has changed outside Git** at a.\n',
    );
  });

  test('with --target, a share of what is named', async () => {
    const here = await fleet({ a: 3, b: 2, c: 1 });
    const planned = JSON.parse((await here.run('plan --format json --shard 2/2 --target a --target c')).out);
    expect(planned.plans.map((one: { target: string }) => one.target)).toEqual(['c']);
  });

  test('that is empty is nothing to do, and looks at nothing', async () => {
    const here = await fleet({ a: 1, b: 1 });
    here.write('a/s0.yaml', 'kind: [\n');
    const empty = { code: Exit.ok, err: 'Shard 3/3 is empty, for there are only 2 targets: nothing to do.\n' };
    for (const [line, out] of [
      ['plan --exit-code', ''],
      ['apply --auto-approve', ''],
      ['drift', ''],
      ['plan --format json', '"plans": []'],
      ['apply --auto-approve --format json', '"reports": []'],
      ['apply --auto-approve --format ndjson', ''],
      ['drift --format json', '"reports": []'],
      ['plan --format markdown --changed nowhere', ''],
    ] as const)
      expect(await here.run(`${line} --shard 3/3`)).toMatchObject({ ...empty, out: expect.stringContaining(out) });
    expect((await here.run('plan --quiet --shard 3/3')).err).toBe('');
    expect(here.emulator.requests).toEqual([]);
  });

  test('chooses what of a saved plan is applied', async () => {
    const here = await fleet({ a: 2, b: 1, c: 1 });
    await here.run('plan --out plan.json');
    expect(await here.run('apply plan.json')).toMatchObject({ code: Exit.invalid });
    const applied = await here.run('apply plan.json --shard 2/2 --format json');
    expect(JSON.parse(applied.out).reports.map((one: { target: string }) => one.target)).toEqual(['b', 'c']);
    const compared = await here.run('plan --against plan.json --shard 2/2 --format json');
    expect(JSON.parse(compared.out).plans.map((one: { target: string }) => one.target)).toEqual(['b', 'c']);
  });

  test.each(['3/2', '0/2', '1', 'a/b', '1/2/3', '1/0'])('%s is exit 3 and says what it wants', async (shard) => {
    const here = await fleet({ a: 1 });
    for (const command of ['plan', 'apply --auto-approve', 'drift'])
      expect(await here.run(`${command} --shard ${shard}`)).toMatchObject({
        code: Exit.invalid,
        out: '',
        err: expect.stringContaining(`--shard cannot be "${shard}".\n  hint: Write --shard I/N`),
      });
    expect(here.emulator.requests).toEqual([]);
  });

  test('is one way to tell apply which targets are meant', async () => {
    const here = await fleet({ a: 1, b: 1 });
    const said = await here.run('apply --auto-approve');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('hint: Choose with --target, or take a share with --shard I/N: "a" and "b".\n');
  });

  test('belongs to plan, apply and drift alone', async () => {
    const said = await cli('status --shard 1/2');
    expect(said).toMatchObject({ code: Exit.invalid, err: expect.stringContaining('`plan`, `apply`, `drift`') });
  });
});
