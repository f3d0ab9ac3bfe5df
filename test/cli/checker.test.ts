import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { manifest, project, type Workspace, workspace } from './workspace.ts';

/** Built, for a thread runs no TypeScript. */
const file = pathToFileURL(new URL('../../dist/check-worker.js', import.meta.url).pathname);
const checker = { file, fewest: 100 };
const missing = { ...checker, file: new URL('./no-such-program.js', file) };
const now = new Date('2026-11-28T10:00:00Z');

/** Two targets, and more files than go into one message: variables, overrides, queries in files, several documents in one. */
async function manyFiles(): Promise<Workspace> {
  const world = await workspace();
  const { emulator, write } = world;
  const targets = project({ production: emulator.url, staging: emulator.url })
    .replace('production: {', 'production: { vars: { who: Contact },')
    .replace('staging: {', 'staging: { vars: { who: Lead },');
  write('syncline.yaml', targets);
  for (let index = 0; index < 160; index += 1) {
    const folder = `syncs/${index % 7}`;
    const text = manifest(`m${index}`, index % 5 === 0 ? '  paused: true\n' : '');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how variables are written.
    const varied = index % 3 === 0 ? text.replace('object: Contact', 'object: "${vars.who}"') : text;
    const second = index % 50 === 0 ? `---\n${manifest(`second${index}`)}` : '';
    write(`${folder}/m${index}.yaml`, `# ${index}\n${varied}${second}`);
  }
  write('sql/users.sql', 'select 1\n');
  write(
    'syncs/dataset.yaml',
    'kind: CensusDataset\nname: users\nspec: { name: Users, type: sql, source: Snowflake Prod, query: { file: ../sql/users.sql } }\n',
  );
  return world;
}

/** What a command line says with each program. */
async function saidWith({ run, emulator }: Workspace, line: string) {
  const env = { TOKEN: emulator.token };
  const [alone, beside, without] = [
    await run(line, { env, now }),
    await run(line, { env, now, checker }),
    await run(line, { env, now, checker: missing }),
  ];
  return { alone, beside, without };
}

describe('manifests that are checked in a thread of their own', () => {
  test('are planned as if they had been checked here, also where there is no such program', async () => {
    const world = await manyFiles();
    const { alone, beside, without } = await saidWith(world, 'plan --format json');
    expect(alone).toMatchObject({ code: Exit.ok, err: '' });
    expect(alone.out).toContain('CensusSync/second100');
    expect(beside).toEqual(alone);
    expect(without).toEqual(alone);
  });

  test('show the same mistakes, of one file and of several', async () => {
    const world = await manyFiles();
    const { write } = world;
    write('syncs/3/typo.yaml', manifest('typo').replace('operation', 'opperation'));
    write('syncs/3/broken.yaml', 'kind: [\n');
    write('syncs/3/twice.yaml', manifest('m7'));
    write('syncs/4/not-json.yaml', manifest('numbers', '  failed_record_notifications_threshold_percent: .nan\n'));
    write('syncs/4/old.yaml', manifest('old', '  schedule_frequency: never\n  mode: { type: live }\n'));
    const { alone, beside, without } = await saidWith(world, 'plan');
    expect(alone.code).toBe(Exit.invalid);
    for (const file of ['3/typo', '3/broken', '4/not-json']) expect(alone.err).toContain(`syncs/${file}.yaml:`);
    expect(alone.err).toContain('m7');
    expect(beside).toEqual(alone);
    expect(without).toEqual(alone);
  });

  test('a thread that ends early leaves the rest of the files to this one', async () => {
    const { run, emulator, write, folder } = await manyFiles();
    // It finds nothing in ten files, so that who believes it misses them, and ends.
    write(
      'ends.mjs',
      `import { parentPort, workerData } from 'node:worker_threads';
const nothing = { complete: true, count: 0, diagnostics: [], documents: [], manifests: [], pending: [], uses: [] };
parentPort.postMessage(JSON.stringify(workerData.files.slice(0, 10).map((file) => ({ file, ...nothing }))));
`,
    );
    const env = { TOKEN: emulator.token };
    const changes = async (program: typeof checker | undefined) => {
      const { out } = await run('plan --format json --target staging', { env, checker: program });
      return JSON.parse(out).plans[0].changes.length;
    };
    expect(await changes({ ...checker, file: pathToFileURL(join(folder, 'ends.mjs')) })).toBeLessThan(
      (await changes(undefined)) - 9,
    );
  });
});
