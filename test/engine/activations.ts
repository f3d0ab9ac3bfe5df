import type { JsonObject } from '../../src/model/json.ts';
import type { NamedThing } from '../../src/model/live.ts';
import type { Lifecycle, Manifest } from '../../src/model/manifest.ts';
import type { Provider } from '../../src/model/provider.ts';
import { kindsOfV2 } from '../../src/providers/census/v2/kinds.ts';
import { manifestOf } from '../support/workshop.ts';

const source = '/source_attributes/connection_id';
const destination = '/destination_attributes/connection_id';

/** Names of sources; nobody shows that of the other one. */
const sources: Readonly<Record<number, string>> = { 501: 'Snowflake Prod' };

/** Activations from two sources: one name in both, one name twice in the first, and one pair twice. */
const activations: readonly NamedThing[] = [
  activation('bold_heron', 'Salesforce', 501, 601, 'salesforce'),
  activation('calm_otter', 'HubSpot', 501, 602, 'hubspot'),
  activation('dry_finch', 'Salesforce', 502, 601, 'salesforce'),
  activation('east_crane', 'Ads', 501, 604, 'google_ads'),
  activation('fast_moose', 'Ads', 501, 607, 'facebook'),
  activation('grey_panda', 'Google Sheets', 502, 605, 'google_sheets'),
  activation('huge_quail', 'Sheets', 502, 605, 'google_sheets'),
];

function activation(id: string, name: string, from: number, to: number, type: string): NamedThing {
  return {
    id,
    name,
    type,
    created: '2024-02-01T09:00:00.000Z',
    from: sources[from],
    sets: { [source]: from, [destination]: to },
  };
}

/** The provider of an API that shows the same service by its activations: names of destinations are theirs. */
export function activated(provider: Provider, known: readonly NamedThing[] = activations): Provider {
  const traitsOf = new Map(kindsOfV2.map(({ kind, traits }) => [kind, traits]));
  const resources = [...provider.resources].map(([kind, one]) => {
    const traits = traitsOf.get(kind) ?? one.traits;
    return [kind, { ...one, traits }] as const;
  });
  return {
    ...provider,
    resources: new Map(resources),
    named: async (collection, within) => {
      if (collection === 'activations') return known;
      if (collection !== 'destinations') return await provider.named(collection, within);
      return known
        .filter(({ sets }) => within === undefined || sets?.[source] === within)
        .map(({ sets, from: _from, id, ...rest }) => ({ ...rest, id: sets?.[destination] ?? null, via: String(id) }));
    },
  };
}

interface Ends {
  readonly source?: JsonObject;
  readonly destination?: JsonObject;
  readonly activation?: string;
  readonly activation_id?: string;
}

/** A manifest as API v2 understands it, which says its two ends like this. */
export function between(
  { source: from = {}, destination: to = {}, ...more }: Ends,
  lifecycle: Partial<Lifecycle> = {},
): Manifest {
  const [kind] = kindsOfV2;
  if (kind === undefined) throw new Error('There are no kinds.');
  const spec = {
    label: 'Users',
    operation: 'upsert',
    source_attributes: { ...from, object: { type: 'table', table_catalog: 'A', table_schema: 'B', table_name: 'C' } },
    destination_attributes: { ...to, object: 'Contact' },
    mappings: [{ from: 'email', to: 'Email', primary: true }],
    ...more,
  };
  return manifestOf(kind, 'users', spec, lifecycle);
}
