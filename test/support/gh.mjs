// Stands for `gh api`: a GitHub that is a folder, with comments and issues. What `--jq` says is done by jq.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [command, ...rest] = process.argv.slice(2);
if (command !== 'api') throw new Error(`gh ${command} is not expected.`);
const { where, fields, jq, method = Object.keys(fields).length > 0 ? 'POST' : 'GET' } = read(rest);
if (process.env.GH_TOKEN === undefined) fail('gh: no token');

const match =
  /^repos\/[^/]+\/[^/]+\/issues(?:\/(?<kind>comments)\/(?<id>\d+)|\/(?<number>\d+)(?<comments>\/comments)?)?(?<query>\?.*)?$/u.exec(
    where,
  );
if (match === null) fail(`gh: Not Found (HTTP 404) ${where}`);
const { kind, id, number, comments } = match.groups;
const file = join(process.env.GITHUB_STATE, kind === 'comments' || comments ? 'comments' : 'issues');
const things = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
if (method === 'GET') show(things.filter((one) => one.state !== 'closed'));
else if (process.env.GITHUB_READ_ONLY === 'true') fail('gh: Resource not accessible by integration (HTTP 403)');
else if (method === 'POST') save([...things, made()]);
else save(things.map((one) => (String(one.id) === (id ?? number) ? { ...one, ...fields } : one)));

function read(words) {
  const found = { fields: {} };
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--method') found.method = words.shift();
    else if (word === '--jq') found.jq = words.shift();
    else if (word === '--field') {
      const [, name, value] = /^(\w+)=(.*)$/su.exec(words.shift());
      found.fields[name] = value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value;
    } else if (!['--paginate', '--silent'].includes(word)) found.where = word;
  }
  return found;
}

function made() {
  const id = things.length + 1;
  const user = { login: 'github-actions[bot]' };
  return comments ? { id, user, issue: Number(number), ...fields } : { id, number: id, user, state: 'open', ...fields };
}

function show(list) {
  const done = spawnSync('jq', ['--raw-output', jq ?? '.'], { input: JSON.stringify(list), encoding: 'utf8' });
  if (done.status !== 0) fail(done.stderr);
  process.stdout.write(done.stdout);
}

function save(list) {
  writeFileSync(file, JSON.stringify(list));
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
