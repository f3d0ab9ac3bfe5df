import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { Exit } from '../../src/model/errors.ts';
import type { ApplyEvent, ReportEvent } from '../../src/model/event.ts';
import { root } from '../support/processes.ts';
import { folder, world } from './in-process.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

interface Schema {
  readonly oneOf: readonly { readonly properties: { readonly event: { readonly const: string } } }[];
}
const schema: Schema = JSON.parse(readFileSync(join(root, 'schemas/apply-event.schema.json'), 'utf8'));

/** The schema as a version knows it that adds nothing more. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const inner = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return inner.properties === undefined ? inner : { ...inner, additionalProperties: false };
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
const published = ajv.compile(schema);
/** What each event says, and nothing more. */
const byEvent = new Map(
  schema.oneOf.map((one) => [one.properties.event.const, ajv.compile(closed(one) as object)] as const),
);

/** The events on stdout, each a line and valid; of each target one report comes last. */
function eventsIn(out: string): readonly ApplyEvent[] {
  expect(out.endsWith('\n')).toBe(true);
  const events = out
    .trimEnd()
    .split('\n')
    .map((line): ApplyEvent => JSON.parse(line));
  for (const event of events) {
    const fits = byEvent.get(event.event);
    expect([published(event), fits?.(event), fits?.errors], JSON.stringify(event)).toEqual([true, true, null]);
  }
  for (const target of new Set(events.map((one) => one.target))) {
    const own = events.filter((one) => one.target === target).map((one) => one.event);
    expect(own.filter((one) => one === 'report')).toHaveLength(1);
    expect(own.at(-1)).toBe('report');
  }
  return events;
}

/** Each event in a word or two. */
function shape(events: readonly ApplyEvent[]): readonly string[] {
  return events.map((one) => {
    if (one.event === 'change') return `${one.status} ${one.address}`;
    if (one.event === 'blocked') return `blocked ${one.address} ${one.reason}`;
    if (one.event === 'wait') return `wait ${one.reason}`;
    return one.event === 'report' ? `report ${one.exit}` : one.event;
  });
}

function reports(events: readonly ApplyEvent[]): readonly ReportEvent[] {
  return events.filter((one) => one.event === 'report');
}

const line = 'apply --auto-approve --format ndjson';

async function told(space: Workspace, command = line) {
  const said = await space.run(command);
  return { ...said, events: eventsIn(said.out) };
}

