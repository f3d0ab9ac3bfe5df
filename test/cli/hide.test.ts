import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { unkindServer } from '../support/unkind.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

const first = 'hunter2-of-the-north';
const second = 'swordfish-of-the-south';

const pointers = ['/mappings/Title/from', '/advanced_configuration'];

/** A sync with a secret in an item of a list, and one below a pointer; `hide` null hides nothing. */
function secretive(secret: string, hide: readonly string[] | null = pointers, more = ''): string {
  const lifecycle = hide === null ? '' : `lifecycle: { hide: [${hide.join(', ')}] }\n`;
  const constant = `    - { from: { constant: "${secret}" }, to: Title }\n`;
  return `${lifecycle}${manifest('users', `${constant}  advanced_configuration: { nested: { key: "${secret}!" } }\n${more}`)}`;
}

async function applied(): Promise<Workspace> {
  const space = await workspace();
  space.write('syncs/users.yaml', secretive(first));
  expect((await space.run('apply --auto-approve')).code).toBe(Exit.ok);
  return space;
}

function idOf({ emulator }: Workspace): number {
  return Number(emulator.syncs().find((one) => one.label === 'Label of users')?.id);
}

function ledgerOf({ folder }: Workspace): string {
  return readFileSync(join(folder, '.syncline/ledger/production.json'), 'utf8');
}

/** The last run that was recorded. */
async function lastRun(space: Workspace): Promise<string> {
  return JSON.parse((await space.run('log --format json')).out).runs[0].run;
}

const secrets = [first, second, 'hunter2', 'swordfish'];

function expectNothingOf(said: { readonly out: string; readonly err: string }): void {
  for (const secret of secrets) {
    expect(said.out).not.toContain(secret);
    expect(said.err).not.toContain(secret);
  }
}

