import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import type { FailedTarget } from '../../src/model/failed.ts';
import { folder } from './in-process.ts';
import { inGit } from './repository.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

interface Written {
  readonly plans?: readonly { readonly target: string }[];
  readonly reports?: readonly { readonly target: string }[];
  readonly exit: number;
  readonly failed: readonly FailedTarget[];
}

const parsed = (out: string) => JSON.parse(out) as Written;
const named = (list: readonly { readonly target: string }[] = []) => list.map((one) => one.target);

/** One project with these targets, each a workspace of its own. */
async function several<Name extends string>(...names: readonly [Name, ...Name[]]) {
  const spaces = {} as Record<Name, Workspace>;
  const [first] = names;
  for (const name of names) {
    const options: { token?: string } = name === first ? {} : { token: spaces[first].emulator.token };
    spaces[name] = await workspace(options);
  }
  const one = spaces[first];
  const text = project(Object.fromEntries(names.map((name) => [name, spaces[name].emulator.url])));
  one.write('syncline.yaml', text);
  return { ...one, spaces, all: names.map((name) => `--target ${name}`).join(' ') };
}

/** Until something is true that other parts of this process bring about. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

/** A manifest for one target alone whose source nothing live bears. */
const nameless = (target: string) =>
  manifest('nameless').replace('spec:', `targets: [${target}]\nspec:`).replace('Snowflake Prod', 'Nowhere');

