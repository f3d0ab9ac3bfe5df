import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, though they are short: begun last, they would leave all workers but one idle. */
const longest = ['e2e/kill', 'law/', 'e2e/datasets', 'e2e/format-1', 'e2e/surroundings', 'cli/move/'];

/** What changes or measures the process that it runs in gets one of its own; all others share one, which reads the source once. */
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

const all = 'test/**/*.test.ts';
const alone = readdirSync(join(import.meta.dirname, 'test'), { recursive: true, encoding: 'utf8' })
  .map((file) => `test/${file.replaceAll('\\', '/')}`)
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => ofProcess.test(readFileSync(join(import.meta.dirname, file), 'utf8')));

export default defineConfig({
  test: {
    globalSetup: 'test/support/set-up.mjs',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      { extends: true, test: { name: 'shared', include: [all], exclude: alone, isolate: false } },
    ],
  },
});