describe('lifecycle.hide', () => {
  test.each(['text', 'markdown', 'github', 'html'])(
    'a plan of a new thing and of a changed one, as %s',
    async (format) => {
      const space = await workspace();
      space.write('syncs/users.yaml', secretive(first));
      const made = await space.run(`plan --format ${format}`);
      expectNothingOf(made);
      await space.run('apply --auto-approve');
      space.write('syncs/users.yaml', secretive(second));
      const changed = await space.run(`plan --format ${format}`);
      expectNothingOf(changed);
      expect(changed.out).toContain(format === 'markdown' ? '`(hidden)` | `(hidden)`' : '(hidden)');
      if (format === 'text') {
        expect(made.out).toContain('+ /advanced_configuration: (hidden)\n');
        expect(changed.out).toContain('~ /mappings/Title/from: (hidden) → (hidden)');
      }
    },
  );

  test.each(['text', 'markdown', 'github', 'html'])(
    'what a thing is, whether it comes, is blocked or goes, as %s',
    async (format) => {
      const space = await workspace();
      const lifecycle =
        'lifecycle: { hide: [/destination_attributes/connection_id, /source_attributes/object, /mode] }\n';
      const mode = '  mode: { triggers: { schedule: { frequency: quarter_hourly } } }\n';
      space.write('syncs/users.yaml', `${lifecycle}${manifest('users', mode)}`);
      const made = await space.run(`plan --format ${format}`);
      await space.run('apply --auto-approve');
      space.write('syncs/users.yaml', manifest('other').replace('connection: Salesforce', 'connection_id: 601'));
      const kept = await space.run(`plan --format ${format} --only CensusSync/users`);
      const gone = await space.run(`plan --prune --format ${format} --only CensusSync/users`);
      for (const { out } of [made, kept, gone]) {
        expect(out).toContain('Snowflake Prod');
        expect(out).toContain('(hidden)'.replaceAll(/[()]/g, format === 'markdown' ? '\\$&' : '$&'));
        expect(out).not.toMatch(/Salesforce|analytics|15 minutes|runs by hand/);
      }
    },
  );

  test('plan file, JSON and ledger hold the values, and the plan can be applied', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', secretive(first));
    expect((await space.run('plan --format json')).out).toContain(first);
    await space.run('plan --out plan.json');
    expect(readFileSync(join(space.folder, 'plan.json'), 'utf8')).toContain(first);
    const said = await space.run('apply plan.json');
    expect(said.code).toBe(Exit.ok);
    expectNothingOf(said);
    expect(ledgerOf(space)).toContain(first);
    expect(JSON.stringify(space.emulator.syncs())).toContain(first);
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  test.each(['text', 'json', 'markdown', 'github', 'sarif'])('drift as %s', async (format) => {
    const space = await applied();
    space.emulator.mutate(idOf(space), { advanced_configuration: { nested: { key: second } } });
    const said = await space.run(`drift --format ${format}`);
    expect(said.code).toBe(Exit.changes);
    expectNothingOf(said);
    expect(said.out).toContain('(hidden)');
    rmSync(join(space.folder, 'syncs/users.yaml'));
    space.write('syncs/others.yaml', manifest('others'));
    const alone = await space.run(`drift --format ${format}`);
    expect(alone.out).toContain('CensusSync/users');
    expectNothingOf(alone);
  });

  test('what no manifest declares any more: a delete, and the undo of it', async () => {
    const space = await applied();
    rmSync(join(space.folder, 'syncs/users.yaml'));
    space.write('syncs/others.yaml', manifest('others'));
    expectNothingOf(await space.run('plan --prune'));
    expectNothingOf(await space.run('apply --prune --auto-approve'));
    const run = await lastRun(space);
    const back = await space.run(`undo ${run}`);
    expect(back.out).toContain('/advanced_configuration: (hidden)');
    expectNothingOf(back);
    expectNothingOf(await space.run(`undo ${run} --auto-approve`));
    expect(JSON.stringify(space.emulator.syncs())).toContain(first);
    // What came back is hidden as before.
    space.emulator.mutate(idOf(space), { advanced_configuration: { nested: { key: second } } });
    expectNothingOf(await space.run('drift'));
  });

  test('the undo of a change', async () => {
    const space = await applied();
    space.write('syncs/users.yaml', secretive(second));
    await space.run('apply --auto-approve');
    const said = await space.run(`undo ${await lastRun(space)}`);
    expect(said.out).toContain('/advanced_configuration/nested: (hidden) → (hidden)');
    expectNothingOf(said);
  });

  test('taking a pointer off the list still hides in that very plan, and says so', async () => {
    const space = await applied();
    space.write('syncs/users.yaml', secretive(first, ['/advanced_configuration']));
    const plan = await space.run('plan --format json');
    expect(JSON.parse(plan.out).plans[0]).toMatchObject({
      summary: { update: 0, recorded: 1 },
      notes: [
        { code: 'api-retires' },
        { code: 'lifecycle', message: expect.stringContaining('no longer has /mappings/Title/from') },
      ],
    });
    space.write('syncs/users.yaml', secretive(second, null));
    expectNothingOf(await space.run('plan'));
    await space.run('apply --auto-approve');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
    space.write('syncs/users.yaml', secretive(first, null));
    expect((await space.run('plan')).out).toContain(second);
  });

  test('hiding something is recorded, and then the plan is empty', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', secretive(first, null));
    await space.run('apply --auto-approve');
    space.write('syncs/users.yaml', secretive(first));
    expect((await space.run('plan')).out).toContain('1 recorded only');
    await space.run('apply --auto-approve');
    expect((await space.run('plan --exit-code')).code).toBe(Exit.ok);
  });

  const stuck = [
    ...['text', 'markdown', 'github', 'html'].map((format) => `plan --format ${format}`),
    'apply --auto-approve',
    'apply --auto-approve --format json',
    'apply --auto-approve --format ndjson',
    'apply --dry-run --format ndjson',
  ];

  test.each(stuck)('what is blocked: %s', async (command) => {
    const space = await workspace();
    const dataset = (source: string) =>
      `kind: CensusDataset\nname: people\nlifecycle: { hide: [/source_id] }\nspec: { name: People, type: sql, query: select 1, source: ${source} }\n`;
    space.write('syncs/people.yaml', dataset('Snowflake Prod'));
    await space.run('apply --auto-approve');
    space.write('syncs/people.yaml', dataset('BigQuery EU'));
    const said = await space.run(command);
    expect(said.out).toContain('immutable');
    expect(said.out).toContain('/source_id');
    // An annotation names the field, and neither value.
    if (!command.endsWith('github')) expect(said.out).toContain('(hidden)');
    expect(said.out).not.toMatch(/Snowflake Prod|BigQuery EU/);
  });

  describe('a service that repeats what it was sent', () => {
    async function repeating(status: number, answer: (sent: string) => string) {
      const space = await workspace();
      const server = await unkindServer(space.emulator.url);
      onTestFinished(() => server.close());
      space.write('syncline.yaml', project({ production: server.url }));
      space.write('syncs/users.yaml', secretive(first));
      return {
        space,
        refuse: (method: string) => {
          server.manner = ({ method: asked, body }, forward) =>
            asked === method
              ? Promise.resolve({
                  status,
                  body: { status: 'error', message: answer(JSON.stringify(body.advanced_configuration)) },
                })
              : forward();
        },
      };
    }

    test.each(['text', 'json'])('in a refusal, as %s', async (format) => {
      const { space, refuse } = await repeating(422, (sent) => `advanced_configuration is invalid: ${sent}`);
      refuse('POST');
      const said = await space.run(`apply --auto-approve --format ${format}`);
      expect(said.out).toContain('advanced_configuration is invalid');
      expectNothingOf(said);
    });

    test.each([
      'plan --validate-only',
      'plan --validate-only --format json',
      'apply --dry-run',
      'apply --dry-run --format json',
    ])('in a check: %s', async (command) => {
      const { space, refuse } = await repeating(422, (sent) => `advanced_configuration is invalid: ${sent}`);
      refuse('POST');
      const said = await space.run(command);
      expect(said.out).toContain('is invalid');
      if (command === 'plan --validate-only --format json')
        expect(JSON.parse(said.out).plans[0].changes[0].validation.message).not.toContain('hunter2');
      else expectNothingOf(said);
    });
  });

  test('what was sent and is stored otherwise', async () => {
    const space = await workspace();
    const server = await unkindServer(space.emulator.url);
    onTestFinished(() => server.close());
    server.manner = ({ body }, forward) =>
      forward(
        'advanced_configuration' in body ? { ...body, advanced_configuration: { nested: { key: second } } } : body,
      );
    space.write('syncline.yaml', project({ production: server.url }));
    space.write('syncs/users.yaml', secretive(first));
    const said = await space.run('apply --auto-approve', { env: { TOKEN: space.emulator.token } });
    expect(said.code).toBe(Exit.partial);
    expect(said.out).toContain('was sent as (hidden) and is stored as (hidden)');
    expectNothingOf(said);
  }, 30_000);

  test.each([
    ['/label', 'error hide-label', 'The label cannot be hidden.'],
    ['/mapings', 'error unknown-hide', 'Did you mean "/mappings"'],
    ['/source_attributes/connection', 'error unknown-hide', 'Write "/source_attributes/connection_id".'],
    ['/advanced_configuration/nested/kye', 'warning idle-hide', 'leads to nothing in spec'],
    ['/mappings/Titel/from', 'warning idle-hide', 'leads to nothing in spec'],
    ['title', 'error bad-format', 'Write a JSON pointer into the spec'],
  ])('%s: %s', async (pointer, code, words) => {
    const space = await workspace();
    space.write('syncs/users.yaml', secretive(first, [pointer]));
    const said = await space.run('validate');
    expect(said.out).toContain(`${code}  syncs/users.yaml:1:`);
    expect(said.out).toContain(words);
    expectNothingOf(said);
  });

  test.each(['text', 'json', 'github', 'sarif', 'junit'])(
    'what is wrong with a hidden value is told without it, as %s',
    async (format) => {
      const space = await workspace();
      space.write(
        'syncs/users.yaml',
        secretive(first, ['/operation'], '  operation: nonsense\n')
          .replace('  operation: upsert\n', '')
          .replace('nonsense', first),
      );
      const said = await space.run(`validate --format ${format}`);
      expect(said.code).toBe(Exit.invalid);
      expect(said.out).toContain('(hidden)');
      expectNothingOf(said);
    },
  );

  test('nor is a value that YAML would change', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', secretive(first).replace(`"${first}!"`, '12345678901234567890'));
    const said = await space.run('validate');
    expect(said.out).toContain('error unsafe-integer');
    expect(said.out).not.toContain('12345678901234567890');
  });

  test('several manifests: only the one that says so hides', async () => {
    const space = await workspace();
    space.write('syncs/users.yaml', secretive(first));
    space.write('syncs/orders.yaml', manifest('orders', '  advanced_configuration: { open: seen }\n'));
    const { out } = await space.run('plan');
    expect(out).toContain('+ /advanced_configuration/open: seen');
    expectNothingOf({ out, err: '' });
  });
});
