import type { Reply } from '../../exchange.ts';
import { idOf, isObject, type JsonObject, textAt } from '../../json.ts';
import { type Route, reject, type WorkspaceCall, workspaceRoute } from '../call.ts';
import { page } from '../page.ts';
import { created, deleted, notFound, success, updated } from '../reply.ts';
import type { Segment, Source, Topic } from '../state.ts';
import { slug } from '../sync/answer.ts';
import { withSource } from './sources.ts';

const base = '/sources/:id/filter_segments';

/** Segments and topics: the smaller things a source has. */
export const segmentRoutes: readonly Route[] = [
  workspaceRoute(`GET ${base}`, (call) =>
    withSource(call, ({ segments }) =>
      page(segments.all(), call.query, call.address, (segment) => JSON.stringify(answer(call, segment))),
    ),
  ),
  workspaceRoute(`POST ${base}`, (call) => withSource(call, (source) => create(call, source))),
  workspaceRoute(`GET ${base}/:segment`, (call) => withSegment(call, (segment) => success(answer(call, segment)))),
  workspaceRoute(`PATCH ${base}/:segment`, (call) =>
    withSegment(call, (segment, source) => change(call, source, segment)),
  ),
  workspaceRoute(`DELETE ${base}/:segment`, (call) =>
    withSegment(call, (segment, source) => {
      source.segments.remove(segment.id);
      return deleted();
    }),
  ),
  workspaceRoute('GET /sources/:id/topics', (call) =>
    withSource(call, ({ topics }) =>
      page(topics.all(), call.query, call.address, (topic) => JSON.stringify(topicAnswer(topic))),
    ),
  ),
  workspaceRoute('POST /sources/:id/topics', (call) => withSource(call, (source) => createTopic(call, source))),
  workspaceRoute('GET /sources/:id/topics/:topic', (call) =>
    withSource(call, ({ topics }) => {
      const topic = topics.get(idOf(call.params.topic));
      return topic === undefined ? notFound() : success(topicAnswer(topic));
    }),
  ),
  workspaceRoute('DELETE /sources/:id/topics/:topic', (call) =>
    withSource(call, ({ topics }) => (topics.remove(idOf(call.params.topic) ?? 0) ? deleted() : notFound())),
  ),
];

function withSegment(call: WorkspaceCall, reply: (segment: Segment, source: Source) => Reply): Reply {
  return withSource(call, (source) => {
    const segment = source.segments.get(idOf(call.params.segment));
    return segment === undefined ? notFound() : reply(segment, source);
  });
}

/** Made at once here; the service takes its time, which is why it answers with an address to poll. */
function create(call: WorkspaceCall, source: Source): Reply {
  const { world, workspace, body } = call;
  const name = textAt(body, 'name');
  if (name === undefined || name === '') return reject(call, 'name is required');
  const dataset = workspace.datasets.get(idOf(body.business_object_id));
  if (dataset?.source_id !== source.id) return reject(call, 'business_object_id is invalid');
  const id = world.nextId();
  const molecules = isObject(body.molecules) ? body.molecules : {};
  const now = world.now();
  const facts = { name, dataset_id: dataset.id, molecules, record_count: null, created_at: now, updated_at: now };
  source.segments.put({ id, source_object_id: world.nextId(), ...facts });
  return created({ id, filter_segment_source_url: `${call.address}/${id}` });
}

function change(call: WorkspaceCall, source: Source, segment: Segment): Reply {
  const { world, body } = call;
  const name = textAt(body, 'name') ?? segment.name;
  const molecules = isObject(body.molecules) ? body.molecules : segment.molecules;
  const after = { ...segment, name, molecules, updated_at: world.now() };
  source.segments.put(after);
  return updated(answer(call, after));
}

function answer({ workspace }: WorkspaceCall, segment: Segment): JsonObject {
  const { id, name, molecules, dataset_id, source_object_id, record_count, created_at, updated_at } = segment;
  const query = workspace.datasets.get(dataset_id)?.query ?? null;
  const parent = {
    business_object_id: dataset_id,
    parent_object_id: dataset_id,
    parent_object_type: 'DataWarehouse::BusinessObjectSource',
  };
  const identity = {
    id,
    name,
    resource_identifier: `segment:${slug(name)}`,
    filter_segment_source_object_id: source_object_id,
  };
  return { ...identity, molecules, ...parent, record_count, query, created_at, updated_at };
}

function createTopic(call: WorkspaceCall, source: Source): Reply {
  const { world, body } = call;
  const name = textAt(body, 'name');
  if (name === undefined || name === '') return reject(call, 'name is required');
  const topic: Topic = { id: world.nextId(), name, created_at: world.now() };
  source.topics.put(topic);
  return created({ id: topic.id });
}

function topicAnswer({ id, name, created_at }: Topic): JsonObject {
  return { type: 'topic', id, name, created_at };
}
