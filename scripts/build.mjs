// Bundles the program and the library into `dist`: split ESM, with every dependency inside, minified, for each start compiles what it loads.
import { spawn } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { ensureGenerated } from './generated.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** CommonJS packages inside an ES module find Node's own modules here; everything else is in the bundle. */
const builtinRequire = `const require = (id) => {
  const found = process.getBuiltinModule(id);
  if (found === undefined) throw new Error(\`Cannot find module '\${id}'\`);
  return found;
};`;

/** The package that yargs measures help with compiles emoji tables at every start. Our help has none. */
const plainWidth = {
  name: 'plain-width',
  setup(bundler) {
    bundler.onResolve({ filter: /^string-width$/ }, () => ({ path: join(root, 'scripts/string-width.mjs') }));
  },
};

/** The program sends requests over pools; `fetch`, caches and mocks would be loaded for nothing. */
const poolsOnly = {
  name: 'pools-only',
  setup(bundler) {
    bundler.onResolve({ filter: /^undici$/ }, () => ({ path: join(root, 'scripts/undici.cjs') }));
  },
};

/** Templates are parsed here and never rendered: the build for browsers does so without loading streams and cryptography. */
const parsingOnly = {
  name: 'parsing-only',
  setup(bundler) {
    bundler.onResolve({ filter: /^liquidjs$/ }, () => ({
      path: join(root, 'node_modules/liquidjs/dist/liquid.browser.mjs'),
    }));
  },
};

/**
 * The YAML parser copies its state with object spread for every token, which the engine of Node 20 does slowly: spelled out
 * it parses more than twice as fast. Everywhere else the spread of the engine is the faster one.
 */
const loweredYaml = {
  name: 'lowered-yaml',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]node_modules[\\/]js-yaml[\\/]dist[\\/].*\.m?js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const { code } = await transform(source, { supported: { 'object-rest-spread': false } });
      // The helpers copy property descriptors; what the parser copies are plain objects.
      const fast = code.replace(/^var __spreadValues = .*?^\};$|^var __spreadProps = .*?;$/gmsu, '');
      return { contents: `var __spreadValues = Object.assign, __spreadProps = Object.assign;\n${fast}`, loader: 'js' };
    });
  },
};

/**
 * Of the command line the Action needs neither the emulators nor the demo, and of the runner's toolkit neither processes nor the
 * client that asks for identity tokens, which has a second copy of the HTTP library in it.
 */
const onlyWhatActs = {
  name: 'only-what-acts',
  setup(bundler) {
    const nothing = () => ({ path: 'nothing', namespace: 'nothing' });
    bundler.onResolve({ filter: /^@actions\/(exec|http-client)(\/|$)/ }, nothing);
    bundler.onResolve({ filter: /\/(emulator\/.*|demo|emulate)\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? nothing() : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * Small modules that most commands load. The bundler makes a file for each set of entries that share a module, and a file costs a
 * start half a millisecond: those of one group share one file, since whoever imports one of them imports the group too.
 */
const groups = {
  start: [
    'src/cli/files.ts',
    'src/cli/options.ts',
    'src/cli/repository.ts',
    'src/core/look-alike.ts',
    'src/core/stable.ts',
    'src/core/suggest.ts',
    'src/generated/services.ts',
    'src/model/base-url.ts',
    'src/model/errors.ts',
    'src/model/json.ts',
    'src/model/version.ts',
    'src/render/style.ts',
    'src/wire/json.ts',
  ],
  reports: [
    'src/cli/stopped.ts',
    'src/model/address.ts',
    'src/model/hidden.ts',
    'src/model/secret.ts',
    'src/model/wildcard.ts',
    'src/render/annotations.ts',
    'src/render/diagnostics/report.ts',
    'src/render/escape.ts',
    'src/render/sarif.ts',
  ],
  project: [
    'src/core/spec/equal.ts',
    'src/engine/validate/diagnostics.ts',
    'src/engine/validate/files.ts',
    'src/load/catalogue.ts',
    'src/load/declared.ts',
    'src/load/files.ts',
    'src/load/glob.ts',
    'src/load/select.ts',
    'src/load/vars.ts',
    'src/session/check.ts',
    'src/session/targets.ts',
  ],
  languages: [
    'src/generated/census-dataset-traits.ts',
    'src/generated/census-sync-traits.ts',
    'src/generated/fabra-sync-traits.ts',
    'src/providers/census/language/canonical.ts',
    'src/providers/census/language/checks/problem.ts',
    'src/providers/census/language/checks/server-fields.ts',
    'src/providers/census/language/dataset/canonical.ts',
    'src/providers/census/language/look/finding.ts',
    'src/providers/census/language/look/source.ts',
    'src/providers/census/language/mapping.ts',
    'src/providers/fabra/language/canonical.ts',
  ],
};
const groupOf = new Map(
  Object.entries(groups).flatMap(([group, files]) => files.map((file) => [join(root, file), group])),
);

const oneFilePerGroup = {
  name: 'one-file-per-group',
  setup(bundler) {
    bundler.onResolve({ filter: /^group:/ }, ({ path }) => ({ path: path.slice('group:'.length), namespace: 'group' }));
    bundler.onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
      contents: groups[path].map((file) => `import ${JSON.stringify(`./${file}`)};\n`).join(''),
      resolveDir: root,
    }));
    bundler.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      if (groupOf.has(path)) return undefined;
      const source = await readFile(path, 'utf8');
      const imported = [...source.matchAll(/\bfrom '(\..*?)';$/gmu)].map(([, file]) =>
        groupOf.get(join(dirname(path), file)),
      );
      const wanted = [...new Set(imported)].filter((group) => group !== undefined);
      return { contents: source + wanted.map((group) => `import 'group:${group}';\n`).join(''), loader: 'ts' };
    });
  },
};

