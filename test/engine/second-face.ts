import { type Dictionary, translated } from '../../src/core/migrate/translate.ts';
import { isObject } from '../../src/model/json.ts';
import type { Live, NamedThing } from '../../src/model/live.ts';
import type { Thing } from '../../src/model/migration.ts';
import type { Provider, Resource } from '../../src/model/provider.ts';
import { migration } from '../../src/providers/census/migration/migration.ts';

/** How ids are counted at the other API. */
export interface Shifts {
  readonly syncs?: number;
  readonly sources?: number;
  readonly destinations?: number;
}

const [syncs, sources, destinations] = ['CensusSync', 'sources', 'destinations'];

/**
 * The provider of an API that shows the things of another one under other ids: a stand-in for a service whose second API serves the
 * same state. `twist` changes what it shows of a thing.
 */
export function secondFace(
  provider: Provider,
  shifts: Shifts = {},
  twist: (live: Live) => Live | undefined = (one) => one,
  groups: readonly string[] = ['some_group'],
): Provider {
  const shiftOf = (space: string) =>
    ({ [syncs]: shifts.syncs, [sources]: shifts.sources, [destinations]: shifts.destinations })[space] ?? 0;
  const there = shifting(shiftOf, 1);
  const here = shifting(shiftOf, -1);
  const resources = [...provider.resources.values()].map((one): [string, Resource] => [one.kind, faced(one)]);

  function faced(resource: Resource): Resource {
    const grammar = migration.grammars[resource.kind] ?? { references: [], own: [] };
    const shown = (live: Live): Live[] => {
      const twisted = twist(live);
      if (twisted === undefined) return [];
      const { spec } = translated(grammar, twisted.spec, there);
      const id = there.idOf(resource.kind, live.id, undefined) ?? live.id;
      return [
        {
          ...twisted,
          id,
          spec: isObject(spec.destination_attributes) ? { ...spec, activation_id: 'some_slug' } : spec,
        },
      ];
    };
    return {
      ...resource,
      list: (page) => resource.list((things, of) => page(things.flatMap(shown), of)),
      read: async (id) => {
        const reading = await resource.read(here.idOf(resource.kind, id, undefined) ?? id);
        const [live] = reading === undefined ? [] : shown(reading.live);
        return reading === undefined || live === undefined ? undefined : { ...reading, live };
      },
    };
  }

  return {
    ...provider,
    api: 'v2',
    groups,
    resources: new Map(resources),
    identify: async () => undefined,
    named: async (collection, within) => {
      const outer = within === undefined ? undefined : Number(within) - shiftOf(sources);
      const found = await provider.named(collection, outer);
      return found?.map((one): NamedThing => ({ ...one, id: Number(one.id) + shiftOf(collection) }));
    },
  };
}

function shifting(shiftOf: (space: string) => number, sign: 1 | -1): Dictionary {
  return {
    idOf: (space, id) => (/^\d+$/.test(id) ? String(Number(id) + sign * shiftOf(space)) : id),
    knows: () => true,
    keeps: (space) => shiftOf(space) === 0,
  };
}

/** What the service itself pairs, as both APIs show it: a destination once, and there once for each source. */
export async function places(
  provider: Provider,
  shifts: Shifts,
): Promise<{ readonly from: Thing[]; readonly to: Thing[] }> {
  const all = async (space: string) =>
    ((await provider.named(space, undefined)) ?? []).map(
      ({ id, name, type }): Thing => ({ space, id: String(id), name, type }),
    );
  const [ours, goals] = [await all(sources), await all(destinations)];
  const moved = (one: Thing, shift = 0): Thing => ({ ...one, id: String(Number(one.id) + shift) });
  const there = ours.map((one) => moved(one, shifts.sources));
  const activations = there.flatMap((source) =>
    goals.map((one) => ({ ...moved(one, shifts.destinations), within: source.id })),
  );
  return { from: [...ours, ...goals], to: [...there, ...activations] };
}
