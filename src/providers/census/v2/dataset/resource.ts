import type { Problem } from '../../../../model/diagnostic.ts';
import { ProviderError, SynclineError } from '../../../../model/errors.ts';
import type { JsonObject, Spec } from '../../../../model/json.ts';
import type { Resource } from '../../../../model/provider.ts';
import type { KindTraits } from '../../../../model/traits.ts';
import { type Call, unsendable } from '../../../../wire/answer.ts';
import { present, without } from '../../../../wire/json.ts';
import { aboutDataset } from '../../language/dataset/about.ts';
import { type Collection, capabilities } from '../../wire/collection.ts';
import { decodeDataset } from '../../wire/dataset/decode.ts';
import { createDataset, patchDataset, refreshColumns } from '../../wire/dataset/send.ts';
import { type Account, pathOf } from '../account.ts';
import { groupIn, idIn } from '../activation.ts';
import { everyGroupedKind, type GroupedCollection, type Placed, untold } from '../grouped.ts';
import { groupOfSource, type Landscape } from '../landscape.ts';
import type { Scope } from '../scope.ts';

const path = pathOf('datasets');
const creating: Call = { method: 'POST', path };

/** Datasets of groups, of all types. A create says the group and not the source, so that a group must have one source only. */
export function datasets(account: Account, scope: Scope, traits: KindTraits): Resource {
  const plain: Collection = { path, noun: traits.noun, decode: decodeDataset };
  const collection: GroupedCollection = {
    ...{ list: 'datasets', noun: traits.noun, decode: decodeDataset },
    place: placeDataset,
    unplaced: (item) => untold(traits.noun, item, 'it has no `group_id`, and its source is not listed'),
  };
  const grouped = everyGroupedKind(account, scope, collection);
  return {
    kind: traits.kind,
    traits,
    capabilities: { ...capabilities, checks: 'none' },
    about: aboutDataset,
    ...grouped,
    examine: async (spec) => outside(spec, await scope.landscape(), scope),
    unmakeable: async (desired) => whyNot(desired, await scope.landscape()),
    create: async (desired) => {
      const group = groupOfSource(await scope.landscape(), idIn(desired.source_id));
      if (group === undefined || !scope.has(group))
        throw unsendable(creating, 'its source is in no group of this target');
      account.wrote();
      const body = { ...without(present(desired), ['source', 'source_id']), group_id: group };
      const id = await createDataset(account.http, plain, body);
      const fault = await misplacement(id, desired);
      return { id, unset: [], ...(fault !== undefined && { fault }) };
    },
    update: async ({ live }, desired, changed) => {
      account.wrote();
      await patchDataset(account.http, plain, live.id, { desired, changed });
      return undefined;
    },
    check: async () => ({ status: 'unchecked', message: 'The API has no check for a dataset.' }),
    prepare: async (id, patience) => refreshColumns(account.http, plain, id, patience),
  };

  /** The API chooses the source of a new dataset: what it has chosen is read back. Whether or not that succeeds, it is made. */
  async function misplacement(id: string, { source_id: wanted }: Spec): Promise<string | undefined> {
    const reading = await grouped.read(id).catch((error: unknown) => {
      if (error instanceof ProviderError || error instanceof SynclineError) return error;
      throw error;
    });
    if (reading instanceof ProviderError) return undefined;
    if (reading instanceof SynclineError) return reading.message;
    const found = idIn(reading?.live.spec.source_id);
    if (found === undefined || found === idIn(wanted)) return undefined;
    const mended = `delete it in the web app, and make it there for the source ${idIn(wanted)}; then \`syncline adopt\` it`;
    return `The ${traits.noun} ${id} was made for the source ${found}, and not for ${idIn(wanted)}: ${mended}.`;
  }
}

function placeDataset(item: JsonObject, landscape: Landscape): Placed | undefined {
  const group = groupIn(item) ?? groupOfSource(landscape, idIn(item.source_id));
  return group === undefined ? undefined : { group, wire: () => item };
}

/** A source that is somebody else's. */
function outside({ source_id: source }: Spec, landscape: Landscape, scope: Scope): readonly Problem[] {
  const group = groupOfSource(landscape, idIn(source));
  if (source === undefined || (group !== undefined && scope.has(group))) return [];
  const place = group === undefined ? 'is not there' : `is in the group ${group}, and that is none of this target`;
  return [
    {
      severity: 'error',
      code: 'outside-groups',
      message: `The source ${idIn(source)} ${place}.`,
      hint: `Name a source of ${scope.groups.join(', ')}, or add its group to \`groups\` of the target.`,
      path: '/spec/source_id',
      at: 'value',
    },
  ];
}

/** Why a create cannot say what it means. */
function whyNot({ source_id: source }: Spec, landscape: Landscape): string | undefined {
  const group = groupOfSource(landscape, idIn(source));
  const sources = landscape.sources.filter((one) => one.group === group);
  if (group === undefined || sources.length < 2) return undefined;
  const names = sources.map(({ name, id }) => `"${name ?? id}"`).join(', ');
  return `The API makes a dataset for a group, and the group ${group} has several sources (${names}): make it in the web app, then \`syncline adopt\` it.`;
}
