import { join } from 'node:path';
import { closest } from '../../core/suggest.ts';
import { schemas } from '../../generated/schemas.js';
import { loadProject } from '../../load/project.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import { type SchemaMap, withSchemas } from '../editor/settings.ts';
import { readIfThere, writeText } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';

/** The list of what there is. */
const lists: Renderers<'schema', readonly string[]> = {
  text: (names) => `${names.join('\n')}\n`,
  json: (names) => `${JSON.stringify(names)}\n`,
};

/** Prints a JSON Schema, lists what there is, or sets up the editor. */
export const execute: Execute<'schema'> = async (invocation) => {
  const { io, options, positionals, format } = invocation;
  if (options.flag('install')) return install(invocation);
  const [kind] = positionals;
  io.stdout.write(kind === undefined ? lists[format](Object.keys(schemas)) : textOf(kind));
  return Exit.ok;
};

function textOf(kind: string): string {
  const schema = Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
  if (schema !== undefined) return `${JSON.stringify(schema, null, 2)}\n`;
  const names = Object.keys(schemas);
  const near = closest(kind, names);
  const lines = names.map((name) => `\`syncline schema ${name}\``);
  const hint =
    near === undefined ? `Write ${lines.join(' or ')}; the last is the project file.` : `Did you mean ${near}?`;
  throw new SynclineError('usage', `There is no schema "${kind}".`, hint, Exit.invalid);
}

/** The folder of the schemas, beside the settings: they can be committed, and work without network. */
const folder = '.vscode/syncline';
const settingsPath = '.vscode/settings.json';

async function install(invocation: InvocationOf<'schema'>): Promise<typeof Exit.ok> {
  const { root, manifests } = await whereToInstall(invocation);
  const globs: Readonly<Record<string, readonly string[]>> = { 'syncline.yaml': ['syncline.yaml'] };
  const kinds = Object.keys(schemas).map((kind) => [fileOf(kind), globs[kind] ?? manifests] as const);
  const wanted: SchemaMap = Object.fromEntries(kinds.map(([file, files]) => [`./${file}`, files]));
  const settings = withSchemas(readIfThere(join(root, settingsPath)) ?? '', wanted);
  if (settings === undefined) {
    throw new SynclineError(
      'settings',
      `${settingsPath} is not an object of settings that could be extended, so it was left as it is.`,
      `Mend it and run again, or add this by hand: "yaml.schemas": ${JSON.stringify(wanted)}`,
      Exit.invalid,
    );
  }
  for (const kind of Object.keys(schemas)) writeText(join(root, fileOf(kind)), textOf(kind));
  writeText(join(root, settingsPath), settings);
  const files = [...kinds.map(([file]) => file), settingsPath];
  invocation.io.stdout.write(`${files.map((file) => `wrote  ${file}`).join('\n')}\n`);
  return Exit.ok;
}

function fileOf(kind: string): string {
  return `${folder}/${kind}.schema.json`;
}

/** The project's folder and globs; without a project, the working directory and the globs that `init` writes. */
async function whereToInstall({
  options,
  directory,
}: InvocationOf<'schema'>): Promise<{ root: string; manifests: readonly string[] }> {
  const { project } = await loadProject({ directory, config: options.text('config') });
  return project ?? { root: directory, manifests: ['syncs/**/*.yaml'] };
}