describe('plan of several targets', () => {
  test.each(['plan', 'drift'])('%s: a variable that is not set is the failure of its target alone', async (command) => {
    const { run, write, folder: cwd } = await several('production', 'staging');
    await run('apply --target production --auto-approve');
    const text = readFileSync(join(cwd, 'syncline.yaml'), 'utf8');
    const place = text.lastIndexOf('${env.');
    write('syncline.yaml', `${text.slice(0, place)}\${env.NOWHERE}${text.slice(text.indexOf('}', place) + 1)}`);
    const said = await run(`${command} --format json`);
    expect(said.code).toBe(Exit.invalid);
    const { exit, failed, ...rest } = parsed(said.out);
    expect(named(rest.plans ?? rest.reports)).toEqual(['production']);
    expect({ exit, failed }).toMatchObject({
      exit: 3,
      failed: [{ target: 'staging', exit: 3, code: 'missing-variable' }],
    });
    expect(failed[0]?.message).toMatch(/^syncline\.yaml:\d+:\d+: .*NOWHERE/);
    expect(said.err).toContain('error missing-variable  syncline.yaml:');
    // Where nothing is left to look at, there is no report.
    const alone = await run(`${command} --format json --target staging`);
    expect(alone).toMatchObject({ code: Exit.invalid, out: '' });
  });

  test.each([
    [
      'text',
      /^Failed\n {2}! staging {2}token-rejected\n {6}The token of target "staging".*\n {6}Check.*\n\nTarget production: /,
    ],
    ['markdown', /^\*\*1 target failed\.\*\*\n\n- \*\*staging\*\* `token-rejected`: [\s\S]*\n\*\*Plan for production/],
    ['github', /^::error title=Target staging failed%3A token-rejected::The token of [\s\S]*\nproduction \(/m],
    ['html', /<h2>1 target failed<\/h2>[\s\S]*<h2>production<\/h2>/],
  ])('as %s names the one that failed first, and hides no other', async (format, expected) => {
    const { run, spaces } = await several('production', 'staging');
    spaces.staging.emulator.addFaults(['GET *:401']);
    const said = await run(`plan --format ${format}`);
    expect(said.code).toBe(Exit.failed);
    expect(said.out).toMatch(expected);
    expect(said.err).toMatch(
      /^error token-rejected {2}target staging\n {2}The token of target "staging".*\n {2}hint: .*\n$/,
    );
  });

  test('as JSON says how it ends, also where all is well, and where nothing is', async () => {
    const { run, spaces } = await several('production', 'staging');
    expect(parsed((await run('plan --format json --exit-code')).out)).toMatchObject({ exit: 2, failed: [] });
    spaces.staging.emulator.addFaults(['GET *:401']);
    const one = parsed((await run('plan --format json')).out);
    expect(named(one.plans)).toEqual(['production']);
    const message = expect.stringMatching(/^The token of target "staging" \(TOKEN\) was not accepted: GET .* 401/);
    expect(one).toMatchObject({ exit: 1, failed: [{ target: 'staging', exit: 1, code: 'token-rejected', message }] });
    spaces.production.emulator.addFaults(['GET *:401']);
    const none = await run('plan --format json');
    expect(none.code).toBe(Exit.failed);
    expect(parsed(none.out)).toMatchObject({ plans: [], exit: 1 });
    expect(named(parsed(none.out).failed)).toEqual(['production', 'staging']);
    expect(Object.keys(parsed(none.out).failed[0] ?? {})).toEqual(['target', 'exit', 'code', 'message']);
    expect((await run('plan')).out).toBe('');
  });

  test('reads them side by side, and Ctrl-C ends only what has not come to its end', async () => {
    const { run, spaces } = await several('production', 'staging');
    spaces.production.emulator.addFaults(['GET *:hang']);
    const stop = new AbortController();
    const end = run('plan --format json', { signal: stop.signal });
    // The second one gets on although the first one never answers.
    await until(() => spaces.staging.emulator.requests.some(({ path }) => path.includes('destinations')));
    stop.abort();
    const said = parsed((await end).out);
    expect(said.exit).toBe(Exit.failed);
    expect(said.failed[0]).toMatchObject({ target: 'production', code: 'stopped' });
  });

  test('tells all mistakes of the files at once, and nothing else then', async () => {
    const { run, write, spaces } = await several('production', 'staging', 'lost');
    write('syncs/nameless.yaml', manifest('nameless').replace('Snowflake Prod', 'Nowhere'));
    write('syncs/other.yaml', nameless('staging').replaceAll('nameless', 'other').replace('Nowhere', 'Elsewhere'));
    spaces.lost.emulator.addFaults(['GET *:401']);
    const said = await run('plan --format json');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err.match(/^error unknown-name /gm)).toHaveLength(3);
    expect(said.err).toContain('Nowhere');
    expect(said.err).toContain('Elsewhere');
    expect(said.err).not.toContain('token');
  });

  test('a mistake of one hides none of another whose ledger is still read', async () => {
    const here = await several('production', 'staging');
    inGit(here);
    for (const target of ['production', 'staging'])
      here.write(`syncs/${target}.yaml`, nameless(target).replaceAll('nameless', `of-${target}`));
    here.spaces.staging.emulator.addFaults(['GET /sources:delay=300']);
    const said = await here.run('plan');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err.match(/^error unknown-name {2}syncs\/(production|staging)\.yaml:/gm)).toHaveLength(2);
  });

  test('finds all their ledgers at once, in a shallow clone too', async () => {
    const here = await several('a', 'b', 'c', 'd');
    const { git, commit } = inGit(here);
    const [origin, clone] = [folder(), folder()];
    git('init', '--quiet', '--bare', origin);
    git('remote', 'add', 'origin', origin);
    await here.run(`apply --auto-approve ${here.all}`);
    commit();
    git('push', '--quiet', 'origin', 'main');
    git('clone', '--quiet', '--depth', '1', '--branch', 'main', `file://${origin}`, clone);
    const said = await here.run('plan --format json', { cwd: clone });
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    const { plans, failed } = JSON.parse(said.out) as { plans: { summary: { noop: number } }[]; failed: unknown[] };
    expect(failed).toEqual([]);
    expect(plans.map(({ summary }) => summary.noop)).toEqual([1, 1, 1, 1]);
  });

  test('of which one a request tells is said', async () => {
    const { run, spaces } = await several('production', 'staging');
    spaces.staging.emulator.addFaults(['GET /syncs:503:1']);
    expect((await run('plan')).err).toMatch(/^staging: GET \/api\/v1\/syncs: answered 503, trying again/);
    expect((await run('plan --verbose')).err).toMatch(/^production: GET \S+ 200 \d+ ms$/m);
    expect((await run('plan --verbose --target staging')).err).toMatch(/^GET \S+ 200 \d+ ms$/m);
  });
});

