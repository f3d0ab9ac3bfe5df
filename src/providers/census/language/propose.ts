import type { CatalogueColumn, CatalogueContent, Proposals } from '../../../model/catalogue.ts';
import { fullNameOf } from './look/mappings.ts';
import { nameOf } from './look/source.ts';

/** What a catalogue has for the places of a sync that name something. */
export function propose({ sources = [], destinations = [] }: CatalogueContent): Proposals {
  const tables = sources.flatMap((one) => one.tables ?? []);
  const models = sources.flatMap((one) => one.models ?? []);
  const datasets = sources.flatMap((one) => one.datasets ?? []);
  const segments = sources.flatMap((one) => one.segments ?? []);
  const objects = destinations.flatMap((one) => one.objects ?? []);
  const columns = distinct([...tables, ...models, ...datasets].flatMap(columnsOf).map(nameOf));
  const at = '/source_attributes/object';
  return {
    '/source_attributes/connection': sources.map(nameOf),
    [`${at}/table_catalog`]: distinct(tables.flatMap(({ catalog }) => catalog ?? [])),
    [`${at}/table_schema`]: distinct(tables.flatMap(({ schema }) => schema ?? [])),
    [`${at}/table_name`]: distinct(tables.map(nameOf)),
    [`${at}/name`]: distinct([...models, ...datasets, ...segments].map(nameOf)),
    [`${at}/dataset`]: distinct(datasets.map(nameOf)),
    [`${at}/model`]: distinct(models.map(nameOf)),
    '/destination_attributes/connection': destinations.map(nameOf),
    '/destination_attributes/object': distinct(objects.map(fullNameOf)),
    '/mappings/*/from': columns,
    '/mappings/*/to': distinct(objects.flatMap(({ fields = [] }) => fields.map(fullNameOf))),
    '/high_water_mark_attribute': columns,
  };
}

function columnsOf({ columns = [] }: { readonly columns?: readonly CatalogueColumn[] }): readonly CatalogueColumn[] {
  return columns;
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
