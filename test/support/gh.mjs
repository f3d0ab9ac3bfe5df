// Stands for `gh api` and `gh run download`: a GitHub that is a folder. What `--jq` says is done by jq.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [command, ...rest] = process.argv.slice(2);
const { words, fields, ...given } = read(rest);
if (process.env.GH_TOKEN === undefined) fail('gh: no token');
if (command === 'run' && words[0] === 'download') download(words[1]);
else if (command === 'api') ask(words[0], given.method ?? (Object.keys(fields).length > 0 ? 'POST' : 'GET'));
else fail(`gh ${command} is not expected.`);

function ask(where, method) {
  const [, path, query = ''] = /^repos\/[^/]+\/[^/?]+\/([^?]*)(?:\?(.*))?$/u.exec(where) ?? [];
  const [kind, first, second] = path?.split('/') ?? [];
  if (kind === 'pulls') show(one('pulls', 'number', first));
  else if (kind === 'actions' && first === 'runs') show(one('runs', 'id', second));
  else if (kind === 'actions' && first === 'artifacts') {
    const name = new URLSearchParams(query).get('name');
    show({ artifacts: all('artefacts').filter((each) => each.name === name) });
  } else if (kind !== 'issues') fail(`gh: Not Found (HTTP 404) ${where}`);
  else if (first === 'comments') keep('comments', method, second);
  else if (second === 'comments') keep('comments', method, undefined, { issue: Number(first) });
  else keep('issues', method, first, { state: 'open' });
}

/** Shows all that is open, makes a new one, or changes one. */
function keep(kind, method, id, more = {}) {
  const things = all(kind);
  if (method === 'GET') show(things.filter((each) => each.state !== 'closed'));
  else if (process.env.GITHUB_READ_ONLY === 'true') fail('gh: Resource not accessible by integration (HTTP 403)');
  else if (method === 'PATCH')
    save(
      kind,
      things.map((each) => (String(each.id) === id ? { ...each, ...fields } : each)),
    );
  else {
    const number = things.length + 1;
    save(kind, [...things, { id: number, number, user: { login: 'github-actions[bot]' }, ...more, ...fields }]);
  }
}

function download(run) {
  const found = all('artefacts').find((each) => each.name === given.name && String(each.workflow_run.id) === run);
  if (found === undefined) fail('gh: no valid artifacts found to download');
  mkdirSync(given.dir, { recursive: true });
  writeFileSync(join(given.dir, 'plan.json'), found.content);
}

function read(line) {
  const found = { words: [], fields: {} };
  for (let word = line.shift(); word !== undefined; word = line.shift()) {
    if (word === '--field') {
      const [, name, value] = /^(\w+)=(.*)$/su.exec(line.shift());
      found.fields[name] = value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value;
    } else if (['--paginate', '--silent'].includes(word)) continue;
    else if (word.startsWith('--')) found[word.slice(2)] = line.shift();
    else found.words.push(word);
  }
  return found;
}

function fileOf(kind) {
  return join(process.env.GITHUB_STATE, kind);
}

function all(kind) {
  return existsSync(fileOf(kind)) ? JSON.parse(readFileSync(fileOf(kind), 'utf8')) : [];
}

function one(kind, key, value) {
  return all(kind).find((each) => String(each[key]) === value) ?? fail('gh: Not Found (HTTP 404)');
}

function save(kind, things) {
  writeFileSync(fileOf(kind), JSON.stringify(things));
}

function show(value) {
  const done = spawnSync('jq', ['--raw-output', given.jq ?? '.'], { input: JSON.stringify(value), encoding: 'utf8' });
  if (done.status !== 0) fail(done.stderr);
  process.stdout.write(done.stdout);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
