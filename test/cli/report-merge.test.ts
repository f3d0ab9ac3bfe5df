import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { fleet } from './fleet-project.ts';
import type { Workspace } from './workspace.ts';

/** Runs a command in as many jobs as there are shards, and keeps what each prints. */
async function jobs(here: Workspace, line: string, shards: number): Promise<readonly string[]> {
  const names: string[] = [];
  for (let index = 1; index <= shards; index += 1) {
    const { out } = await here.run(`${line} --format json --shard ${index}/${shards}`);
    names.push(`job-${index}.json`);
    here.write(`job-${index}.json`, out);
  }
  return names;
}

const anyTime = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
const named = (list: readonly { readonly target: string }[]) => list.map((one) => one.target);

describe('report merge of plans', () => {
  test('is the plan of all targets, in every format, whatever the order of the files', async () => {
    const here = await fleet({ a: 2, b: 1, c: 1 });
    const files = await jobs(here, 'plan --exit-code', 3);
    const merged = await here.run(`report merge ${files.toReversed().join(' ')} --expect 3 --format json`);
    expect({ code: merged.code, err: merged.err }).toEqual({ code: Exit.changes, err: '' });
    expect(merged.out).toBe((await here.run(`report merge ${files.join(' ')} --format json`)).out);
    const whole = JSON.parse((await here.run('plan --exit-code --format json')).out);
    const timeless = (plans: readonly { readonly digest: string }[]) => plans.map(({ digest }) => digest);
    expect(timeless(JSON.parse(merged.out).plans)).toEqual(timeless(whole.plans));
    expect(JSON.parse(merged.out)).toMatchObject({ exit: 2, failed: [] });
    for (const format of ['text', 'markdown', 'github', 'html']) {
      const said = await here.run(`report merge ${files.join(' ')} --format ${format}`);
      expect(said).toMatchObject({ code: Exit.changes, err: '' });
      expect(anyTime(said.out)).toBe(anyTime((await here.run(`plan --format ${format}`)).out));
    }
    // What all of them come to is the end of what a terminal shows, and stands at the head of a comment.
    const total = '3 targets together: 4 to create, 0 unchanged.';
    const said = (format: string) => here.run(`report merge ${files.join(' ')} --format ${format}`);
    expect((await said('text')).out).toMatch(new RegExp(`\n\n${total}\n$`));
    expect((await said('markdown')).out).toMatch(new RegExp(`\\|\n\n\\*\\*${total}\\*\\*\n\n\\*\\*Plan for a: `));
    expect((await here.run(`report merge ${files[0]}`)).out).not.toContain('together');
    // What is merged is a plan, and can be carried out.
    here.write('whole.json', merged.out);
    expect((await here.run('apply whole.json --target b --target c')).code).toBe(Exit.ok);
  });

  test('a missing file is 1, one that is no report 3, and neither hides the others', async () => {
    const here = await fleet({ a: 1, b: 1 });
    await jobs(here, 'plan', 2);
    const missing = await here.run('report merge job-1.json job-2.json job-3.json --expect 4 --format json');
    expect(missing.code).toBe(Exit.failed);
    const { plans, failed, exit } = JSON.parse(missing.out);
    expect({ plans: named(plans), failed: named(failed), exit }).toEqual({
      plans: ['a', 'b'],
      failed: ['job-3.json', 'report 4 of 4'],
      exit: 1,
    });
    expect(missing.err).toContain('error missing-report\n  There is no file job-3.json.\n');
    const strange = {
      'junk.json': 'no JSON',
      'empty.json': '\n',
      'list.json': '[]',
      'status.json': '{"version":1,"targets":[],"failed":[]}',
      'half.json': '{"version":1,"reports":[{"target":"a"}],"notes":[],"exit":0,"failed":[]}',
      'edited.json': readFileSync(join(here.folder, 'job-1.json'), 'utf8').replace('"create": 1', '"create": 2'),
    };
    for (const [name, text] of Object.entries(strange)) {
      here.write(name, text);
      const said = await here.run(`report merge job-2.json ${name} --format markdown`);
      expect(said.code, name).toBe(Exit.invalid);
      expect(said.out).toMatch(
        new RegExp(
          `^\\*\\*1 report failed.\\*\\*\\n\\n- \\*\\*${name.replace('.', '.*')}\\*\\*.*\\n\\n\\*\\*Plan for b: `,
        ),
      );
    }
    const folder = await here.run('report merge job-2.json a');
    expect(folder).toMatchObject({ code: Exit.invalid, err: expect.stringContaining('is a folder') });
  });

  test('an empty file says that its job failed, here as where a plan is performed', async () => {
    const here = await fleet({ a: 1, b: 1 });
    await jobs(here, 'plan', 2);
    const message = 'job-2.json is empty: the job that should have written it failed.';
    const hint = "Read that job's log and run it again.";
    for (const text of ['', '\uFEFF\r\n']) {
      here.write('job-2.json', text);
      const merged = await here.run('report merge job-1.json job-2.json --format json');
      expect(merged).toMatchObject({ code: Exit.invalid, err: `error no-report\n  ${message}\n  hint: ${hint}\n` });
      expect(JSON.parse(merged.out)).toMatchObject({
        plans: [{ target: 'a' }],
        failed: [{ target: 'job-2.json', exit: 3, code: 'no-report', message }],
      });
      const saved = { code: Exit.invalid, out: '', err: `error plan-malformed\n  ${message}\n  hint: ${hint}\n` };
      expect(await here.run('apply job-2.json --target a')).toEqual(saved);
      expect(await here.run('apply job-1.json --against job-2.json --target a')).toEqual(saved);
      expect(await here.run('plan --against job-2.json')).toEqual(saved);
    }
  });

  test('a glob that matches nothing is one failure, told once, however many reports are expected', async () => {
    const here = await fleet({ a: 1, b: 1 });
    const hint =
      'Look at the jobs that should have written them: they may have failed before. A shell wants a glob without quotes.';
    const said = (message: string) => `error missing-report\n  ${message}\n  hint: ${hint}\n`;
    const none = 'No file matches "report-*.json".';
    const ofFour = 'No file matches "report-*.json": of 4 reports none is given.';
    expect(await here.run('report merge report-*.json')).toEqual({ code: Exit.failed, out: '', err: said(none) });
    expect(await here.run('report merge report-*.json --expect 4')).toEqual({
      code: Exit.failed,
      out: '',
      err: said(ofFour),
    });
    const json = await here.run('report merge report-*.json --expect 4 --format json');
    expect(JSON.parse(json.out)).toMatchObject({
      exit: 1,
      failed: [{ target: 'report-*.json', exit: 1, code: 'missing-report', message: ofFour }],
    });
    await jobs(here, 'plan', 2);
    const some = await here.run('report merge job-1.json [x-z]?.json --expect 4 --format markdown');
    expect(some.out).toMatch(/^\*\*1 report failed\.\*\*\n\n- .*\n\n\*\*Plan for a: /);
    expect(some.err).toBe(said('No file matches "[x-z]?.json": of 4 reports 1 is given.'));
    // All that are expected are there, and of no jobs there is none.
    expect(await here.run('report merge job-1.json job-2.json x-*.json --expect 2')).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await here.run('report merge report-*.json --expect 0')).toMatchObject({ code: Exit.ok, err: '' });
    // Brackets may belong to a name.
    here.write('[x-z]1.json', readFileSync(join(here.folder, 'job-2.json'), 'utf8'));
    expect(await here.run('report merge job-1.json [x-z]1.json')).toMatchObject({ code: Exit.ok, err: '' });
  });

  test('a target that two files tell of is 3', async () => {
    const here = await fleet({ a: 1, b: 1 });
    await jobs(here, 'plan', 2);
    here.write('old.json', readFileSync(join(here.folder, 'job-1.json'), 'utf8'));
    const said = await here.run('report merge old.json job-1.json job-2.json --format json');
    expect(said.code).toBe(Exit.invalid);
    const { plans, failed } = JSON.parse(said.out);
    expect(named(plans)).toEqual(['a', 'b']);
    expect(failed).toMatchObject([{ target: 'a', exit: 3, code: 'duplicate-report' }]);
  });

  test('of a job whose target failed ends as that job did', async () => {
    const here = await fleet({ a: 1, b: 1 });
    here.emulator.addFaults(['GET *:401:1']);
    const files = await jobs(here, 'plan', 2);
    const said = await here.run(`report merge ${files.join(' ')} --format json`);
    expect(said).toMatchObject({ code: Exit.failed, err: '' });
    expect(JSON.parse(said.out)).toMatchObject({ exit: 1, failed: [{ target: 'a', code: 'token-rejected' }] });
  });
});

