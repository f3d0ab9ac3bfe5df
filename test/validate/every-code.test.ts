import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';
import { projectRows } from '../load/project-rows.ts';
import { yamlRows } from '../load/yaml-rows.ts';
import { manifestRows, warningRows } from './rows.ts';

const src = join(import.meta.dirname, '../../src');
const sources = globSync(
  [
    'load/{,fleet/}*.ts',
    'engine/validate/*.ts',
    'core/{validate,schema}/*.ts',
    'core/references/{check,agree,moved}.ts',
  ],
  {
    cwd: src,
  },
);

/** Codes that need more than one text, each tested on its own: files, globs, paths, pairs of manifests, targets. */
const elsewhere: readonly string[] = [
  'bad-glob',
  'broken-catalogue',
  'contested-file',
  'csv-syntax',
  'duplicate-label',
  'duplicate-name',
  'duplicate-target',
  'empty-glob',
  'file-too-large',
  'link-elsewhere',
  'missing-file',
  'moved-from-twice',
  'needs-groups',
  'no-files',
  'no-project',
  'no-target',
  'not-utf8',
  'old-catalogue',
  'outside-project',
  'row-length',
  'shared-group',
  'shared-workspace',
  'similar-label',
  'source-mismatch',
  'symlink-outside',
  'target-elsewhere',
  'too-much-text',
  'unmatched-file',
  'unreadable-file',
  'useless-glob',
];

test('every code has a row', () => {
  const code = /(?:code: |\berror\(\s*)'([a-z0-9.-]+)'/g;
  const emitted = sources.flatMap((file) =>
    [...readFileSync(join(src, file), 'utf8').matchAll(code)].map((match) => match[1]),
  );
  const tested = [...yamlRows, ...projectRows, ...manifestRows, ...warningRows].map(([, , one]) => one);
  const known = new Set([...tested, ...elsewhere]);
  expect([...new Set(emitted)].filter((one) => one !== undefined && !known.has(one))).toEqual([]);
  expect(elsewhere.filter((one) => !emitted.includes(one))).toEqual([]);
});