describe('several targets of one host', () => {
  const names = ['a', 'b', 'c', 'd', 'e'] as const;

  /** Five targets at one service, of which the last has another token. */
  async function together() {
    const one = await workspace({ latency: 20 });
    const blocks = names.map((name) => {
      const token = `"\${env.${name === 'e' ? 'OTHER' : 'TOKEN'}}"`;
      const limits = `{ concurrency: ${name === 'a' ? 3 : 2} }`;
      return `  ${name}: { provider: census, api: v1, base_url: "${one.emulator.url}", token: ${token}, limits: ${limits} }\n`;
    });
    one.write('syncline.yaml', `version: 1\nmanifests: [syncs/**/*.yaml]\ntargets:\n${blocks.join('')}`);
    const env = { TOKEN: one.emulator.token, OTHER: 'wrong' };
    return { ...one, plan: () => one.run('plan --format json', { env, patient: true }) };
  }

  test('have one limit together, and one that fails leaves the others alone', async () => {
    const { plan, emulator } = await together();
    const { plans, failed } = parsed((await plan()).out);
    expect(named(plans)).toEqual(['a', 'b', 'c', 'd']);
    expect(failed).toMatchObject([{ target: 'e', code: 'token-rejected' }]);
    expect(emulator.maxInFlight).toBe(3);
  });

  test('promise 12: wait together where one of them is told to, and say so once', async () => {
    const { plan, emulator } = await together();
    emulator.addFaults(['GET /syncs:429=1:1']);
    const said = await plan();
    expect(named(parsed(said.out).plans)).toEqual(['a', 'b', 'c', 'd']);
    expect(said.err.match(/^[a-d]: GET \S+: answered 429, so all requests to this host wait 1 s$/gm)).toHaveLength(1);
    const told = emulator.requests.findIndex(({ status }) => status === 429);
    // Behind it come those that were under way, and then nothing for a second.
    const pauses = emulator.requests.slice(told).map(({ at }, index, all) => (all[index + 1]?.at ?? at) - at);
    expect([0, 1, 2]).toContain(pauses.findIndex((pause) => pause > 500));
  });
});

describe('a saved plan of several targets', () => {
  test('is applied for the plans it holds, and says which it lacks', async () => {
    const { run, spaces, all } = await several('production', 'staging');
    spaces.staging.emulator.addFaults(['GET *:401:1']);
    expect((await run('plan --out plan.json')).code).toBe(Exit.failed);
    const said = await run('apply plan.json --format json');
    expect(said.code).toBe(Exit.partial);
    expect(parsed(said.out)).toMatchObject({
      exit: 5,
      failed: [{ target: 'staging', exit: 1, code: 'token-rejected' }],
    });
    expect(named(parsed(said.out).reports)).toEqual(['production']);
    expect(said.err).toContain('hint: That was so when plan.json was made: plan this target again.');
    expect([spaces.production.writes().length, spaces.staging.writes().length]).toEqual([1, 0]);
    // Nothing is written any more: then the failure alone is what counts.
    expect((await run(`apply plan.json ${all}`)).code).toBe(Exit.failed);
    expect((await run('apply plan.json --target staging')).code).toBe(Exit.failed);
    expect((await run('apply plan.json --target production')).code).toBe(Exit.refused);
  });

  test('that says of none what failed was edited', async () => {
    const { run, folder, spaces } = await several('production', 'staging');
    spaces.staging.emulator.addFaults(['GET *:401']);
    await run('plan --out plan.json');
    const path = join(folder, 'plan.json');
    const { failed: _failed, ...rest } = parsed(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...rest, failed: [] }));
    expect((await run('apply plan.json')).err).toContain('error plan-edited');
    expect(spaces.production.writes()).toEqual([]);
  });
});

