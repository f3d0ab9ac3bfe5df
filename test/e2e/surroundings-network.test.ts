import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startCensusV1 } from '../../src/emulator/census-v1/server.ts';
import { haste, synclineHere } from '../cli/in-process.ts';
import { manifest, project } from '../cli/workspace.ts';
import { type Answer, type Guard, inFrontOf } from '../support/in-front.ts';
import { built, type Ended, root, run, syncline } from '../support/processes.ts';

const pem = join(root, 'test/support/tls/certificate.pem');
const tls = { key: readFileSync(join(root, 'test/support/tls/key.pem'), 'utf8'), cert: readFileSync(pem, 'utf8') };
const tooMany: Answer = { status: 429, body: '' };

interface World {
  readonly folder: string;
  /** Where the service is reached. */
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** How many syncs the service holds. */
  readonly count: () => number;
  run(line: string, env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** The same in a process of its own. */
  spawned(line: string, env?: Readonly<Record<string, string>>): Promise<Ended>;
  shell(line: string): Promise<Ended>;
  write(path: string, text: string): void;
}

/** A project of so many manifests, and a workspace behind what `guard` is. */
async function world(
  options: { names?: readonly string[]; guard?: Guard; secure?: boolean; faults?: readonly string[] } = {},
): Promise<World> {
  const emulator = await startCensusV1({ faults: options.faults });
  onTestFinished(() => emulator.close());
  const url = await inFrontOf(emulator.url, options.guard ?? (() => undefined), options.secure ? tls : undefined);
  const folder = mkdtempSync(join(tmpdir(), 'syncline-surroundings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('syncline.yaml', `${project({ production: url })}ledger: file\n`);
  for (const name of options.names ?? ['users']) write(`syncs/${name}.yaml`, manifest(name));
  const env = { TOKEN: emulator.token };
  return {
    folder,
    url,
    env,
    write,
    count: () => emulator.syncs().length,
    run: (line, more = {}) => synclineHere(line.split(' '), { cwd: folder, env: { ...env, ...more } }),
    spawned: (line, more = {}) => syncline(line.split(' '), { cwd: folder, env: { ...env, ...more } }),
    shell: (line) =>
      run('sh', ['-c', `NODE=$1 CLI=$2; ${line}`, 'sh', process.execPath, built()], { cwd: folder, env }),
  };
}

test('Ctrl-C says what is waited for, and once more what that means', async () => {
  let arrived: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const guard: Guard = ({ method }) => {
    if (method === 'POST') arrived();
    return undefined;
  };
  const { folder, env, run: cli, count } = await world({ guard, faults: ['POST /syncs:hang-response:1'] });
  const before = count();
  const child = spawn(process.execPath, [built(), 'apply', '--auto-approve'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8');
  const told = new Promise<void>((resolve) => {
    child.stderr.on('data', (text: string) => {
      stderr += text;
      if (stderr.includes('waits for the requests')) resolve();
    });
  });
  await asked;
  child.kill('SIGINT');
  await told;
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
  expect(stderr).toContain('Run again; Syncline checks that first.');
  expect(await cli('apply --auto-approve')).toMatchObject({ code: 0 });
  expect(count() - before).toBe(1);
});

describe('promise 12: a service that limits how much it is asked', () => {
  test('is waited for by all workers together, and everything is applied', async () => {
    let creates = 0;
    let since = 0;
    let refusals = 0;
    const guard: Guard = ({ method }) => {
      if (method !== 'POST') return undefined;
      creates += 1;
      if (creates <= 4) return undefined;
      if (since === 0) since = Date.now();
      if (Date.now() - since > 12_000 / haste) return undefined;
      refusals += 1;
      return tooMany;
    };
    const names = Array.from({ length: 12 }, (_, index) => `sync-${index}`);
    const { run: cli, count } = await world({ names, guard });
    const before = count();
    const applied = await cli('apply --auto-approve --format json');
    expect(applied).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/answered 429, so all requests to this host wait \d s/),
    });
    expect(applied.stdout.match(/"status": "applied"/g)).toHaveLength(12);
    expect(count() - before).toBe(12);
    // One each for those who were under way, and one for each wait.
    expect(refusals).toBeLessThanOrEqual(8 + 5);
  });
});

describe('a proxy in the environment', () => {
  test.each([
    ['HTTPS_PROXY', 'socks5://proxy.corp:1080'],
    ['https_proxy', 'http://'],
    ['HTTPS_PROXY', 'http://me:%zz@proxy.corp'],
    ['HTTPS_PROXY', 'proxy corp'],
    ['HTTPS_PROXY', 'http://[::1'],
    ['HTTPS_PROXY', 'proxy.corp:99999'],
  ])('that cannot be used is named: %s=%s', async (name, value) => {
    const { run: cli } = await world();
    const { code, stderr } = await cli('plan', { [name]: value });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(`variable ${name} is not`) });
    expect(stderr).not.toContain('%zz');
  });

  test.each([
    (address: string) => ({ HTTPS_PROXY: address }),
    (address: string) => ({ HTTPS_PROXY: '', https_proxy: address }),
    (address: string) => ({ https_proxy: `http://${address}/`, no_proxy: 'other.example', NO_PROXY: '' }),
  ])('is asked for the way to the service (%#)', async (envOf) => {
    const { folder, write } = await world();
    write('syncline.yaml', project({ production: 'https://census.example' }));
    const proxy = createServer();
    const asked = once(proxy, 'connect');
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => void proxy.close());
    const address = proxy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const env = { PATH: process.env.PATH, TOKEN: 'secret-token', ...envOf(`127.0.0.1:${port}`) };
    const child = spawn(process.execPath, [built(), 'plan'], { cwd: folder, env, stdio: 'ignore' });
    const [request, socket] = await asked;
    expect(request.url).toBe('census.example:443');
    child.kill('SIGKILL');
    socket.destroy();
  });

