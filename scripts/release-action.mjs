// `node scripts/release-action.mjs`: makes the commit that a release tag names. It is the commit that is checked out, with the built
// entry of the GitHub Action in it, for GitHub runs an action as it is checked out. No branch, no file and no remote is touched;
// what it prints first is the commit, then what remains to be done by hand. `--no-build` takes `dist` as it lies there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = 'dist/action';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

try {
  release();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

function release() {
  const changed = git(['status', '--porcelain', '--untracked-files=no']);
  if (changed !== '')
    throw new Error(`These files are not as committed, so nobody could build the same again:\n${changed}`);
  if (!process.argv.includes('--no-build'))
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
  if (!existsSync(join(root, folder, 'index.js')))
    throw new Error(`${folder}/index.js is missing: run \`npm run build\` first.`);
  const commit = commitWith(readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
  console.log(`${commit}
Nothing has been pushed. After the checks of this version (npm run check-release v${version}):

  git tag v${version} ${commit}
  git push origin v${version}

and once the release has succeeded, for all who use its major version:

  git push origin ${commit}:refs/heads/v${version.split('.')[0]}`);
}

/** What is checked out, with these files in it. By the same author at the same time: the same build makes the same commit. */
function commitWith(files) {
  const scratch = mkdtempSync(join(tmpdir(), 'syncline-release-'));
  try {
    const index = { GIT_INDEX_FILE: join(scratch, 'index') };
    git(['read-tree', 'HEAD'], index);
    for (const file of files) {
      const blob = git(['hash-object', '-w', '--no-filters', file]);
      git(['update-index', '--add', '--cacheinfo', `100644,${blob},${file}`], index);
    }
    const tree = git(['write-tree'], index);
    const [name, email, date] = git(['log', '-1', '--format=%cn%n%ce%n%cI']).split('\n');
    const who = (role) => ({ [`GIT_${role}_NAME`]: name, [`GIT_${role}_EMAIL`]: email, [`GIT_${role}_DATE`]: date });
    const message = `Syncline ${version}, with the built entry of the Action`;
    return git(['commit-tree', tree, '-p', 'HEAD', '-m', message], { ...who('AUTHOR'), ...who('COMMITTER') });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function git(args, env = {}) {
  const options = {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  };
  return execFileSync('git', args, options).trim();
}