describe('apply to several targets', () => {
  test('goes on after one that fails; what was written beside it makes it partial', async () => {
    const { run, spaces, all } = await several('production', 'staging', 'third');
    spaces.staging.emulator.addFaults(['GET *:401']);
    const said = await run(`apply --auto-approve ${all} --format json`);
    expect(said.code).toBe(Exit.partial);
    expect(parsed(said.out)).toMatchObject({ exit: 5, failed: [{ target: 'staging', code: 'token-rejected' }] });
    expect(named(parsed(said.out).reports)).toEqual(['production', 'third']);
    expect(said.err).toContain('error token-rejected  target staging\n');
    const again = await run(`apply --auto-approve ${all}`);
    expect(again.code).toBe(Exit.failed);
    expect(again.out).toContain('Failed\n  ! staging  token-rejected\n');
    expect(again.out.match(/^Apply: nothing to do\./gm)).toHaveLength(2);
  });

  test('is refused whole for what is wrong in the files, while nothing is written', async () => {
    const { run, write, spaces, all } = await several('production', 'staging');
    write('syncs/nameless.yaml', nameless('production'));
    const said = await run(`apply --auto-approve ${all} --format json`);
    expect(said).toMatchObject({ code: Exit.invalid, out: '', err: expect.stringContaining('Nowhere') });
    expect([...spaces.production.writes(), ...spaces.staging.writes()]).toEqual([]);
  });

  test('is a partial apply where one target is written and all of another is stale', async () => {
    const { run, write, spaces, all } = await several('production', 'staging');
    await run(`apply --auto-approve ${all}`);
    write('syncs/users.yaml', manifest('users', '  paused: true\n'));
    await run('plan --out plan.json');
    const theirs = spaces.staging.emulator.syncs().find((one) => one.label === 'Label of users');
    spaces.staging.emulator.mutate(Number(theirs?.id), { operation: 'mirror' });
    const said = await run(`apply plan.json ${all} --format json`);
    expect(parsed(said.out)).toMatchObject({ exit: 5, failed: [] });
    expect(said.code).toBe(Exit.partial);
  });

  test('begins nothing more once something is found to be wrong in the files', async () => {
    const { run, write, spaces, all } = await several('production', 'staging', 'third');
    write('syncs/nameless.yaml', nameless('staging'));
    const said = await run(`apply --auto-approve ${all} --format json`);
    expect(said.code).toBe(Exit.partial);
    expect(parsed(said.out).failed.map(({ target, exit, code }) => [target, exit, code])).toEqual([
      ['staging', 3, 'unknown-name'],
      ['third', 3, 'not-begun'],
    ]);
    expect(named(parsed(said.out).reports)).toEqual(['production']);
    expect(said.err).toMatch(/^error \S+ {2}syncs\/nameless\.yaml:/m);
    expect([...spaces.staging.writes(), ...spaces.third.writes()]).toEqual([]);
  });

  test('begins nothing more after Ctrl-C', async () => {
    const { run, spaces, all } = await several('production', 'staging');
    spaces.production.emulator.addFaults(['POST /syncs:delay=50']);
    const stop = new AbortController();
    const end = run(`apply --auto-approve ${all} --format json`, { signal: stop.signal });
    await until(() => spaces.production.writes().length > 0);
    stop.abort();
    const said = await end;
    expect(said.code).toBe(Exit.partial);
    expect(parsed(said.out)).toMatchObject({
      reports: [{ target: 'production', outcomes: [{ status: 'applied' }] }],
      failed: [{ target: 'staging', exit: 1, code: 'stopped' }],
    });
    expect(spaces.staging.emulator.requests).toEqual([]);
  });
});

describe('drift of several targets', () => {
  test('hides none of them, whatever failed', async () => {
    const { run, spaces, all } = await several('production', 'staging', 'third');
    await run(`apply --auto-approve ${all}`);
    spaces.third.emulator.mutate(Number(spaces.third.emulator.syncs().at(-1)?.id), { operation: 'mirror' });
    spaces.staging.emulator.addFaults(['GET *:500']);
    const said = await run('drift --format json');
    expect(said.code).toBe(Exit.failed);
    expect(parsed(said.out)).toMatchObject({ exit: 1, failed: [{ target: 'staging', code: 'provider' }] });
    expect(named(parsed(said.out).reports)).toEqual(['production', 'third']);
    expect((await run('drift --target production --target third')).code).toBe(Exit.changes);
  });
});
