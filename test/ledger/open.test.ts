import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedger } from '../../src/ledger/open.ts';
import { Exit } from '../../src/model/errors.ts';
import type { LedgerKind, Project, Target } from '../../src/model/project.ts';
import { openRepositories, type Repositories, read, record, users } from './git-repositories.ts';

let repositories: Repositories;

beforeEach(() => {
  repositories = openRepositories();
});

afterEach(() => repositories.close());

const target: Target = {
  name: 'production',
  provider: 'census',
  api: 'v1',
  base_url: undefined,
  region: undefined,
  token_variable: 'TOKEN',
  personal_access_token_variable: undefined,
  workspace: undefined,
  vars: {},
  protect: [],
  limits: { max_deletes: 5, concurrency: 8, settle_seconds: 480 },
};

function open(root: string, ledger: LedgerKind | undefined) {
  const file = join(root, 'syncline.yaml');
  writeFileSync(file, 'version: 1\n');
  const project: Project = { root, file, name: undefined, manifests: [], targets: [target], ledger };
  return openLedger(project, target, { environment: { PATH: process.env.PATH } });
}

describe('the ledger that a project gets', () => {
  test('is in Git inside a work tree and a file elsewhere, unless the project says', () => {
    const a = repositories.clone('a');
    expect(open(a, undefined).kind).toBe('git');
    expect(open(repositories.folder, undefined).kind).toBe('file');
    expect(open(a, 'file').kind).toBe('file');
    expect(open(a, 'none').kind).toBe('none');
  });

  test('is not begun anew in a file once it has gone into Git', async () => {
    const a = repositories.clone('a');
    await record(open(a, 'file'), 'r1');
    await record(open(a, 'git'), 'r2');
    expect(await read(open(a, 'git'))).toMatchObject({ ledger: { syncs: users } });
    await expect(read(open(a, 'file'))).rejects.toMatchObject({ code: 'ledger-in-git', exit: Exit.refused });
  });
});