  test.each([
    { NO_PROXY: '0.0.0.0', no_proxy: '' },
    { NO_PROXY: '', no_proxy: '0.0.0.0' },
    { NO_PROXY: ' ', no_proxy: 'other.example, 0.0.0.0' },
  ])('is left out for a host that needs none: %j', async (noProxy) => {
    const { run: cli, folder, write } = await world({ secure: true });
    const text = readFileSync(join(folder, 'syncline.yaml'), 'utf8');
    // Another name of this machine, for which no exception is made.
    write('syncline.yaml', text.replace('127.0.0.1', '0.0.0.0'));
    const { stderr } = await cli('plan', { HTTPS_PROXY: '127.0.0.1:9', ...noProxy });
    // It has been reached itself, as its certificate shows.
    expect(stderr).toContain('NODE_EXTRA_CA_CERTS');
  });
});

test('a certificate that nobody vouches for: the hint names the variable, and the variable helps', async () => {
  const { spawned: cli } = await world({ secure: true });
  expect(await cli('plan')).toMatchObject({ code: 1, stderr: expect.stringContaining('NODE_EXTRA_CA_CERTS') });
  expect(await cli('plan', { NODE_EXTRA_CA_CERTS: pem })).toMatchObject({ code: 0 });
});

test.each([
  ['in the project file', (url: string) => url],
  ['in the environment', () => `\${env.ADDRESS}`],
])('a base URL that holds the version is refused before anything is sent: %s', async (_where, written) => {
  const seen: string[] = [];
  const guard: Guard = ({ path }) => {
    seen.push(path);
    return undefined;
  };
  const { run: cli, write, url } = await world({ guard });
  const versioned = `${url}/api/v1`;
  write('syncline.yaml', project({ production: written(versioned) }));
  const { code, stderr } = await cli('plan', { ADDRESS: versioned });
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: expect.stringMatching(/syncline\.yaml:\d+:\d+[\s\S]*bad-url|bad-url[\s\S]*syncline\.yaml:\d+/),
  });
  expect(seen).toEqual([]);
});

test('a saved plan that an editor gave a byte order mark is read', async () => {
  const { run: cli, folder, count } = await world();
  const before = count();
  expect(await cli('plan --out plan.json')).toMatchObject({ code: 0 });
  writeFileSync(join(folder, 'plan.json'), `\uFEFF${readFileSync(join(folder, 'plan.json'), 'utf8')}`);
  expect(await cli('apply plan.json')).toMatchObject({ code: 0 });
  expect(count() - before).toBe(1);
});

describe('an output that takes nothing', () => {
  test('after writes is a partial success that says so in one line', async () => {
    const { shell, count } = await world({ names: ['one', 'two', 'three'] });
    const before = count();
    const { code, stderr } = await shell('"$NODE" "$CLI" apply --auto-approve --format json --quiet > /dev/full');
    expect({ code, made: count() - before }).toEqual({ code: 5, made: 3 });
    expect(stderr).toBe('error: the result could not be written to the standard output (ENOSPC)\n');
  });

  test.each([
    ['"$NODE" "$CLI" plan > /dev/full', 1],
    ['"$NODE" "$CLI" validate > /dev/full', 1],
    ['"$NODE" "$CLI" --help > /dev/full', 1],
    ['"$NODE" "$CLI" plan --format yaml > /dev/full 2>&1', 3],
    ['"$NODE" "$CLI" plan 2>&-', 0],
    ['"$NODE" "$CLI" plan --format yaml 2>/dev/full', 3],
    ['"$NODE" "$CLI" plan >&-', 0],
  ])('%s ends with %d and without a stack', async (line, code) => {
    const { shell } = await world();
    const ended = await shell(line);
    expect(ended.code).toBe(code);
    expect(ended.stderr).not.toMatch(/^\s+at |internal/m);
  });

  test('a reader that goes away changes nothing of what happened', async () => {
    const { shell, count } = await world({ names: ['one', 'two'] });
    const before = count();
    const { stderr, stdout } = await shell(
      '("$NODE" "$CLI" apply --auto-approve; echo "exit $?" >&3) 3>&1 >/dev/null | true; :',
    );
    expect({ stderr, made: count() - before }).toEqual({ stderr: '', made: 2 });
    expect(stdout).toBe('');
  });
});

