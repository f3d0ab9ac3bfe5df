import { collection } from './collection.ts';
import type { SeedColumn, SeedModel, SeedSegment, SeedSource } from './seed.ts';
import type { Column, Model, Segment, Source, Table, Topic, World } from './state.ts';

export function buildSource(seed: SeedSource, world: World, clock: () => string): Source {
  const models = collection<Model>();
  const segments = collection<Segment>();
  const topics = collection<Topic>();
  const created_at = clock();
  for (const model of seed.models ?? []) models.put(buildModel(model, world, clock()));
  for (const segment of seed.segments ?? []) segments.put(buildSegment(segment, world, clock()));
  for (const { id, name } of seed.topics ?? []) topics.put({ id, name, created_at: clock() });
  return {
    id: seed.id,
    name: seed.name,
    type: seed.type,
    sync_engine: seed.sync_engine ?? 'advanced',
    connection_details: seed.connection_details ?? {},
    warehouse_writeback_retention_in_days: null,
    created_at,
    tables: (seed.tables ?? []).map((table): Table => ({ ...table, columns: columnsOf(table.columns) })),
    models,
    segments,
    topics,
    cohorts: (seed.cohorts ?? []).map((cohort) => ({ ...cohort, source_object_id: world.nextId() })),
  };
}

export function columnsOf(columns: readonly SeedColumn[] | undefined): readonly Column[] {
  return (columns ?? []).map((column) => (typeof column === 'string' ? { name: column, type: 'text' } : column));
}

function buildModel(seed: SeedModel, world: World, created_at: string): Model {
  const { id, name, query, description = null } = seed;
  const columns = columnsOf(seed.columns);
  return {
    id,
    source_object_id: world.nextId(),
    name,
    query,
    description,
    approved: true,
    columns,
    created_at,
    updated_at: created_at,
  };
}

function buildSegment(seed: SeedSegment, world: World, created_at: string): Segment {
  const { id, name, dataset_id, molecules = {}, record_count = null } = seed;
  return {
    id,
    source_object_id: world.nextId(),
    name,
    dataset_id,
    molecules,
    record_count,
    created_at,
    updated_at: created_at,
  };
}
