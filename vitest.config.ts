import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, though they are short: begun last, they would leave all workers but one idle. */
const longest = [
  ...['e2e/kill', 'law/', 'e2e/datasets', 'e2e/format-1', 'e2e/surroundings', 'cli/move/'],
  ...['e2e/html', 'e2e/lease', 'e2e/pre-commit', 'e2e/workflow', 'action/apply'],
];

/**
 * Tests that share one process, which reads the source once: for each file that would take longer than most tests. Those of the ledger
 * read little of it and start git by the thousand, which costs a small process less.
 */
const together = [
  'test/{action,cli,core,e2e,emulator,engine,golden,load,providers,render,validate,write}/**/*.test.ts',
  'test/{library,session,ledger/format-1}.test.ts',
];

/** What changes or measures the process that it runs in gets one of its own all the same. */
const ofProcess = /\b(vi\.(useFakeTimers|stub|mock|spyOn)|process\.(on|once|chdir)\(|performance\.now\(|growth\()/;

/** Those alone first: a shared process ends where another kind of file comes next. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId, project }: TestSpecification) =>
      (project.config.isolate ? 0 : 2) + (longest.some((part) => moduleId.includes(`/test/${part}`)) ? 0 : 1);
    return sorted.toSorted((left, right) => rank(left) - rank(right));
  }
}

const shared = globSync(together, { cwd: import.meta.dirname }).filter(
  (file) => !ofProcess.test(readFileSync(join(import.meta.dirname, file), 'utf8')),
);

export default defineConfig({
  test: {
    globalSetup: 'test/support/set-up.mjs',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: shared } },
      { extends: true, test: { name: 'shared', include: shared, isolate: false } },
    ],
  },
});