describe('report merge of what was done', () => {
  test('is 5 where one job has written and another failed; nothing else is 5', async () => {
    const here = await fleet({ a: 1, b: 1, c: 1 });
    await here.run('apply --auto-approve --target c');
    here.emulator.addFaults(['GET *:401:1']);
    const files = await jobs(here, 'apply --auto-approve', 3);
    const said = await here.run(`report merge ${files.join(' ')} --format json`);
    expect(said.code).toBe(Exit.partial);
    const { reports, failed } = JSON.parse(said.out);
    expect([named(reports), named(failed)]).toEqual([['b', 'c'], ['a']]);
    expect((await here.run('report merge job-1.json job-3.json')).code).toBe(Exit.failed);
    expect((await here.run('report merge job-2.json job-3.json')).code).toBe(Exit.ok);
    expect((await here.run('report merge job-2.json job-4.json')).code).toBe(Exit.partial);
    const comment = (await here.run(`report merge ${files.join(' ')} --format markdown`)).out;
    expect(comment).toMatch(
      /^\*\*1 target failed\.\*\*\n\n- \*\*a\*\* `token-rejected`: .*\n\n\*\*2 targets together: 1 applied\.\*\*\n\n\*\*b: 1 applied\.\*\*\n\n- applied create `CensusSync\/b-0` .*\n\n\*\*Nothing to do\*\* for c\.\n$/,
    );
    expect((await here.run(`report merge ${files.join(' ')} --format github`)).out).toMatch(
      /^::error title=Target a failed%3A token-rejected::.*\n$/,
    );
    const text = (await here.run(`report merge ${files.join(' ')}`)).out;
    expect(text).toContain('Failed\n  ! a  token-rejected\n');
    expect(text.match(/^Target [bc]/gm)).toHaveLength(2);
    expect(text).toMatch(/\n\n2 targets together: 1 applied\.\n$/);
    const again = (await here.run('apply --auto-approve --target b --target c')).out;
    expect(again).toMatch(/\n\n2 targets together: nothing to do\.\n$/);
    expect(await here.run('report merge job-2.json --format html')).toMatchObject({
      code: Exit.invalid,
      out: '',
      err: expect.stringContaining('They have text, json, markdown, github.'),
    });
  });

  test('of drift has its places, and ends with 2', async () => {
    const here = await fleet({ a: 1, b: 1 });
    await here.run('apply --auto-approve --target a --target b');
    here.emulator.mutate(Number(here.emulator.syncs().at(-1)?.id), { operation: 'mirror' });
    const files = await jobs(here, 'drift', 2);
    for (const format of ['json', 'text', 'markdown', 'github']) {
      const said = await here.run(`report merge ${files.join(' ')} --format ${format}`);
      expect(said).toMatchObject({ code: Exit.changes, err: '' });
      expect(said.out).toBe((await here.run(`drift --format ${format}`)).out);
    }
    const total = '2 targets together: 1 changed outside Git.';
    const drift = `report merge ${files.join(' ')}`;
    expect((await here.run(drift)).out).toContain(`\n\n${total}\n\n\`syncline apply\` puts it back`);
    expect((await here.run(`${drift} --format markdown`)).out).toMatch(new RegExp(`^\\*\\*${total}\\*\\*\n\n`));
    const sarif = JSON.parse((await here.run(`report merge ${files.join(' ')} --format sarif`)).out);
    const { artifactLocation, region } = sarif.runs[0].results[0].locations[0].physicalLocation;
    expect([artifactLocation.uri, region.startLine]).toEqual(['b/s0.yaml', 1]);
    await jobs(here, 'plan', 1);
    expect((await here.run('report merge job-1.json --format sarif')).err).toContain('markdown, github, html.');
    expect(await here.run('report merge job-1.json job-2.json')).toMatchObject({
      code: Exit.invalid,
      out: '',
      err: expect.stringContaining('job-1.json holds plans, and job-2.json reports of drift.'),
    });
  });

  test.each([
    ['report', '`syncline report merge FILES...`'],
    ['report split x.json', 'does not know "split"'],
    ['report merge', 'No file is named.'],
    ['report merge a.json b.json --expect 1', '2 files are named, and --expect says 1.'],
  ])('%s is exit 3', async (line, said) => {
    const here = await fleet({ a: 1 });
    expect(await here.run(line)).toMatchObject({ code: Exit.invalid, out: '', err: expect.stringContaining(said) });
  });

  test.each(['plan', 'apply --auto-approve', 'drift'])(
    'of empty shards of %s says that there was nothing to do',
    async (line) => {
      const here = await fleet({ a: 1, b: 1 });
      const files = await jobs(here, line, 4);
      const [, , third, fourth] = files;
      const nothing = `"${third}" and "${fourth}" hold no target: nothing to do there.\n`;
      expect((await here.run(`report merge ${files.join(' ')}`)).err).toBe(nothing);
      for (const format of ['text', 'json', 'markdown', 'github']) {
        const said = await here.run(`report merge ${third} --format ${format}`);
        expect(said).toMatchObject({ code: Exit.ok, err: `"${third}" holds no target: nothing to do there.\n` });
        const quiet = await here.run(`report merge ${third} --format ${format} --quiet`);
        expect(quiet).toEqual({ ...said, err: '' });
        if (format === 'json') expect(JSON.parse(said.out)).toMatchObject({ version: 1, exit: 0, failed: [] });
      }
    },
  );

  test('the plan of an empty shard is performed, and compared, by saying so', async () => {
    const here = await fleet({ a: 1, b: 1 });
    await here.run('plan --shard 3/3 --out plan.json');
    for (const line of ['apply plan.json', 'plan --against plan.json']) {
      const said = await here.run(line);
      expect(said).toEqual({ code: Exit.ok, out: '', err: '"plan.json" holds no target: nothing to do there.\n' });
      expect((await here.run(`${line} --quiet`)).err).toBe('');
      expect(JSON.parse((await here.run(`${line} --format json`)).out)).toMatchObject({ exit: 0, failed: [] });
    }
    expect(here.emulator.requests).toEqual([]);
  });

  test('of no jobs at all is nothing', async () => {
    const here = await fleet({ a: 1 });
    expect(await here.run('report merge --expect 0')).toEqual({ code: Exit.ok, out: '', err: '' });
    expect(await here.run('report merge --expect 2 --format markdown')).toMatchObject({
      code: Exit.failed,
      out: expect.stringContaining('**2 reports failed.**'),
    });
  });
});
