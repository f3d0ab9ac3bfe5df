import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { globSync } from 'tinyglobby';
import { isList, isObject, type Json } from '../model/json.ts';
import type { PauseTrait } from '../model/traits.ts';
import { addHouseKeywords } from './keywords.ts';
import { mapValues, type Node, namesAt, objectAt, textAt, without } from './node.ts';

/** One schema source: read, checked, its `$ref`s replaced by what they point at. */
export interface Source {
  /** Relative to the package, with `/`. */
  readonly file: string;
  readonly schema: Node;
}

/** The body of one kind, and what its `x-kind` says. */
export interface KindSource extends Source {
  readonly kind: string;
  readonly provider: string;
  readonly noun: string;
  readonly label: readonly string[];
  readonly pause: PauseTrait | undefined;
  readonly managed: Node | undefined;
  readonly replaceable: boolean;
  /** Where the published schema goes, relative to `schemas/`. */
  readonly published: string;
}

/** What a target of one service may say, and what its `x-service` says of the service. */
export interface ServiceSource extends Source {
  readonly name: string;
  /** How long a create whose answer was lost may still come true, in seconds. */
  readonly settleSeconds: number;
  /** APIs that the project file knows and this version does not speak yet. */
  readonly later: readonly string[];
  /** APIs whose targets are groups in the place of a workspace. */
  readonly grouped: readonly string[];
  /** The emulated APIs, and the options that each has of its own. */
  readonly emulators: Readonly<Record<string, readonly string[]>>;
  /** What an editor proposes for a target. */
  readonly snippet: Node;
}

export interface Sources {
  /** The first number of the package's version: what is valid stays valid as long as it is the same. */
  readonly major: string;
  readonly kinds: readonly KindSource[];
  readonly services: readonly ServiceSource[];
  readonly manifest: Source;
  /** With what the targets of each service may say. */
  readonly project: Source;
  /** What is printed for programs, by the name of its schema; nobody writes it. */
  readonly printed: ReadonlyMap<string, Source>;
  /** What a workspace has, as a program writes it and reads it back. */
  readonly catalogue: Source;
}

const folder = 'schemas/source';

/** What commands print for programs, and publish a schema of. */
const printed: readonly string[] = ['apply-event', 'status'];

/** Reads every schema source below `root`. Throws at the first that is no valid source. */
export function readSources(root: string): Sources {
  const files = globSync(`${folder}/*/*.yaml`, { cwd: root }).sort((one, other) => (one < other ? -1 : 1));
  const isService = (file: string) => path.posix.basename(file) === 'target.yaml';
  const services = files.filter(isService).map((file) => serviceSource(readSource(root, file)));
  return {
    major: majorVersion(root),
    kinds: files.filter((file) => !isService(file)).map((file) => kindSource(readSource(root, file))),
    services,
    manifest: readSource(root, `${folder}/manifest.yaml`),
    project: withTargets(readSource(root, `${folder}/project.yaml`), services),
    catalogue: readSource(root, `${folder}/catalogue.yaml`),
    printed: new Map(printed.map((name) => [name, readSource(root, `${folder}/${name}.yaml`)])),
  };
}

function majorVersion(root: string): string {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return version.replace(/\..*/, '');
}

function readSource(root: string, file: string): Source {
  const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
  return parseSource(file, read(file), read);
}

/**
 * A source out of its text. `$ref` reaches `$defs` of the same file, or of another one by its path from there (`../a.yaml#/$defs/b`),
 * which `read` gives the text of. Throws where it is no JSON Schema, or uses a keyword that nobody defined.
 */
export function parseSource(file: string, text: string, read: (file: string) => string = unreachable): Source {
  const schema = documentOf(file, text);
  const whole = inline(without(schema, '$defs'), (reference) => {
    const [other = '', place = ''] = reference.split('#');
    const name = path.posix.join(path.posix.dirname(file), other);
    const definitions = objectAt(other === '' ? schema : documentOf(name, read(name)), '$defs');
    const found = definitions[place.slice('/$defs/'.length)];
    if (!isObject(found)) throw new Error(`${file} refers to ${reference}, which is nowhere.`);
    return found;
  });
  check(file, whole);
  return { file, schema: whole };
}

