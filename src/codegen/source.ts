import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';
import { globSync } from 'tinyglobby';
import { isList, isObject, type Json } from '../model/json.ts';
import type { PauseTrait } from '../model/traits.ts';
import { addHouseKeywords } from './keywords.ts';
import { type Node, namesAt, objectAt, textAt, without } from './node.ts';

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

export interface Sources {
  readonly kinds: readonly KindSource[];
  readonly manifest: Source;
  readonly project: Source;
}

const folder = 'schemas/source';

/** Reads every schema source below `root`. Throws at the first that is no valid source. */
export function readSources(root: string): Sources {
  const files = globSync(`${folder}/*/*.yaml`, { cwd: root }).sort((one, other) => (one < other ? -1 : 1));
  return {
    kinds: files.map((file) => kindSource(readSource(root, file))),
    manifest: readSource(root, `${folder}/manifest.yaml`),
    project: readSource(root, `${folder}/project.yaml`),
  };
}

function readSource(root: string, file: string): Source {
  return parseSource(file, readFileSync(path.join(root, file), 'utf8'));
}

/** A source out of its text. Throws where it is no JSON Schema, or uses a keyword that nobody defined. */
export function parseSource(file: string, text: string): Source {
  const document: unknown = load(text);
  if (!isObject(document)) throw new Error(`${file} is not a mapping.`);
  const schema = without(document, '$schema');
  check(file, schema);
  return { file, schema: inline(without(schema, '$defs'), objectAt(schema, '$defs')) };
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

function inline(node: Node, definitions: Node): Node {
  const { $ref, ...rest } = node;
  const target = typeof $ref === 'string' ? objectAt(definitions, $ref.slice('#/$defs/'.length)) : {};
  const merged: Node = { ...target, ...rest };
  return Object.fromEntries(
    Object.entries(merged).map(([key, child]) => [key, child === undefined ? null : inlined(child, definitions)]),
  );
}

function inlined(value: Json, definitions: Node): Json {
  if (isObject(value)) return inline(value, definitions);
  return isList(value) ? value.map((item) => inlined(item, definitions)) : value;
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
