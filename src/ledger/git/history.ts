import type { Run } from '../../model/ledger.ts';
import { decodeText } from '../decode.ts';
import { run } from '../records.ts';
import type { Git } from './git.ts';
import { readFileIn, readMeta } from './objects.ts';
import { paths } from './tree.ts';

const pageOfCommits = 50;

/** Every run on the chain, newest first; the newest commit of each says how it stood last. */
export async function* runsOn(git: Git, commit: string, place: string): AsyncGenerator<Run> {
  // A run of a newer format may be anything: its ledger says which one it is.
  await readMeta(git, commit, place);
  const commits = (await git.text(['rev-list', '--first-parent', commit])).split('\n');
  const seen = new Set<string>();
  for (let start = 0; start < commits.length; start += pageOfCommits) {
    yield* await pageOf(git, commits.slice(start, start + pageOfCommits), seen, place);
  }
}

/** The runs of some commits that were not seen in later ones. */
async function pageOf(git: Git, commits: readonly string[], seen: Set<string>, place: string): Promise<Run[]> {
  const page: Run[] = [];
  let problem: unknown;
  let index = 0;
  // A long run is in one commit per minute, whole each time: only its last state is kept in memory.
  await readFileIn(git, commits, paths.run, (text) => {
    const commit = commits[index]?.slice(0, 10);
    index += 1;
    if (text === undefined || problem !== undefined) return;
    try {
      const found = decodeText(run, text, { ledger: place, record: `${paths.run} of commit ${commit}` });
      if (!seen.has(found.run)) page.push(found);
      seen.add(found.run);
    } catch (error) {
      problem = error;
    }
  });
  if (problem !== undefined) throw problem;
  return page;
}
