// `npm run demo`: installs and builds what is missing, without a word, then runs the demo.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, run, setUp } from './setup.mjs';

try {
  await setUp();
  await run(process.execPath, ['scripts/build.mjs']);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const demo = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'demo', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(demo.status ?? 1);
