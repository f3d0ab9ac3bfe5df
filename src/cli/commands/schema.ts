import { join } from 'node:path';
import { anyManifest, combined } from '../../core/schema/combine.ts';
import { closest } from '../../core/suggest.ts';
import { schemaHome } from '../../generated/schema-files.ts';
import { schemas } from '../../generated/schemas.js';
import { globsOfAll } from '../../load/manifest-globs.ts';
import { loadProject } from '../../load/project.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Project } from '../../model/project.ts';
import { editorFiles, editorFolder } from '../../write/schema-line.ts';
import { type SchemaMap, withSchemas } from '../editor/settings.ts';
import { readIfThere, removeIfThere, writeText } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';

/** The list of what there is. */
const lists: Renderers<'schema', readonly string[]> = {
  text: (names) => `${names.join('\n')}\n`,
  json: (names) => `${JSON.stringify(names)}\n`,
};

const projectFile = 'syncline.yaml';

/** Prints a JSON Schema, lists what there is, or sets up the editor. */
export const execute: Execute<'schema'> = async (invocation) => {
  const { io, options, positionals, format } = invocation;
  if (options.flag('install')) return install(invocation);
  const [name] = positionals;
  io.stdout.write(name === undefined ? lists[format](names()) : textOf(name));
  return Exit.ok;
};

/** Kinds first. */
function names(): readonly string[] {
  const kinds = Object.keys(schemas).filter((name) => name !== projectFile);
  return [...kinds, anyManifest, projectFile];
}

function textOf(name: string): string {
  const schema = name === anyManifest ? manifestSchema() : Object.hasOwn(schemas, name) ? schemas[name] : undefined;
  if (schema !== undefined) return `${JSON.stringify(schema, null, 2)}\n`;
  const near = closest(name, names());
  const lines = names().map((one) => `\`syncline schema ${one}\``);
  const hint =
    near === undefined
      ? `Write ${lines.join(' or ')}; the last two are all kinds of manifests together and the project file.`
      : `Did you mean ${near}?`;
  throw new SynclineError('usage', `There is no schema "${name}".`, hint, Exit.invalid);
}

/** The published schema of all kinds together. */
function manifestSchema(): JsonObject {
  const { [projectFile]: _project, ...kinds } = schemas;
  const [first] = Object.values(kinds);
  const head = { $schema: first?.$schema, $id: `${schemaHome}${anyManifest}.schema.json` };
  return combined(head, kinds);
}

const settingsPath = '.vscode/settings.json';

async function install(invocation: InvocationOf<'schema'>): Promise<typeof Exit.ok> {
  const { root, manifests, project } = await whereToInstall(invocation);
  const wanted: SchemaMap = {
    [`./${editorFiles.manifest}`]: manifests,
    [`./${editorFiles.project}`]: [projectFile],
  };
  const settings = withSchemas(readIfThere(join(root, settingsPath)) ?? '', wanted, isOurs);
  if (settings === undefined) {
    throw new SynclineError(
      'settings',
      `${settingsPath} is not an object of settings that could be extended, so it was left as it is.`,
      `Fix it and run again, or add this by hand: "yaml.schemas": ${JSON.stringify(wanted)}`,
      Exit.invalid,
    );
  }
  const { schemaForEditor } = await import('../editor/schema.ts');
  const schema = project === undefined ? manifestSchema() : await schemaForEditor(manifestSchema(), project);
  writeText(join(root, editorFiles.manifest), `${JSON.stringify(schema, null, 2)}\n`);
  writeText(join(root, editorFiles.project), textOf(projectFile));
  writeText(join(root, settingsPath), settings);
  const written = [editorFiles.manifest, editorFiles.project, settingsPath];
  const removed = removeOlder(root);
  const lines = [...written.map((file) => `wrote    ${file}`), ...removed.map((file) => `removed  ${file}`)];
  invocation.io.stdout.write(`${lines.join('\n')}\n`);
  return Exit.ok;
}

/** Earlier versions wrote one schema per kind, each for the same files, so that every file broke all but one of them. */
function removeOlder(root: string): readonly string[] {
  const older = Object.keys(schemas).map((name) => `${editorFolder}/${name}.schema.json`);
  return older.filter((file) => removeIfThere(join(root, file)));
}

/** Nobody else puts anything into this folder. */
function isOurs(path: string): boolean {
  return path.startsWith(`./${editorFolder}/`);
}

/** The project's folder and globs; without a project, the working directory and the globs that `init` writes. */
async function whereToInstall({
  options,
  directory,
}: InvocationOf<'schema'>): Promise<{ root: string; manifests: readonly string[]; project?: Project }> {
  const { project } = await loadProject({ directory, config: options.text('config') });
  if (project === undefined) return { root: directory, manifests: ['syncs/**/*.yaml'] };
  return { root: project.root, manifests: globsOfAll(project), project };
}
