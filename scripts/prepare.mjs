// `prepare`, which npm runs in a clone: at the end of `npm install` and `npm ci`, and before `npm pack`. So pre-commit, and
// whoever else installs from the repository, gets a program that is built. Where `dist` is there nothing is done: in a clone that
// somebody works in, `npm run build` decides when it is built again. Nobody who installs from the registry runs this.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installDependencies, root, run } from './setup.mjs';

/** The last file that a build writes. */
const built = join(root, 'dist/THIRD-PARTY-NOTICES.txt');

if (!existsSync(built)) await prepare();

/** Prints nothing where all goes well: pre-commit takes the standard output of `npm pack` for the name of the package. */
async function prepare() {
  try {
    // pre-commit installs without what only building needs.
    if (!canBuild()) await installDependencies();
    await run(process.execPath, ['scripts/build.mjs']);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

function canBuild() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(devDependencies).every((name) => existsSync(join(root, 'node_modules', name)));
}
