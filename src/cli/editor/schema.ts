import { withProposals } from '../../core/schema/propose.ts';
import { byCodePoint } from '../../core/stable.ts';
import { readCatalogue } from '../../load/catalogue.ts';
import type { Proposals } from '../../model/catalogue.ts';
import { isObject, type JsonObject } from '../../model/json.ts';
import type { Project } from '../../model/project.ts';
import { kindsOf } from '../../providers/index.ts';

/** The schema of all kinds, which proposes what the catalogues of the project's targets have. Broken ones are passed over. */
export async function schemaForEditor(schema: JsonObject, project: Project): Promise<JsonObject> {
  const { $defs } = schema;
  if (!isObject($defs)) return schema;
  const proposed: Record<string, JsonObject | undefined> = {};
  for (const [kind, proposals] of await proposalsOf(project)) {
    const part = $defs[kind];
    if (isObject(part)) proposed[kind] = withProposals(part, proposals);
  }
  return { ...schema, $defs: { ...$defs, ...proposed } };
}

/** By kind, what the catalogues of all targets have, each name once. Places are seen from the manifest. */
async function proposalsOf({ root, targets }: Project): Promise<ReadonlyMap<string, Proposals>> {
  const byKind = new Map<string, Map<string, Set<string>>>();
  for (const target of targets) {
    const catalogue = await readCatalogue(root, target.name);
    if (catalogue === undefined || 'code' in catalogue) continue;
    for (const [kind, { rules }] of kindsOf(target)) {
      const found = (await rules()).propose?.(catalogue) ?? {};
      const places = byKind.get(kind) ?? new Map<string, Set<string>>();
      byKind.set(kind, places);
      for (const [place, names] of Object.entries(found)) {
        const all = places.get(`/spec${place}`) ?? new Set<string>();
        places.set(`/spec${place}`, all);
        for (const name of names) all.add(name);
      }
    }
  }
  return new Map(
    [...byKind].map(([kind, places]) => [
      kind,
      Object.fromEntries([...places].map(([place, names]) => [place, [...names].sort(byCodePoint)])),
    ]),
  );
}
