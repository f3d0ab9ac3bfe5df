import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, project, workspace } from './workspace.ts';

describe('plan', () => {
  test.each([
    ['text', /^Target production: /],
    ['json', /^\{\n {2}"version": 1,\n {2}"plans": \[/],
    [
      'markdown',
      /^\*\*Plan for production: 1 to create, 0 unchanged\.\*\* 3 live things of the kinds in use have no manifest\.\n/,
    ],
    ['github', /^::notice file=syncs\/users\.yaml,line=1,/],
    ['html', /^<!doctype html>/],
  ])('prints %s to stdout and only reads', async (format, beginning) => {
    const { run, writes } = await workspace();
    const said = await run(`plan --format ${format}`);
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toMatch(beginning);
    expect(writes()).toEqual([]);
  });

  test('says on stderr that a plan is written and what performs it, unless it is to be quiet', async () => {
    const { run } = await workspace();
    const line = 'Wrote the plan to plan-a.json; `syncline apply plan-a.json` performs it.\n';
    expect(await run('plan --out plan-a.json --format json')).toMatchObject({ code: Exit.ok, err: line });
    expect(await run('plan --out plan-a.json --quiet')).toMatchObject({ code: Exit.ok, err: '' });
  });

  test.each([
    ['', '--target production --target staging'],
    ['--shard 1/1 ', '--shard 1/1'],
  ])('names after plan %swhat chooses its targets, and that performs it', async (shard, chosen) => {
    const { run, write, emulator } = await workspace();
    write('syncline.yaml', project({ production: emulator.url, staging: emulator.url }));
    const { err } = await run(`plan ${shard}--out plan.json`);
    expect(err).toBe(`Wrote the plan to plan.json; \`syncline apply plan.json ${chosen}\` performs it.\n`);
    const said = await run(`apply plan.json ${chosen} --auto-approve`);
    expect(said.err).not.toContain('no-target');
    expect(said.out).toContain('production');
  });

  test.each([
    ['text', '\n      Snowflake Prod · analytics.public.users → Salesforce · Contact, upsert, cron 15 6 * * 1-5\n'],
    ['markdown', 'Snowflake Prod · analytics\\.public\\.users → Salesforce · Contact, upsert, cron 15 6'],
    ['github', '::Snowflake Prod · analytics.public.users → Salesforce · Contact, upsert, cron 15 6 * * 1-5'],
    [
      'html',
      '<p class="about">Snowflake Prod · analytics.public.users → Salesforce · Contact, upsert, cron 15 6 * * 1-5</p>',
    ],
  ])(
    'says in %s what a new sync is, and how a field that names another is called before and after',
    async (format, line) => {
      const { run, write } = await workspace();
      const mode = '  mode: { triggers: { schedule: { frequency: expression, cron_expression: 15 6 * * 1-5 } } }\n';
      write('syncs/users.yaml', manifest('users', mode));
      expect((await run(`plan --format ${format}`)).out).toContain(line);
      await run('apply --auto-approve');
      const moved = manifest('users', mode).replace(
        'connection: Salesforce, object: Contact',
        'connection: HubSpot, object: contact',
      );
      write('syncs/users.yaml', moved.replace('to: Email', 'to: email'));
      const { out } = await run(`plan --format ${format}`);
      expect(out).toMatch(/("|&quot;)Salesforce\1 \(601\)/);
      expect(out).toMatch(/("|&quot;)HubSpot\1 \(602\)/);
      expect(out).not.toContain(line);
    },
  );

  test('of several targets begins with a table of them', async () => {
    const { run, write, emulator } = await workspace();
    write('syncline.yaml', project({ one: emulator.url, two: emulator.url }));
    const said = await run('plan');
    expect(said.out).toMatch(
      /^target +create +update +delete +replace +adopt +blocked +impact\none +1 +0 .*\ntwo +1 +0 .*\n\nTarget one: /,
    );
    expect((await run('plan --format markdown')).out).toMatch(/^\| target \| create /);
  });

  test('--exit-code tells changes from none', async () => {
    const { run } = await workspace();
    expect((await run('plan --exit-code')).code).toBe(Exit.changes);
    expect((await run('apply --auto-approve')).code).toBe(Exit.ok);
    expect((await run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test('--validate-only shows the verdict of the server and sends nothing else', async () => {
    const { run, write, emulator } = await workspace();
    write('syncs/bad.yaml', manifest('bad').replace('to: Email', 'to: Nonsense__c'));
    const said = await run('plan --validate-only');
    expect(said.code).toBe(Exit.invalid);
    expect(said.out).toContain('check: valid');
    expect(said.out).toContain('check: invalid: ');
    const bodies = emulator.requests.filter((one) => one.method !== 'GET').map((one) => one.body);
    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(body).toMatchObject({ validate_only: true });
  });

  test('--only looks at some addresses', async () => {
    const { run, write } = await workspace();
    write('syncs/orders.yaml', manifest('orders'));
    const said = await run('plan --only CensusSync/or*');
    expect(said.out).toContain('CensusSync/orders');
    expect(said.out).not.toContain('CensusSync/users');
  });

  test.each([
    ['a service that answers', {}],
    ['a token that is not accepted', { env: { TOKEN: 'wrong' } }],
    ['a token that is not set', { env: {} }],
  ])('an invalid manifest is the answer, whatever is read meanwhile: %s', async (_name, setting) => {
    for (const command of ['plan', 'apply --auto-approve']) {
      const { run, write, writes } = await workspace();
      write('syncs/bad.yaml', 'kind: CensusSync\nname: bad\nspec: { lable: x }\n');
      const said = await run(command, setting);
      expect(said).toMatchObject({ code: Exit.invalid, out: '' });
      expect(said.err).toMatch(
        /^error [\w-]+ {2}syncs\/bad\.yaml:3:\d+\n {2}.*\n {2}3 \| spec: .*\n {4}\| +\^\n {2}hint: /m,
      );
      expect(said.err.match(/^error (?!.*syncs\/bad\.yaml)/gm)).toBeNull();
      expect(writes()).toEqual([]);
    }
  });

  test.each([
    ['an unset token', 'plan', { env: {} }, 'error missing-variable  syncline.yaml:4:'],
    ['a token of two lines', 'plan', { env: { TOKEN: 'a\nb' } }, 'the token of target "production", holds characters'],
    ['an unknown target', 'plan --target producton', {}, 'Did you mean "production"?'],
    ['the place of the targets', 'plan --target producton', {}, 'error unknown-target  syncline.yaml:3:1\n'],
    ['no project', '-C / plan', {}, 'syncline init'],
    ['a project file that does not exist', 'plan --config nowhere.yaml', {}, 'does not exist'],
  ])('%s is invalid input', async (_name, line, setting, expected) => {
    const { run, emulator } = await workspace();
    const said = await run(line, setting);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain(expected);
    expect(emulator.requests).toEqual([]);
  });

  test('what a plan cannot do is said: a glob that protects nothing, and --prune without a memory', async () => {
    const { run, write, emulator } = await workspace();
    const text = project({ production: emulator.url }).replace(
      ' }\n',
      ', protect: ["CensusSync/biling-*", "*/users"] }\n',
    );
    write('syncline.yaml', `${text}ledger: none\n`);
    const { err } = await run('plan --prune');
    expect(err).toContain('"CensusSync/biling-*" in `protect` of target "production" matches no address');
    expect(err).not.toContain('"*/users"');
    expect(err).toContain('--prune does nothing without a ledger');
  });

  test('a token that the service refuses is exit 1, in three lines', async () => {
    const { run } = await workspace();
    const said = await run('plan', { env: { TOKEN: 'another-token' } });
    expect(said).toMatchObject({ code: Exit.failed, out: '' });
    expect(said.err).toMatch(
      /^error token-rejected\n {2}The token of target "production" \(TOKEN\) was not accepted: GET .* 401 .*\n {2}hint: Check the token in TOKEN.*\n$/,
    );
    expect(said.err).not.toContain('another-token');
  });

  test('an address that the environment lacks is told at its reference', async () => {
    const { run, write } = await workspace();
    write('syncline.yaml', project({ production: `\${env.NOWHERE}` }));
    const said = await run('plan');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toMatch(
      /^error missing-variable {2}syncline\.yaml:4:\d+\n.*NOWHERE.*\n {2}4 \| {3}production: .*\n.*\^\n {2}hint: .*\n$/,
    );
  });

  test.each([
    ['plan', 'GET /api/v1/syncs: answered 503, trying again (2 of 5)\n'],
    ['plan --quiet', ''],
  ])('%s, where a list has to be asked for again', async (line, expected) => {
    const { run } = await workspace({ faults: ['GET /syncs:503:2'] });
    expect(await run(line)).toMatchObject({ code: Exit.ok, err: expected });
  });

  test('many warnings of one kind are counted, few are shown', async () => {
    const { run, write } = await workspace();
    const dated = (name: string) => manifest(name, '  created_at: "2026-01-01T00:00:00Z"\n');
    for (let index = 0; index < 10; index += 1) write(`syncs/w${index}.yaml`, dated(`w${index}`));
    expect((await run('plan')).err.match(/^warning /gm)).toHaveLength(10);
    write('syncs/w10.yaml', dated('w10'));
    expect((await run('plan')).err).toMatch(/^warning [\w-]+: 11 of them, see `syncline validate`\n\n$/);
  });

  test('--force-deletes, with the exact number, saves a plan that deletes more than the limit', async () => {
    const { run, write, folder, emulator } = await workspace();
    const text = readFileSync(join(folder, 'syncline.yaml'), 'utf8');
    write('syncline.yaml', text.replace('token:', 'limits: { max_deletes: 0 }, token:'));
    write('syncs/orders.yaml', manifest('orders'));
    await run('apply --auto-approve');
    const count = emulator.syncs().length;
    rmSync(join(folder, 'syncs/orders.yaml'));
    expect((await run('plan --prune')).out).toContain('--force-deletes 1');
    expect((await run('plan --prune --force-deletes 2')).out).toContain('max-deletes');
    expect((await run('plan --prune --force-deletes 1 --out plan.json')).out).toContain('1 to delete');
    expect((await run('apply plan.json')).code).toBe(Exit.ok);
    expect(emulator.syncs()).toHaveLength(count - 1);
  });

  test('a ledger of another address is refused by its path', async () => {
    const { run, write } = await workspace();
    const other = await workspace();
    await run('apply --auto-approve');
    write('syncline.yaml', project({ production: other.emulator.url }));
    const said = await run('plan', { env: { TOKEN: other.emulator.token } });
    expect(said.code).toBe(Exit.refused);
    expect(said.err).toMatch(/move its ledger \(.*\.syncline\/ledger\/production\.json\) away/);
  });

  test('Ctrl-C ends it with 1', async () => {
    const { run } = await workspace();
    const said = await run('plan', { signal: AbortSignal.abort() });
    expect(said).toMatchObject({ code: Exit.failed, out: '' });
    expect(said.err).toContain('nothing was written');
  });

  test('Ctrl-C does not wait for a slow answer', async () => {
    const { run, emulator } = await workspace({ latency: 600_000 });
    const stop = new AbortController();
    const end = run('plan', { signal: stop.signal });
    while (emulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await end).toMatchObject({ code: Exit.failed, out: '' });
  });

  test('--verbose shows requests without the token', async () => {
    const { run, emulator } = await workspace();
    const said = await run('plan --verbose');
    expect(said.err).toMatch(/^GET \/api\/v1\/syncs\?\S+ 200 \d+ ms$/m);
    expect(said.err).not.toContain(emulator.token);
  });

  test.each([
    ['a terminal', 'plan', {}, true],
    ['--no-color', 'plan --no-color', {}, false],
    ['NO_COLOR', 'plan', { NO_COLOR: '1' }, false],
    ['a dumb terminal', 'plan', { TERM: 'dumb' }, false],
    ['FORCE_COLOR at a dumb terminal', 'plan', { TERM: 'dumb', FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', 'plan', { FORCE_COLOR: '0' }, false],
    ['FORCE_COLOR and NO_COLOR', 'plan', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['FORCE_COLOR and --no-color', 'plan --no-color', { FORCE_COLOR: 'true' }, false],
  ])('with %s, colours are %#', async (_name, line, env, coloured) => {
    const { run, emulator } = await workspace();
    const said = await run(line, { typed: '', env: { TOKEN: emulator.token, ...env } });
    expect(said.out.includes('\u001b[')).toBe(coloured);
  });
});

describe('apply', () => {
  test('without a terminal and without approval is refused', async () => {
    const { run, writes } = await workspace();
    const said = await run('apply');
    expect(said.code).toBe(Exit.refused);
    expect(said.err).toContain('--auto-approve');
    expect(writes()).toEqual([]);
  });

  test.each([
    ['yes\n', Exit.ok, 1],
    ['y\n', Exit.refused, 0],
    ['no\n', Exit.refused, 0],
    ['', Exit.refused, 0],
  ])('at a terminal, the answer %j', async (typed, code, sent) => {
    const { run, writes } = await workspace();
    const said = await run('apply', { typed });
    expect(said.code).toBe(code);
    expect(said.err).toContain('Type "yes" to approve');
    if (typed === '') expect(said.err).toMatch(/to approve: \n.*error/);
    expect(writes()).toHaveLength(sent);
  });

  test('nothing to do needs no approval', async () => {
    const { run } = await workspace();
    await run('apply --auto-approve');
    expect(await run('apply')).toMatchObject({ code: Exit.ok, err: '' });
  });

  test('prints the report as promised JSON, and nothing else on stdout', async () => {
    const { run } = await workspace();
    const said = await run('apply --auto-approve --format json');
    const outcome = {
      address: 'CensusSync/users',
      action: 'create',
      status: 'applied',
      id: expect.any(String),
      error: null,
    };
    const report = { target: 'production', run: expect.any(String), converged: true, blocked: [], outcomes: [outcome] };
    expect(JSON.parse(said.out)).toEqual({
      version: 1,
      notes: expect.any(Array),
      reports: [report],
      exit: 0,
      failed: [],
    });
  });

  test('as JSON, what is blocked and needs somebody is said on stderr; what is meant to stay is not', async () => {
    const { run, folder, write } = await workspace();
    write('syncs/orders.yaml', manifest('orders'));
    await run('apply --auto-approve');
    rmSync(join(folder, 'syncs/orders.yaml'));
    expect(await run('apply --auto-approve --format json')).toMatchObject({ code: Exit.ok, err: '' });
    await run('forget CensusSync/users');
    const said = await run('apply --auto-approve --format json');
    expect(said.code).toBe(Exit.refused);
    expect(JSON.parse(said.out)).toMatchObject({ reports: [{ run: null, converged: false, outcomes: [] }] });
    expect(said.err).toContain('CensusSync/users');
    expect(said.err).toContain('`syncline adopt CensusSync/users`');
  });

  test.each([['--dry-run'], ['--validate-only']])('%s reports verdicts and writes nothing', async (flag) => {
    const { run, emulator } = await workspace();
    const before = emulator.syncs();
    const said = await run(`apply ${flag} --format json`);
    expect(said.code).toBe(Exit.ok);
    expect(JSON.parse(said.out)).toMatchObject({ reports: [{ run: null, outcomes: [{ status: 'valid' }] }] });
    expect(emulator.syncs()).toEqual(before);
  });

  test('a dry run that the server rejects is invalid input', async () => {
    const { run, write } = await workspace();
    write('syncs/users.yaml', manifest('users').replace('to: Email', 'to: Nonsense__c'));
    const said = await run('apply --dry-run');
    expect(said.code).toBe(Exit.invalid);
    expect(said.out).toContain('invalid  create CensusSync/users');
  });

  test('stopped before the first write is exit 1, and nothing is written', async () => {
    const { run, writes } = await workspace();
    const said = await run('apply --auto-approve', { signal: AbortSignal.abort() });
    expect(said.code).toBe(Exit.failed);
    expect(writes()).toEqual([]);
  });

  test('a change that fails beside one that succeeds is exit 5', async () => {
    const { run, write } = await workspace({ faults: ['POST /syncs:422:1'] });
    write('syncs/orders.yaml', manifest('orders'));
    const said = await run('apply --auto-approve');
    expect(said.code).toBe(Exit.partial);
    expect(said.out).toContain('1 applied, 1 failed');
  });
});

describe('a saved plan', () => {
  test('is performed without asking, and is stale the second time', async () => {
    const { run, emulator } = await workspace();
    expect((await run('plan --out plan.json')).code).toBe(Exit.ok);
    expect((await run('apply plan.json')).code).toBe(Exit.ok);
    const count = emulator.syncs().length;
    expect((await run('apply plan.json')).code).toBe(Exit.refused);
    expect(emulator.syncs()).toHaveLength(count);
  });

  test('is the JSON that plan prints', async () => {
    const { run, folder } = await workspace();
    const said = await run('plan --format json --out plan.json');
    expect(readFileSync(join(folder, 'plan.json'), 'utf8')).toBe(said.out);
  });

  test('needs no manifests', async () => {
    const { run, write } = await workspace();
    await run('plan --out plan.json');
    write('syncs/users.yaml', 'nonsense');
    expect((await run('apply plan.json')).code).toBe(Exit.ok);
  });

  test.each([
    ['was edited', (text: string) => text.replace('Label of users', 'Label of losers'), Exit.invalid],
    ['is cut off', (text: string) => text.slice(0, 100), Exit.invalid],
    ['is something else', () => '{"version":1}', Exit.invalid],
  ])('that %s is not performed', async (_name, edit, code) => {
    const { run, folder, writes } = await workspace();
    await run('plan --out plan.json');
    const path = join(folder, 'plan.json');
    writeFileSync(path, edit(readFileSync(path, 'utf8')));
    expect((await run('apply plan.json')).code).toBe(code);
    expect(writes()).toEqual([]);
  });

  test.each(['--prune', '--only x', '--force-deletes 3', '--dry-run'])('cannot be shaped by %s', async (flag) => {
    const { run, writes } = await workspace();
    await run('plan --out plan.json');
    const said = await run(`apply plan.json ${flag}`);
    expect(said.code).toBe(Exit.invalid);
    expect(said.err).toContain('performed as it is');
    expect(writes()).toEqual([]);
  });

  test('that does not exist is invalid input', async () => {
    const { run } = await workspace();
    expect((await run('apply nowhere.json')).code).toBe(Exit.invalid);
  });

  test('for another host is refused', async () => {
    const { run, write, writes } = await workspace();
    const other = await workspace();
    await run('plan --out plan.json');
    write('syncline.yaml', project({ production: other.emulator.url }));
    const said = await run('apply plan.json', { env: { TOKEN: other.emulator.token } });
    expect(said.code).toBe(Exit.refused);
    expect([...writes(), ...other.writes()]).toEqual([]);
  });
});

describe('with several targets', () => {
  async function two() {
    const one = await workspace();
    const other = await workspace({ token: one.emulator.token });
    one.write('syncline.yaml', project({ production: one.emulator.url, staging: other.emulator.url }));
    return { one, other };
  }

  test('plan is a list, and --target chooses', async () => {
    const { one } = await two();
    const targets = (out: string) =>
      (JSON.parse(out) as { plans: { target: string }[] }).plans.map((plan) => plan.target);
    expect(targets((await one.run('plan --format json')).out)).toEqual(['production', 'staging']);
    expect(targets((await one.run('plan --format json --target staging')).out)).toEqual(['staging']);
  });

  test('apply must be told which', async () => {
    const { one, other } = await two();
    const said = await one.run('apply --auto-approve');
    expect(said.code).toBe(Exit.invalid);
    expect(said.err).toContain('"production" and "staging"');
    expect((await one.run('apply --auto-approve --target staging')).code).toBe(Exit.ok);
    expect(one.writes()).toEqual([]);
    expect(other.writes()).toHaveLength(1);
  });

  test('a saved plan knows its target; one for several has to be told', async () => {
    const { one, other } = await two();
    await one.run('plan --target staging --out staging.json');
    await one.run('plan --out both.json');
    expect((await one.run('apply both.json')).code).toBe(Exit.invalid);
    expect((await one.run('apply staging.json --target production')).code).toBe(Exit.refused);
    expect((await one.run('apply staging.json')).code).toBe(Exit.ok);
    expect((await one.run('apply both.json --target production')).code).toBe(Exit.ok);
    expect([one.writes().length, other.writes().length]).toEqual([1, 1]);
  });
});
