import type { CensusSeed } from '../../src/emulator/census-v1/seed.ts';
import type { World } from '../../src/emulator/census-v1/state.ts';
import { endsOf, type Face, groupOf } from '../../src/emulator/census-v2/face.ts';
import { bothFaces } from '../../src/emulator/census-v2/server.ts';
import { activationSlug } from '../../src/emulator/census-v2/slug.ts';
import { defaultV2, type Switches, type V2Options, v2Switches } from '../../src/emulator/census-v2/switches.ts';
import type { Exchange, Outcome } from '../../src/emulator/exchange.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { KindDefinition } from '../../src/model/kind.ts';
import { kindsOfV2 } from '../../src/providers/census/v2/kinds.ts';
import { censusV2 } from '../../src/providers/census/v2/provider.ts';
import { datasetSpec } from './census-dataset.ts';
import { origin, serviceOf, type Version, withCloseIds, worldOf } from './census-service.ts';
import { constantOf, sourceIn, specIn } from './census-sync.ts';
import { chance } from './life.ts';
import type { Declaration, Service } from './service.ts';

const model = (id: number) => ({ id, name: 'm', query: 'select 1' });

/** Our two sources, and somebody else's, which writes a sync of a label that is ours too. */
const seed: CensusSeed = {
  workspaces: [
    {
      id: 4321,
      name: 'Law',
      sources: [
        { id: 501, name: 'Warehouse', type: 'snowflake', models: [model(15)] },
        { id: 502, name: 'Lake', type: 'snowflake', models: [model(16)] },
      ],
      destinations: [
        { id: 601, name: 'CRM', type: 'salesforce' },
        { id: 602, name: 'Mail', type: 'braze' },
      ],
    },
    {
      id: 4322,
      name: 'Others',
      sources: [{ id: 503, name: 'Warehouse', type: 'snowflake', models: [model(17)] }],
      destinations: [{ id: 603, name: 'CRM', type: 'salesforce' }],
      syncs: [
        {
          id: 901,
          label: 'Users',
          operation: 'upsert',
          source_attributes: { connection_id: 503, object: { type: 'model', id: 17 } },
          destination_attributes: { connection_id: 603, object: 'Contact' },
          mappings: [{ from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true }],
        },
      ],
    },
  ],
};

const ours = [501, 502];

/** An account that API v2 shows in a way that is drawn by chance, and in which syncs alone are declared. */
export function censusOfGroups(number: number): Service {
  const world = worldOf({}, seed);
  const face = faceOf(world, drawn(number));
  return serviceOf(secondVersion(face, kindsOfV2.slice(0, 1), bothFaces(face)));
}

/** The same with datasets, which have to be listed, and whose source is that of their group. */
export function groupsWithDatasets(number: number): Service {
  const { world, counting } = withCloseIds(worldOf({}, seed));
  const switches = { ...drawn(number), groupsOf: 'source', without: [] } as const;
  const face = faceOf(world, switches);
  return serviceOf(secondVersion(face, kindsOfV2, counting(bothFaces(face))));
}

/** Every switch at one of its values: some accounts have the usual one of most. */
function drawn(number: number): Switches {
  const random = chance(number);
  const odds = random() < 0.5 ? 0.15 : 0.5;
  const of = (values: readonly unknown[]) =>
    random() < odds ? values[1 + Math.floor(random() * (values.length - 1))] : values[0];
  const entries = Object.entries(v2Switches).map(([key, values]) => [key, of(values)]);
  return { ...Object.fromEntries(entries), v1Retired: null };
}

function faceOf(world: World, switches: Switches): Face {
  const all: V2Options = { ...defaultV2, ...switches };
  const pairs = ours.flatMap((source) => [601, 602].map((to) => [activationSlug(source, to), 'made'] as const));
  return { world, switches: all, pairs: new Map(pairs) };
}

function secondVersion(face: Face, kinds: readonly KindDefinition[], route: (exchange: Exchange) => Outcome): Version {
  const { world, switches } = face;
  const [workspace] = world.workspaces.all();
  if (workspace === undefined) throw new Error('This account has no workspace.');
  const groups = [...new Set(ours.map((source) => groupOf(face, workspace, source)))];
  const { syncIdShift, sourceIdShift, activationName } = switches;
  const realDestination = (id: Json | undefined) => (Number(id) > 3_000_000 ? Number(id) - 3_000_000 : id);
  const nameOf = (name: string, source: string) => (activationName === 'other' ? `${name} from ${source}` : name);

  function specOf(one: Declaration, source: string | undefined): JsonObject {
    if (one.noun === 'dataset') return { ...datasetSpec(one), source_id: 501 + sourceIdShift };
    const isLake = one.name === 'b' && source === undefined;
    const from = isLake ? 'Lake' : 'Warehouse';
    const { source_attributes: attributes, ...rest } = specIn(one, source);
    const object = isObject(attributes) && !isLake ? (attributes.object ?? null) : { type: 'model', id: 16 };
    const to = homeOf(one.name, one.tag, source !== undefined) === 602 ? 'Mail' : 'CRM';
    return {
      ...rest,
      source_attributes: { connection: from, object },
      destination_attributes: { connection: nameOf(to, from), object: 'Contact' },
    };
  }
  return {
    ...{ world, kinds, path: '/api/v2', route, specOf },
    connect: (connection) => censusV2({ ...connection, token: 'personal', groups, baseUrl: origin }),
    shown: (id) => id + syncIdShift,
    hidden: (id) => id - syncIdShift,
    isInPlace: (spec) => {
      const { destination_attributes: to } = spec;
      const id = isObject(to) ? realDestination(to.connection_id) : undefined;
      const [name, tag] = [constantOf(spec, 'Mark'), constantOf(spec, 'Tag')];
      if (id === undefined || name === undefined || tag === undefined) return undefined;
      return id === homeOf(name, tag, sourceIn(spec) !== undefined);
    },
    // Somebody takes it to the other activation of its source.
    spoilt: (sync) => ({
      paused: false,
      destination_attributes: {
        ...(isObject(sync.body.destination_attributes) ? sync.body.destination_attributes : {}),
        connection_id: endsOf(sync).destination === 601 ? 602 : 601,
      },
    }),
  };
}

/** The destination that a manifest wants: another tag takes it there in place. */
function homeOf(name: string, tag: string, ofDataset: boolean): number {
  return tag === 'z' || (ofDataset && name === 'c') ? 602 : 601;
}
