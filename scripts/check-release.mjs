// `npm run check-release v1.2.3`: may this tag be published? Plain Node: nothing is installed yet when CI runs it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { version, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const changelog = readFileSync(join(root, '.github/CHANGELOG.md'), 'utf8');

const problems = problemsOf(process.argv[2], process.env.GITHUB_REPOSITORY);
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${version} may be published.`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Everything that is in the way. `home` is the `owner/name` of the repository that publishes; undefined outside of CI. */
function problemsOf(tag, home) {
  const problems = [];
  if (tag !== `v${version}`)
    problems.push(`The tag is ${tag ?? 'missing'}, and package.json says ${version}: it must be v${version}.`);
  // npm would hand it to everybody who installs without naming a version.
  if (version.includes('-')) problems.push(`${version} is a prerelease; only releases are published from a tag.`);
  const [title, body] = sectionOf(version);
  if (title === undefined) problems.push(`.github/CHANGELOG.md has no section "## ${version} - YEAR-MONTH-DAY".`);
  else if (body === '') problems.push(`The section "${title}" of .github/CHANGELOG.md says nothing.`);
  // npm refuses a provenance that names another repository than the package does.
  if (home !== undefined && !addressOf(repository).endsWith(`github.com/${home}`))
    problems.push(
      `"repository" in package.json must be git+https://github.com/${home}.git: npm compares it with where it was built.`,
    );
  return problems;
}

/** Heading and text of a version that has its date. */
function sectionOf(wanted) {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((one) => /^(\S+) - \d{4}-\d{2}-\d{2}$/.exec(firstLineOf(one))?.[1] === wanted);
  if (section === undefined) return [];
  const title = firstLineOf(section);
  return [title, section.slice(title.length).trim()];
}

function firstLineOf(text) {
  return text.split(/\r?\n/, 1)[0];
}

function addressOf(where) {
  const url = typeof where === 'string' ? where : (where?.url ?? '');
  return url.replace(/\.git$/, '');
}
