import { manifestSchema, patchSchema } from './bundle.ts';
import {
  banner,
  fieldsModule,
  kebab,
  knownKeysModule,
  type Published,
  projectFile,
  projectFiles,
  schemasModule,
  servicesModule,
  traitsModule,
  typesFile,
  validatorsDeclaration,
  validatorsFile,
} from './modules.ts';
import { type Node, objectAt } from './node.ts';
import { printJson } from './print.ts';
import { publish, withVariables } from './publish.ts';
import { settle } from './settle.ts';
import { readSources, type Sources } from './source.ts';

/** Every generated file below `root`: its path, relative and with `/`, and its text. Touches nothing. */
export async function generate(root: string): Promise<ReadonlyMap<string, string>> {
  const sources = readSources(root);
  const files = new Map<string, string>();
  const published = publishedSchemas(sources);
  for (const { file, schema } of published.values()) files.set(`schemas/${file}`, printJson(schema));
  files.set('src/generated/schemas.ts', schemasModule(sources, published));
  files.set('src/generated/types.ts', await typesFile(sources));
  const schemas = validated(sources);
  files.set('src/generated/validators.js', await validatorsFile(root, sources, schemas));
  files.set('src/generated/validators.d.ts', validatorsDeclaration(sources));
  files.set('src/generated/known-keys.ts', knownKeysModule(sources, schemas));
  files.set('src/generated/services.ts', servicesModule(sources));
  for (const kind of sources.kinds) {
    files.set(`src/generated/${kebab(kind.kind)}-traits.ts`, traitsModule(kind));
    const fields = fieldsModule(kind);
    if (fields !== undefined) files.set(`src/generated/${kebab(kind.kind)}-fields.ts`, fields);
  }
  return files;
}

function publishedSchemas(sources: Sources): ReadonlyMap<string, Published> {
  const { kinds, manifest, project } = sources;
  const all = new Map<string, Published>();
  for (const kind of kinds) {
    const bundle = manifestSchema(manifest, kind, 'unfold', patchSchema(manifest, kind));
    const properties = objectAt(bundle, 'properties');
    const overrides = objectAt(properties, 'overrides');
    const open: Node = {
      ...bundle,
      properties: {
        ...properties,
        spec: withVariables(objectAt(properties, 'spec')),
        overrides: { ...overrides, additionalProperties: withVariables(objectAt(overrides, 'additionalProperties')) },
      },
    };
    all.set(kind.kind, {
      file: kind.published,
      schema: publish(open, { id: kind.published, comment: banner([kind.file, manifest.file]) }),
    });
  }
  const file = 'syncline.schema.json';
  const schema = settle(project.schema, { nullable: false, choices: 'unfold' });
  all.set(projectFile, { file, schema: publish(schema, { id: file, comment: banner(projectFiles(sources)) }) });
  return all;
}

/** The schemas that values are checked against, by kind. */
function validated({ kinds, manifest, project }: Sources): ReadonlyMap<string, Node> {
  return new Map([
    ...kinds.map((kind) => [kind.kind, manifestSchema(manifest, kind, 'unfold')] as const),
    [projectFile, settle(project.schema, { nullable: false, choices: 'unfold' })],
  ]);
}