describe('apply --format ndjson', () => {
  test('tells of a run from its start to its report', async () => {
    const space = await workspace();
    const { code, err, events } = await told(space);
    expect({ code, err }).toEqual({ code: Exit.ok, err: '' });
    expect(shape(events)).toEqual(['start', 'started CensusSync/users', 'applied CensusSync/users', 'report 0']);
    const [recorded] = JSON.parse((await space.run('log --format json')).out).runs;
    expect(events.map((one) => one.run)).toEqual(events.map(() => recorded.run));
    expect(events[0]).toMatchObject({ digest: recorded.digest, dry_run: false, summary: { create: 1 } });
    const id = String(space.emulator.syncs().at(-1)?.id);
    expect(events[2]).toMatchObject({ action: 'create', id, error: null });
    expect(events[3]).toMatchObject({ converged: true, outcomes: [{ status: 'applied', id }], error: null });
  });

  test('says nothing of a run where there is none, and reports all the same', async () => {
    const space = await workspace();
    await space.run('apply --auto-approve');
    const { events } = await told(space);
    expect(shape(events)).toEqual(['start', 'report 0']);
    expect(events.map((one) => one.run)).toEqual([null, null]);
  });

  test('writes each line as it happens', async () => {
    const space = await workspace({ faults: ['POST /syncs:delay=60000'] });
    const stop = new AbortController();
    const env = { TOKEN: space.emulator.token };
    const { io, said } = world({ cwd: space.folder, env, signal: stop.signal });
    void run(line.split(' '), io);
    while (space.writes().length === 0) await new Promise((resolve) => setImmediate(resolve));
    const words = said()
      .out.trimEnd()
      .split('\n')
      .map((one): ApplyEvent => JSON.parse(one));
    expect(shape(words)).toEqual(['start', 'started CensusSync/users']);
  });

  test('a change that fails says why', async () => {
    const space = await workspace({ faults: ['POST /syncs:422:1'] });
    const { code, events } = await told(space);
    expect(code).toBe(Exit.failed);
    expect(shape(events).slice(-2)).toEqual(['failed CensusSync/users', 'report 1']);
    expect(events.at(-2)).toMatchObject({ id: null, error: expect.stringContaining('422') });
  });

  test('what is blocked is told with its reason, and stdout stays pure', async () => {
    const space = await workspace();
    await space.run('apply --auto-approve');
    await space.run('forget CensusSync/users');
    const { code, events } = await told(space);
    expect(code).toBe(Exit.refused);
    expect(shape(events)).toEqual(['start', 'blocked CensusSync/users foreign', 'report 4']);
    expect(events[1]).toMatchObject({ wanted: 'create', hint: expect.stringContaining('adopt') });
    expect(reports(events)[0]?.blocked).toHaveLength(1);
  });

  test('waits are told: for a limit, for another try, until reads show it', async () => {
    const space = await workspace();
    space.emulator.addFaults(['GET /syncs:503:1', 'POST /syncs:429=0:1', 'GET /syncs/*:stale=1']);
    const { code, events } = await told(space);
    expect(code).toBe(Exit.ok);
    expect(shape(events)).toEqual([
      'wait retry',
      'start',
      'started CensusSync/users',
      'wait rate-limit',
      'wait read-back',
      'applied CensusSync/users',
      'report 0',
    ]);
    const [retry, limit, back] = events.filter((one) => one.event === 'wait');
    expect(retry).toMatchObject({ run: null, address: null, request: 'GET /api/v1/syncs' });
    expect(retry?.message).toMatch(/^GET \/api\/v1\/syncs: answered 503, trying again .*\(2 of 5\)\.$/);
    expect(limit).toMatchObject({ request: 'POST /api/v1/syncs', message: expect.stringContaining('429') });
    expect(back).toMatchObject({ address: 'CensusSync/users', request: null });
    expect(back?.milliseconds).toBeLessThanOrEqual(10_000);
  });

  test('a dry run tells of verdicts', async () => {
    const space = await workspace();
    space.write('syncs/bad.yaml', manifest('bad').replace('to: Email', 'to: Nonsense__c'));
    const { code, events } = await told(space, `${line} --dry-run`);
    expect(code).toBe(Exit.invalid);
    expect(events[0]).toMatchObject({ event: 'start', dry_run: true, run: null });
    expect(new Set(shape(events).slice(1, -1))).toEqual(
      new Set([
        'started CensusSync/bad',
        'invalid CensusSync/bad',
        'started CensusSync/users',
        'valid CensusSync/users',
      ]),
    );
    expect(events.at(-1)).toMatchObject({ exit: 3, converged: null });
    expect(space.emulator.syncs().some(({ label }) => label === 'Label of users')).toBe(false);
  });

  test('a lost answer', async () => {
    const space = await workspace({ faults: ['POST /syncs:drop-response:1'] });
    const { code, events } = await told(space);
    expect(code).toBe(Exit.ok);
    expect(shape(events).at(-2)).toBe('applied CensusSync/users');
  });

  test('what Ctrl-C keeps from beginning is skipped', async () => {
    const space = await workspace({ faults: ['POST /syncs:delay=50'] });
    const text = readFileSync(join(space.folder, 'syncline.yaml'), 'utf8');
    space.write('syncline.yaml', text.replace('token:', 'limits: { concurrency: 1 }, token:'));
    space.write('syncs/orders.yaml', manifest('orders'));
    const stop = new AbortController();
    const end = space.run(line, { signal: stop.signal });
    while (space.writes().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    const { code, out } = await end;
    expect(code).toBe(Exit.partial);
    expect(shape(eventsIn(out))).toEqual([
      'start',
      'started CensusSync/orders',
      'applied CensusSync/orders',
      'skipped CensusSync/users',
      'report 5',
    ]);
  });

  test('a saved plan, and one that is stale', async () => {
    const space = await workspace();
    await space.run('plan --out plan.json');
    const apply = 'apply plan.json --format ndjson';
    expect(shape((await told(space, apply)).events)).toContain('applied CensusSync/users');
    const again = await told(space, apply);
    expect(again.code).toBe(Exit.refused);
    expect(shape(again.events)).toEqual(['start', 'stale CensusSync/users', 'report 4']);
  });

  test('no line holds the token, and none can break out of its line', async () => {
    const space = await workspace();
    const label = 'Bad \\n::error::x\\u202e \\u001b[31m';
    space.write('syncs/users.yaml', manifest('users').replace(/label: .*/, `label: "${label}"`));
    const { out } = await space.run(line);
    await space.run('forget CensusSync/users');
    const blocked = await told(space);
    expect(blocked.events[1]).toMatchObject({ event: 'blocked', label: JSON.parse(`"${label}"`) });
    for (const text of [out, blocked.out])
      for (const bad of [space.emulator.token, '\u001b', '\u202e']) expect(text).not.toContain(bad);
  });
});

describe('a machine gets its report whatever happens', () => {
  const error = (code: string) => ({ code, message: expect.any(String), hint: expect.any(String) });

  test('without a project', async () => {
    const space = await workspace();
    const said = await space.run(line, { cwd: folder() });
    expect(said.code).toBe(Exit.invalid);
    expect(reports(eventsIn(said.out))).toMatchObject([{ target: null, exit: 3, converged: false, outcomes: [] }]);
    expect(said.err).toMatch(/^error /);
  });

  test.each([
    ['a manifest that is wrong', 'syncs/bad.yaml', 'kind: CensusSync\nname: bad\n', {}, 'missing-field', Exit.invalid],
    ['a token that is missing', 'syncs/x.yaml', manifest('x'), { TOKEN: '' }, 'missing-variable', Exit.invalid],
    [
      'a token that is refused',
      'syncs/x.yaml',
      manifest('x'),
      { TOKEN: 'another-token' },
      'token-rejected',
      Exit.failed,
    ],
  ])('with %s', async (_what, file, text, env, code, exit) => {
    const space = await workspace();
    space.write(file, text);
    const said = await space.run(line, { env: { TOKEN: space.emulator.token, ...env } });
    expect(said.code).toBe(exit);
    expect(eventsIn(said.out)).toMatchObject([{ target: 'production', exit, error: error(code) }]);
  });

  test('without approval, and the plan goes to stderr', async () => {
    const space = await workspace();
    const said = await space.run('apply --format ndjson');
    expect(eventsIn(said.out)).toMatchObject([{ exit: 4, error: error('not-approved') }]);
    expect(said.err).toContain('Target production: ');
  });

  test('with a plan that was edited', async () => {
    const space = await workspace();
    await space.run('plan --out plan.json');
    const path = join(space.folder, 'plan.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('Label of users', 'Label of losers'));
    const said = await space.run('apply plan.json --format ndjson');
    expect(eventsIn(said.out)).toMatchObject([{ target: null, exit: 3, error: error('plan-edited') }]);
  });

  test('with a check that is stopped', async () => {
    const space = await workspace({ faults: ['POST /syncs:delay=50'] });
    const stop = new AbortController();
    const end = space.run(`${line} --dry-run`, { signal: stop.signal });
    while (space.writes().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    const said = await end;
    expect(reports(eventsIn(said.out))).toMatchObject([{ exit: 1, error: error('stopped') }]);
  });

  test('for each of several targets, also those that could not be planned', async () => {
    const space = await workspace();
    const other = await workspace({ token: space.emulator.token });
    space.write('syncline.yaml', project({ production: space.emulator.url, staging: other.emulator.url }));
    other.emulator.addFaults(['GET *:401:1']);
    await space.run('plan --out plan.json');
    const { code, events } = await told(space, 'apply plan.json --format ndjson');
    expect(code).toBe(Exit.partial);
    const ends = reports(events).map(({ target, exit, error }) => [target, exit, error?.code]);
    expect(ends).toEqual([
      ['staging', 1, 'token-rejected'],
      ['production', 0, undefined],
    ]);
    rmSync(join(space.folder, 'plan.json'));
    space.write('syncs/bad.yaml', 'kind: CensusSync\nname: bad\n');
    const whole = await told(space, `${line} --target production --target staging`);
    expect(reports(whole.events).map(({ exit }) => exit)).toEqual([Exit.invalid, Exit.invalid]);
  });
});
