import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Exit } from '../../src/model/errors.ts';
import { inGit, type Repository } from './repository.ts';
import { type Workspace, workspace } from './workspace.ts';

const dataset = (query: string) => `kind: CensusDataset
name: active
spec:
  name: Active users
  type: sql
  source: Snowflake Prod
  query: ${query}
`;

/** A repository in which a dataset has its query in `sql/active.sql`. */
async function repository(): Promise<Repository> {
  const here = inGit(await workspace());
  here.write('syncs/active.yaml', dataset('{ file: ../sql/active.sql }'));
  here.write('sql/active.sql', 'select id, email from users\n');
  here.write('sql/other.sql', 'select 1\n');
  here.commit();
  return here;
}

async function plannedCommit({ run }: Workspace): Promise<string> {
  const { code, out, err } = await run('plan --format json');
  expect({ code, err }).toEqual({ code: Exit.ok, err: '' });
  return JSON.parse(out).plans[0].commit;
}

describe('the commit of a plan', () => {
  test('is dirty where the file that holds a query is not as committed', async () => {
    const here = await repository();
    const head = here.git('rev-parse', 'HEAD');
    expect(await plannedCommit(here)).toBe(head);
    here.write('sql/active.sql', 'select id from users\n');
    expect(await plannedCommit(here)).toBe(`${head}-dirty`);
    const next = here.commit();
    expect(await plannedCommit(here)).toBe(next);
  });

  test('is not where nobody uses the file', async () => {
    const here = await repository();
    here.write('sql/other.sql', 'select 2\n');
    here.write('sql/new.sql', 'select 3\n');
    expect(await plannedCommit(here)).toBe(here.git('rev-parse', 'HEAD'));
  });

  test.each([
    ['is new', 'sql/new.sql'],
    ['is new, with a name that git could take for a pattern', 'sql/[n]*.sql'],
    ['Git ignores', 'generated/active.sql'],
  ])('is dirty where the file %s', async (_title, path) => {
    const here = await repository();
    here.write('syncs/active.yaml', dataset(`{ file: "../${path}" }`));
    const head = here.commit();
    here.write(path, 'select id from users\n');
    expect(await plannedCommit(here)).toBe(`${head}-dirty`);
  });

  test('is dirty where what the file is a link to is not as committed', async () => {
    const here = await repository();
    symlinkSync('../sql/active.sql', join(here.folder, 'syncs/link.sql'));
    here.write('syncs/active.yaml', dataset('{ file: link.sql }'));
    const head = here.commit();
    expect(await plannedCommit(here)).toBe(head);
    here.write('sql/active.sql', 'select id from users\n');
    expect(await plannedCommit(here)).toBe(`${head}-dirty`);
  });
});

test('the record of an apply is dirty too', async () => {
  const here = await repository();
  const head = here.git('rev-parse', 'HEAD');
  here.write('sql/active.sql', 'select id from users\n');
  const applied = await here.run('apply --auto-approve --only CensusDataset/*');
  expect(applied).toMatchObject({ code: Exit.ok, err: '' });
  const { runs } = JSON.parse((await here.run('log --format json')).out);
  expect(runs).toMatchObject([{ commit: `${head}-dirty` }]);
});
