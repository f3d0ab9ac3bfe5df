import type { Sides } from '../../core/pull/compose.ts';
import { equal } from '../../core/spec/equal.ts';
import { escapeInFile, fileUsesVariables } from '../../load/vars.ts';
import { isObject, type Json, type Pointer, type Spec } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Target } from '../../model/project.ts';
import type { KindTraits } from '../../model/traits.ts';
import { fileFieldsOf } from '../validate/file-fields.ts';
import type { Pages } from './revised-text.ts';

/** A manifest whose text in files is to change. */
export interface TextRevision {
  readonly traits: KindTraits;
  readonly manifest: Manifest;
  readonly sides: Sides;
  /** Do other targets read it too? */
  readonly isShared: boolean;
  readonly target: Target;
}

/** Where text is written that stands in files of its own. */
export interface TextPlaces {
  /** Brings the files of a manifest up to date; `values` are the fields that are given as files. */
  revised(revision: TextRevision): { readonly values: Spec; readonly variables: readonly Pointer[] };
  /** Puts the texts of a new manifest into files; the spec then names them. */
  fresh(
    traits: KindTraits,
    manifest: { readonly file: string; readonly name: string; readonly id: string },
    spec: Spec,
  ): Spec;
}

/** What is known of the files of a project. */
export interface Surroundings {
  /** How many manifests take text from a file. */
  readonly readers: ReadonlyMap<string, number>;
  /** Would a file of this name be read as a manifest? */
  readonly isManifest: (file: string) => boolean;
}

/** The places of texts in these pages. */
export function textPlaces(pages: Pages, { readers, isManifest }: Surroundings): TextPlaces {
  function revised({ traits, manifest, sides, isShared, target }: TextRevision) {
    const values: Record<string, Json> = {};
    const variables: Pointer[] = [];
    for (const field of fileFieldsOf(traits)) {
      const { written, before, after } = sides;
      const [given, text] = [written[field], after[field]];
      if (!isFile(given) || equal(before[field] ?? null, text ?? null) || typeof text !== 'string') continue;
      values[field] = given;
      const file = join(folderOf(manifest.origin.file), given.file);
      const old = pages.text(file);
      if (old !== undefined && fileUsesVariables(old)) {
        variables.push(`/${field}`);
        continue;
      }
      // A link is named by one manifest, and what it leads to perhaps by others.
      const isOwn = !isShared && [file, ...(manifest.files ?? [])].every((one) => (readers.get(one) ?? 0) <= 1);
      if (isOwn && old !== undefined) pages.set(file, asFile(text, old));
      else values[field] = { file: putBeside(given.file, manifest, target.name, asFile(text, old)) };
    }
    return { values, variables };
  }

  /** A new file beside one that others read too. */
  function putBeside(path: string, manifest: Manifest, target: string, text: string): string {
    const folder = folderOf(path);
    const ending = /\.[^./]+$/.exec(path)?.[0] ?? '';
    const base = `${folder}${manifest.name}-${target}`;
    return put(manifest.origin.file, base, ending, text);
  }

  function put(manifestFile: string, base: string, ending: string, text: string): string {
    for (let count = 1; ; count++) {
      const path = `${base}${count === 1 ? '' : `-${count}`}${ending}`;
      const file = join(folderOf(manifestFile), path);
      if (pages.has(file)) continue;
      pages.set(file, text);
      return path;
    }
  }

  function fresh(
    traits: KindTraits,
    { file, name }: { readonly file: string; readonly name: string },
    spec: Spec,
  ): Spec {
    const named = fileFieldsOf(traits).flatMap((field) => {
      const text = spec[field];
      // A file of nothing but blanks holds no text.
      if (typeof text !== 'string' || text.trim() === '') return [];
      if (isManifest(join(folderOf(file), `sql/${name}.sql`))) return [];
      return [[field, { file: put(file, `sql/${name}`, '.sql', asFile(text, undefined)) }] as const];
    });
    return named.length === 0 ? spec : { ...spec, ...Object.fromEntries(named) };
  }

  return { revised, fresh };
}

function isFile(value: Json | undefined): value is { readonly file: string } {
  return isObject(value) && typeof value.file === 'string';
}

/** The folder of a path, with `/` at its end; empty for the top. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function join(folder: string, path: string): string {
  const names: string[] = [];
  for (const name of `${folder}${path}`.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return names.join('/');
}

/** The text of a file: with line ends as before, a newline at its end, and no variable where there is none. */
function asFile(text: string, before: string | undefined): string {
  const escaped = escapeInFile(text);
  const lines = before?.includes('\r\n') === true ? escaped.replaceAll('\n', '\r\n') : escaped;
  return `${before?.startsWith('\ufeff') === true ? '\ufeff' : ''}${lines}${before?.includes('\r\n') === true ? '\r\n' : '\n'}`;
}
