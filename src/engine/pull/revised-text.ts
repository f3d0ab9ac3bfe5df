import { composed } from '../../core/pull/compose.ts';
import { differencesOf, placed } from '../../core/pull/place.ts';
import { equal } from '../../core/spec/equal.ts';
import { targetsOf } from '../../core/validate/targets.ts';
import { readWhole } from '../../load/files.ts';
import { findersOf } from '../../load/manifest-globs.ts';
import { mergePatch } from '../../load/merge-patch.ts';
import { type Substitution, substitute } from '../../load/vars.ts';
import { parseYaml } from '../../load/yaml.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { isObject, type Json, type JsonObject, type Spec } from '../../model/json.ts';
import type { Project, Target } from '../../model/project.ts';
import type { PullLeft, WrittenFile } from '../../model/pull.ts';
import type { FieldTrait } from '../../model/traits.ts';
import { rewritten } from '../../write/rewrite.ts';
import { left, type Revision, type Speech } from './draft.ts';
import type { TextPlaces } from './text-places.ts';

/** The files of a project as they are to be, as far as they were asked for. */
export interface Pages {
  /** The text of a file as it is to be by now; undefined where it cannot be read. */
  text(file: string): string | undefined;
  /** Has another text than it had. */
  set(file: string, text: string): void;
  /** Is there a file, or is there to be one? */
  has(file: string): boolean;
  /** Remembers how things are by now; what comes back takes them back to that. */
  point(): () => void;
  written(): readonly WrittenFile[];
}

/** Opens the files below a folder. `isThere`: is anything at this path? */
export function openPages(root: string, isThere: (file: string) => boolean): Pages {
  const read = new Map<string, string | undefined>();
  const changed = new Map<string, WrittenFile>();
  const trail: (readonly [file: string, before: WrittenFile | undefined])[] = [];
  const text = (file: string) => {
    const known = changed.get(file)?.text;
    if (known !== undefined) return known;
    if (!read.has(file)) {
      const found = readWhole(root, file);
      read.set(file, typeof found === 'string' ? found : undefined);
    }
    return read.get(file);
  };
  return {
    text,
    has: (file) => changed.has(file) || isThere(file),
    set: (file, next) => {
      const isNew = changed.get(file)?.isNew ?? !isThere(file);
      if (text(file) === next) return;
      trail.push([file, changed.get(file)]);
      changed.set(file, { file, text: next, isNew });
    },
    point: () => {
      const { length } = trail;
      return () => {
        for (const [file, before] of trail.splice(length).reverse()) {
          if (before === undefined) changed.delete(file);
          else changed.set(file, before);
        }
      };
    },
    written: () => [...changed.values()],
  };
}

/** What a manifest says on a target, as it is written: overrides merged, variables filled in. */
function writtenOn(document: JsonObject, { name, vars, written }: Target): JsonObject {
  const spec = isObject(document.spec) ? document.spec : {};
  const patch = isObject(document.overrides) ? document.overrides[name] : undefined;
  const merged = isObject(patch) ? mergePatch(spec, patch) : spec;
  const problems: Problem[] = [];
  const refuse: Substitution['refuse'] = (_name, path) => ({
    severity: 'error',
    code: '',
    message: '',
    hint: '',
    path,
    at: 'value',
  });
  const filled = substitute(merged, '', { vars, written, refuse }, problems);
  return isObject(filled) ? filled : {};
}

export interface Revising {
  readonly project: Project;
  readonly target: Target;
  readonly pages: Pages;
  /** Writes text that stands in files of its own. */
  readonly places: TextPlaces;
  readonly speech: Speech;
  /** The spec with names in the place of ids, for a manifest of which this is written. */
  readonly named: (spec: Spec, written: Spec) => Spec;
}

/** Brings the text of a manifest up to date. What cannot be is left as it is, and told. */
export function revise(revising: Revising, revision: Revision): readonly PullLeft[] {
  const { project, target, pages, speech } = revising;
  const { manifest, live, before, after } = revision;
  const { address } = manifest;
  const { id } = live;
  const { file } = manifest.origin;
  const text = pages.text(file);
  const document = text === undefined ? undefined : documentIn(text, manifest.document);
  if (text === undefined || document === undefined)
    return [left('unwritable', `${file} has changed meanwhile, so ${address} was left as it is.`, { address, id })];
  const { traits } = speech.kind;
  const others = new Map(
    targetsOf(document, speech.kind, project, findersOf(project)(file), [])
      .filter(({ name }) => name !== target.name)
      .map((one) => [one.name, writtenOn(document, one)]),
  );
  const written = writtenOn(document, target);
  const anew = speech.written(revising.named(after, written));
  const sides = { written, before, after, anew };
  const texts = revising.places.revised({ traits, manifest, sides, isShared: others.size > 0, target });
  const next = { ...composed({ traits, meaning: speech.meaning }, sides), ...texts.values };
  const { wishes, impossible } = placed(document, differencesOf(written, next), { target: target.name, others });
  const result = rewritten(text, manifest.document, wishes, target.vars, {
    spec: withOrder(traits.spec, { ...live.spec, ...after }),
    written: target.written,
  });
  pages.set(file, result.text);
  return [
    ...texts.variables.map((path) => variable(address, id, path)),
    ...result.left.map(({ path }) => variable(address, id, path.replace(/^\/spec|^\/overrides\/[^/]*/, ''))),
    ...impossible.map((path) =>
      left(
        'override',
        `${path} of ${address} is cleared on this target, which an override of a shared manifest cannot say.`,
        { address, id, path },
      ),
    ),
  ];
}

function variable(address: string, id: string, path: string): PullLeft {
  const message = `${path} of ${address} stands under a variable that does not give what is live; change the variable, or write the value.`;
  return left('variable', message, { address, id, path });
}

function documentIn(text: string, index: number): JsonObject | undefined {
  const value = parseYaml(text.replace(/^\ufeff/, '')).documents?.[index]?.value as Json | undefined;
  return isObject(value) ? value : undefined;
}

/** The trait, in which lists whose order counts by now say so: what makes it count may be said on the live side alone. */
function withOrder(trait: FieldTrait, spec: Spec): FieldTrait {
  const fields = Object.entries(trait.fields ?? {}).map(([name, field]): readonly [string, FieldTrait] => {
    const { ordered_when: when, ordered_with: companion } = field;
    const counts =
      (when !== undefined && Object.entries(when).every(([key, value]) => equal(spec[key], value))) ||
      (companion !== undefined && (spec[companion] ?? null) !== null);
    return [name, counts ? { ...field, ordered_when: {} } : field];
  });
  return { ...trait, fields: Object.fromEntries(fields) };
}
