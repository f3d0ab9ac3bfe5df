import { readText } from '../../load/files.ts';
import { findersOf } from '../../load/manifest-globs.ts';
import { parseYaml } from '../../load/yaml.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import type { KindDefinition } from '../../model/kind.ts';
import type { Project, Target } from '../../model/project.ts';
import { filesOf } from './files.ts';

/**
 * How many manifests each target has, by its name, as far as that is seen without looking closely: nothing is checked, and what
 * cannot be read does not count.
 */
export function countManifests(
  project: Project,
  kindsOf: (target: Target) => ReadonlyMap<string, KindDefinition>,
): ReadonlyMap<string, number> {
  const counts = new Map(project.targets.map(({ name }) => [name, 0]));
  const finders = findersOf(project);
  for (const file of filesOf(project).files) {
    const text = readText(project.root, file);
    if (typeof text !== 'string') continue;
    const { targets } = finders(file);
    for (const { kind, targets: names } of headsIn(text))
      for (const target of targets)
        if ((names === undefined || names.includes(target.name)) && kindsOf(target).has(kind))
          counts.set(target.name, (counts.get(target.name) ?? 0) + 1);
  }
  return counts;
}

/** What a manifest says of whom it is for. */
interface Head {
  readonly kind: string;
  /** undefined: everybody. */
  readonly targets: readonly string[] | undefined;
}

/** The heads of the manifests in a text. Thousands of files are read for them: only one that is written in an unusual way is parsed. */
function headsIn(text: string): readonly Head[] {
  const pieces = text.split(/^---(?=\s|$)/m).filter((piece) => /^[ \t]*[^\s#%]/m.test(piece));
  const heads = pieces.map(plainHead);
  if (heads.every((one) => one !== undefined)) return heads;
  return (parseYaml(text).documents ?? []).flatMap(({ value }) => (isObject(value) ? headOf(value) : []));
}

const kindLine = /^kind:[ \t]+["']?(\w+)["']?[ \t]*(?:#.*)?$/m;
const flowList = /^targets:[ \t]*\[([\w\s,"'-]*)\][ \t]*(?:#.*)?$/m;
const blockList = /^targets:[ \t]*\r?\n((?:[ \t]*-[ \t]+["']?[\w-]+["']?[ \t]*\r?(?:\n|$))+)/m;

/** The head of a manifest whose keys stand at the beginning of lines, as they mostly do. */
function plainHead(text: string): Head | undefined {
  const lines = text.replaceAll('\r\n', '\n');
  const [, kind] = kindLine.exec(lines) ?? [];
  if (kind === undefined) return undefined;
  if (!/^["']?targets\b/m.test(lines)) return { kind, targets: undefined };
  const [, list] = flowList.exec(lines) ?? blockList.exec(lines) ?? [];
  return list === undefined ? undefined : { kind, targets: list.match(/\w[\w-]*/g) ?? [] };
}

function headOf({ kind, targets }: JsonObject): readonly Head[] {
  if (typeof kind !== 'string') return [];
  const names = Array.isArray(targets) ? targets.filter((name) => typeof name === 'string') : undefined;
  return [{ kind, targets: names }];
}