rmSync(dist, { recursive: true, force: true });
await ensureGenerated();
const [bundle, action] = await Promise.all([bundleAll(), bundleAction(), declare()]);
pointAtDeclarations(join(dist, 'types'));
writeFileSync(join(dist, 'sources.json'), JSON.stringify(sourcesIn(bundle.metafile)));
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(packagesIn(bundle.metafile)));
writeFileSync(join(dist, 'action/THIRD-PARTY-NOTICES.txt'), notices(packagesIn(action.metafile)));
chmodSync(join(dist, 'cli.js'), 0o755);

function bundleAll() {
  return build({
    absWorkingDir: root,
    entryPoints: {
      cli: 'src/cli/start.ts',
      main: 'src/cli/main.ts',
      index: 'src/index.ts',
      'check-worker': 'src/session/check-worker.ts',
    },
    outdir: dist,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define: { SYNCLINE_VERSION: JSON.stringify(version) },
    banner: { js: builtinRequire },
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [plainWidth, poolsOnly, parsingOnly, loweredYaml, oneFilePerGroup],
  });
}

/** The GitHub Action: one file, which a release carries and GitHub runs as it is. */
function bundleAction() {
  return build({
    absWorkingDir: root,
    entryPoints: { index: 'src/action/main.ts' },
    outdir: join(dist, 'action'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define: { SYNCLINE_VERSION: JSON.stringify(version) },
    banner: { js: builtinRequire },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    plugins: [plainWidth, parsingOnly, loweredYaml, onlyWhatActs],
  });
}

function declare() {
  // Not from `node_modules/.bin`, which holds shell scripts on Windows.
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  return new Promise((done, fail) => {
    const args = [tsc, '-p', join(root, 'scripts/tsconfig.types.json')];
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.once('error', fail);
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error('tsc could not write the declarations.'))));
  });
}

/** The compiler leaves `./x.ts` in declarations; what is published has `./x.d.ts`, which is found as `./x.js`. */
function pointAtDeclarations(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const file = join(folder, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(from |import\()'(\.[^']*)\.ts'/g, "$1'$2.js'"));
  }
}

/** By file of the bundle: what it is made of. Not published: who wants to know what a start loads looks here. */
function sourcesIn({ outputs }) {
  const made = Object.entries(outputs).map(([file, { inputs }]) => [
    file.replace(/^dist\//, ''),
    Object.keys(inputs).filter((input) => inputs[input].bytesInOutput > 0),
  ]);
  return Object.fromEntries(made);
}

/** Folders of the packages that ended up in the bundle, by name. */
function packagesIn(metafile) {
  const folders = Object.keys(metafile.inputs).map(
    (input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0],
  );
  return [...new Set(folders)].filter((folder) => folder !== undefined).sort(byCodePoint);
}

function notices(folders) {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((one) => /^licen[cs]e/i.test(one));
    const text = file === undefined ? '' : readFileSync(join(root, folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return `Syncline contains the following packages.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

function byCodePoint(first, second) {
  return first < second ? -1 : 1;
}