describe('what is no plan file', () => {
  test.each(['/dev/zero', 'pipe', 'syncs', '/dev/null'])('apply %s is refused at once', async (name) => {
    const { run: cli, folder } = await world();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await cli(`apply ${name}`)).toMatchObject({ code: 3 });
  });

  test.each(['/dev/zero', 'pipe'])('nor is --config %s a project file', async (name) => {
    const { run: cli, folder } = await world();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(await cli(`plan --config ${name}`)).toMatchObject({ code: 3 });
  });

  test.each(['syncs/users.yaml', 'syncs/plan.yaml', 'syncline.yaml', 'syncs', 'notes.txt'])(
    'plan --out %s overwrites nothing',
    async (name) => {
      const { run: cli, folder, write } = await world();
      write('notes.txt', 'mine');
      const { code, stderr } = await cli(`plan --out ${name}`);
      expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('plan-out') });
      expect(readFileSync(join(folder, 'syncs/users.yaml'), 'utf8')).toBe(manifest('users'));
      expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    },
  );

  test('an older plan is replaced', async () => {
    const { run: cli } = await world();
    expect(await cli('plan --out plan.json')).toMatchObject({ code: 0 });
    expect(await cli('plan --out plan.json')).toMatchObject({ code: 0 });
  });
});

test('a working directory that is gone is said', async () => {
  const { shell } = await world();
  const { code, stderr } = await shell('mkdir gone; cd gone; rmdir ../gone; "$NODE" "$CLI" plan');
  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('does not exist any more') });
});

test('many targets are read without a warning', async () => {
  const { spawned: cli, shell, folder, write } = await world();
  // With a ledger in Git every target waits for the end of its git processes.
  await shell('git init -q .');
  const text = readFileSync(join(folder, 'syncline.yaml'), 'utf8').replace('ledger: file', 'ledger: git');
  const line = text.split('\n').find((one) => one.includes('production:')) ?? '';
  const more = Array.from({ length: 24 }, (_, index) => line.replace('production', `t${index}`)).join('\n');
  write('syncline.yaml', text.replace(line, more));
  expect(await cli('plan')).toMatchObject({ code: 0, stderr: '' });
});

test('a terminal that is closed stops an apply as SIGTERM does', async () => {
  let arrived = (): void => undefined;
  const reading = new Promise<void>((done) => {
    arrived = done;
  });
  const guard: Guard = () => {
    arrived();
    return { status: 503, body: '{}' };
  };
  const { folder } = await world({ guard });
  const env = { PATH: process.env.PATH, TOKEN: 'secret-token' };
  const child = spawn(process.execPath, [built(), 'plan'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const end = once(child, 'close');
  await reading;
  child.kill('SIGHUP');
  expect(await end).toEqual([1, null]);
  expect(said).toContain('Stopped; nothing was written.');
});

describe('an answer that is none', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const answers: readonly (readonly [string, Answer])[] = [
    ['a page', { status: 200, body: '<!doctype html>', headers: { 'content-type': 'text/html' } }],
    ['nothing', { status: 200, body: '' }],
    [
      'letters that are none',
      { status: 200, body: Buffer.from('{"status":"ok","data":[{"id":1,"label":"\xff"}]}', 'latin1') },
    ],
    ['nesting without end', { status: 200, body: `{"data":[{"id":1,"label":"x","a":${deep}}]}` }],
    [
      'nesting in a sync',
      { status: 200, body: `{"data":[{"id":1,"label":"x","advanced_configuration":{"a":${deep}}}]}` },
    ],
    ['a fraction as an id', { status: 200, body: '{"data":[{"id":1.5}]}' }],
    ['a negative id', { status: 200, body: '{"data":[{"id":-1}]}' }],
    ['an id beyond counting', { status: 200, body: '{"data":[{"id":123456789012345678901234567890}]}' }],
    ['a list for an id', { status: 200, body: '{"data":[{"id":[1]}]}' }],
    [
      'a bomb',
      { status: 200, body: gzipSync(Buffer.alloc(80 * 1024 * 1024)), headers: { 'content-encoding': 'gzip' } },
    ],
  ];
  test.each(answers)('%s is said in one sentence, and nothing is written', async (_name, answer) => {
    const { run: cli, count } = await world({
      guard: ({ path }) => (path.startsWith('/api/v1/syncs') ? answer : undefined),
    });
    const before = count();
    const { code, stderr } = await cli('apply --auto-approve');
    expect({ code, made: count() - before }).toEqual({ code: 1, made: 0 });
    expect(stderr).toContain('/api/v1/syncs');
    expect(stderr).not.toMatch(/^\s+at |internal/m);
  });
});
