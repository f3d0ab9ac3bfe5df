import { anyManifest, combined } from '../core/schema/combine.ts';
import { manifestSchema, patchSchema } from './bundle.ts';
import {
  banner,
  checked,
  fieldsModule,
  kebab,
  knownKeysModule,
  type Published,
  projectFile,
  projectFiles,
  schemaFilesModule,
  schemasDeclaration,
  schemasModule,
  servicesModule,
  traitsModule,
  typesFile,
  validatorDeclaration,
  validatorFile,
  validatorPath,
} from './modules.ts';
import { type Node, objectAt } from './node.ts';
import { printJson } from './print.ts';
import { publish, withVariables } from './publish.ts';
import { settle } from './settle.ts';
import { wholeSnippets } from './snippets.ts';
import { readSources, type Sources } from './source.ts';

/** Every generated file below `root`: its path, relative and with `/`, and its text. Touches nothing. */
export async function generate(root: string): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await generateCommitted(root)), ...(await generateUncommitted(root))]);
}

/** What people read in a change: schemas, types, traits and tables. */
async function generateCommitted(root: string): Promise<ReadonlyMap<string, string>> {
  const sources = readSources(root);
  const files = new Map<string, string>();
  const published = publishedSchemas(sources);
  for (const { file, schema } of published.values()) files.set(`schemas/${file}`, printJson(schema));
  for (const { file, schema } of [publishedManifest(sources, published), ...publishedOutput(sources)])
    files.set(`schemas/${file}`, printJson(schema));
  files.set('src/generated/types.ts', await typesFile(sources));
  files.set('src/generated/schemas.d.ts', schemasDeclaration(sources));
  for (const one of checked(sources)) files.set(`src/generated/${validatorPath(one)}.d.ts`, validatorDeclaration(one));
  files.set('src/generated/known-keys.ts', knownKeysModule(sources));
  files.set('src/generated/schema-files.ts', schemaFilesModule(sources, published));
  files.set('src/generated/services.ts', servicesModule(sources));
  for (const kind of sources.kinds) {
    files.set(`src/generated/${kebab(kind.kind)}-traits.ts`, traitsModule(kind));
    const fields = fieldsModule(kind);
    if (fields !== undefined) files.set(`src/generated/${kebab(kind.kind)}-fields.ts`, fields);
  }
  return files;
}

/** What only the program reads: Git does not have it, and each build makes it again. */
export async function generateUncommitted(root: string): Promise<ReadonlyMap<string, string>> {
  const sources = readSources(root);
  const files = new Map([['src/generated/schemas.js', schemasModule(sources, publishedSchemas(sources))]]);
  for (const one of checked(sources))
    files.set(`src/generated/${validatorPath(one)}.js`, await validatorFile(root, one));
  return files;
}

/** Of what programs write: no manifest is held against it, and no editor asks for it. */
function publishedOutput({ printed, catalogue, major }: Sources): readonly Published[] {
  return [...printed, ['catalogue', catalogue] as const].map(([name, source]) => {
    const file = `${name}.schema.json`;
    return { file, schema: publish(source.schema, { file, major, comment: banner([source.file]) }) };
  });
}

/** That of all kinds is made out of those of each kind, also where the program needs it: nothing holds it twice. */
function publishedManifest({ kinds, manifest, major }: Sources, published: ReadonlyMap<string, Published>): Published {
  const file = `${anyManifest}.schema.json`;
  const head = publish({}, { file, major, comment: banner([...kinds.map((kind) => kind.file), manifest.file]) });
  const byKind = kinds.flatMap(({ kind }) => {
    const schema = published.get(kind)?.schema;
    return schema === undefined ? [] : [[kind, schema] as const];
  });
  return { file, schema: combined(head, Object.fromEntries(byKind)) };
}

function publishedSchemas(sources: Sources): ReadonlyMap<string, Published> {
  const { kinds, major, manifest, project } = sources;
  const all = new Map<string, Published>();
  for (const kind of kinds) {
    const bundle = manifestSchema(manifest, kind, 'unfold', patchSchema(manifest, kind));
    const properties = objectAt(bundle, 'properties');
    const overrides = objectAt(properties, 'overrides');
    const open: Node = {
      ...bundle,
      defaultSnippets: wholeSnippets(kind),
      properties: {
        ...properties,
        spec: withVariables(objectAt(properties, 'spec')),
        overrides: { ...overrides, additionalProperties: withVariables(objectAt(overrides, 'additionalProperties')) },
      },
    };
    all.set(kind.kind, {
      file: kind.published,
      schema: publish(open, { file: kind.published, major, comment: banner([kind.file, manifest.file]) }),
    });
  }
  const file = 'syncline.schema.json';
  const schema = settle(project.schema, { nullable: false, choices: 'unfold' });
  all.set(projectFile, { file, schema: publish(schema, { file, major, comment: banner(projectFiles(sources)) }) });
  return all;
}
