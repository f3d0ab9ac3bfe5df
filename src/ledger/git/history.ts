import type { Run } from '../../model/ledger.ts';
import type { Git } from './git.ts';
import { parsed, readFileIn } from './objects.ts';
import { paths } from './tree.ts';

const pageOfCommits = 50;

/** Every run on the chain, newest first; the newest commit of each says how it stood last. */
export async function* runsOn(git: Git, commit: string, place: string): AsyncGenerator<Run> {
  const commits = (await git.text(['rev-list', '--first-parent', commit])).split('\n');
  const seen = new Set<string>();
  for (let start = 0; start < commits.length; start += pageOfCommits) {
    const texts = await readFileIn(git, commits.slice(start, start + pageOfCommits), paths.run);
    for (const text of texts) {
      if (text === undefined) continue;
      const run = parsed<Run>(text, place);
      if (seen.has(run.run)) continue;
      seen.add(run.run);
      yield run;
    }
  }
}