function documentOf(file: string, text: string): Node {
  const document: unknown = load(text);
  if (!isObject(document)) throw new Error(`${file} is not a mapping.`);
  return without(document, '$schema');
}

function unreachable(file: string): never {
  throw new Error(`${file} is another file.`);
}

function check(file: string, schema: Node): void {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
  addHouseKeywords(ajv);
  try {
    ajv.compile(schema);
  } catch (cause) {
    throw new Error(`${file} is no valid schema source: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

type Find = (reference: string) => Node;

function inline(node: Node, find: Find): Node {
  const { $ref, ...rest } = node;
  const merged: Node = typeof $ref === 'string' ? { ...find($ref), ...rest } : rest;
  return Object.fromEntries(
    Object.entries(merged).map(([key, child]) => [key, child === undefined ? null : inlined(child, find)]),
  );
}

function inlined(value: Json, find: Find): Json {
  if (isObject(value)) return inline(value, find);
  return isList(value) ? value.map((item) => inlined(item, find)) : value;
}

function serviceSource({ file, schema }: Source): ServiceSource {
  const facts = objectAt(schema, 'x-service');
  const { settle_seconds: settle } = facts;
  const name = textAt(facts, 'name');
  if (name === undefined || typeof settle !== 'number') throw new Error(`${file} lacks x-service.`);
  const emulators = Object.entries(objectAt(facts, 'emulators')).map(
    ([api, one]) => [api, namesAt(isObject(one) ? one : {}, 'options')] as const,
  );
  return {
    file,
    schema: without(schema, 'x-service', 'type'),
    name,
    settleSeconds: settle,
    later: namesAt(facts, 'later'),
    grouped: namesAt(facts, 'grouped'),
    emulators: Object.fromEntries(emulators),
    snippet: objectAt(facts, 'snippet'),
  };
}

/** The project file with a branch for the targets of each service. */
function withTargets({ file, schema }: Source, services: readonly ServiceSource[]): Source {
  const properties = objectAt(schema, 'properties');
  const targets = objectAt(properties, 'targets');
  const target = mapValues(objectAt(targets, 'patternProperties'), (node) => ({
    ...node,
    defaultSnippets: services.map((one) => ({ label: textAt(one.schema, 'title') ?? one.name, body: one.snippet })),
    oneOf: services.map((one) => one.schema),
  }));
  const whole = { ...targets, patternProperties: target };
  return { file, schema: { ...schema, properties: { ...properties, targets: whole } } };
}

function kindSource(source: Source): KindSource {
  const facts = objectAt(source.schema, 'x-kind');
  const [kind, provider, noun] = [textAt(facts, 'kind'), textAt(facts, 'provider'), textAt(facts, 'noun')];
  if (kind === undefined || provider === undefined || noun === undefined)
    throw new Error(`${source.file} lacks x-kind.`);
  return {
    file: source.file,
    schema: without(source.schema, 'x-kind'),
    kind,
    provider,
    noun,
    label: namesAt(facts, 'label'),
    pause: pauseOf(facts),
    managed: facts.managed === undefined ? undefined : objectAt(facts, 'managed'),
    replaceable: facts.replaceable !== false,
    published: source.file.slice(folder.length + 1).replace(/\.yaml$/, '.schema.json'),
  };
}

function pauseOf(facts: Node): PauseTrait | undefined {
  if (facts.pause === undefined) return undefined;
  const pause = objectAt(facts, 'pause');
  return {
    field: textAt(pause, 'field') ?? '',
    value: pause.value ?? null,
    resumed: pause.resumed ?? null,
    ...(pause.runs_first === undefined ? {} : { runs_first: objectAt(pause, 'runs_first') }),
  };
}
