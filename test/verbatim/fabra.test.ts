import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FabraSeed } from '../../src/emulator/fabra/seed.ts';
import { nameOf } from '../../src/model/address.ts';
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { Live } from '../../src/model/live.ts';
import type { Plan } from '../../src/model/plan.ts';
import { resourceOf } from '../../src/model/provider.ts';
import { fabraSync } from '../../src/providers/fabra/language/kind.ts';
import { rules } from '../../src/providers/fabra/language/rules.ts';
import { type FabraShop, fabraShop, manifestOf } from '../support/workshop.ts';

interface Step {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly send?: string;
}

/** What the real server answered to a long sequence of requests. */
const recording: { readonly world: FabraSeed; readonly steps: readonly Step[] } = JSON.parse(
  readFileSync(new URL('../emulator/fabra/recorded.json', import.meta.url), 'utf8'),
);

/** Bodies that the server took, and that mean nothing anybody would write: misspelt keys, and things of somebody else. */
const unmeant = [
  'POST upper-case keys',
  'POST unknown keys',
  'POST empty customer',
  'POST not recurring, nonsense units',
  'POST custom join and a lone namespace',
  'POST empty join',
  'POST empty table and namespace',
  "POST mapping to another object's field",
  "POST mapping to another org's field",
  'POST source of another org',
  'POST mapping twice and is_json',
  'POST minimal',
  'POST all mode/cursor given',
];

/** The body of the API reference. */
const documented: JsonObject = {
  cursor_field: 'updated_at',
  custom_join: 'select * from events join additional_properties on events.id = additional_properties.event_id;',
  destination_id: 2,
  end_customer_id: 'abc123',
  field_mappings: [{ destination_field_name: 'event', source_field_name: 'event_name' }],
  frequency: 30,
  frequency_units: 'minutes',
  namespace: 'end_customer_bigquery_dataset',
  object_id: 3,
  primary_key: 'event_id',
  source_id: 1,
  table_name: 'end_customer_events',
};

const recorded = recording.steps
  .filter(
    ({ method, path, status, name }) =>
      method === 'POST' && path === '/sync' && status === 200 && !unmeant.includes(name),
  )
  .map(({ name, send = '{}' }) => [name, objectOf(JSON.parse(send))] as const);

const bodies: readonly (readonly [title: string, body: JsonObject])[] = [
  ...recorded,
  ['the body of the reference', documented],
  ['the same with ids as text', { ...documented, destination_id: '2', object_id: '3', source_id: '1' }],
  [
    'the same with a type left empty',
    { ...documented, field_mappings: [{ destination_field_id: '21', source_field_name: 'e', source_field_type: '' }] },
  ],
];

/** Names tell the syncs apart, and are no part of what is tried. */
const pasted = bodies.map(([title, body], index) => ({
  title,
  name: `body-${index}`,
  spec: { ...body, display_name: `${title} ${index}` },
}));

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function errorsIn(spec: JsonObject): unknown[] {
  if (!rules.validate({ kind: 'FabraSync', name: 'one', spec })) return [...(rules.validate.errors ?? [])];
  return rules.check(spec, { liquid: undefined }).filter((one) => one.severity === 'error');
}

/** What a plan would do or refuse, by the name of the manifest. */
function intended(plan: Plan): Readonly<Record<string, string>> {
  const changes = plan.changes.map((one) => [
    nameOf(one.address),
    [one.action, ...one.fields.map((field) => field.path)].join(' '),
  ]);
  const blocked = plan.blocked.map((one) => [nameOf(one.address), `blocked: ${one.hint}`]);
  return Object.fromEntries([...changes, ...blocked]);
}

/** Each live sync as GET answers it, by its name: what stands beside the sync is part of it. */
async function answersOf(shop: FabraShop): Promise<ReadonlyMap<string, JsonObject>> {
  return await shop.act(async ({ provider }) => {
    const syncs = resourceOf(provider, 'FabraSync');
    const ids: string[] = [];
    await syncs.list((page: readonly Live[]) => ids.push(...page.map(({ id }) => id)));
    const found = new Map<string, JsonObject>();
    for (const id of ids) {
      const wire = (await syncs.read(id))?.wire ?? {};
      const { sync, ...beside } = wire;
      const answer = isObject(sync) ? { ...sync, ...beside } : wire;
      found.set(String(answer.display_name), answer);
    }
    return found;
  });
}

describe('every body that the reference shows or the server was seen to take', () => {
  let first: Readonly<Record<string, string>>;
  let statuses: Readonly<Record<string, string>>;
  let second: Readonly<Record<string, string>>;
  let pastedBack: Readonly<Record<string, string>>;
  let pasting: readonly string[];
  let answers: ReadonlyMap<string, JsonObject>;

  beforeAll(async () => {
    const shop = await fabraShop({ seed: { ...recording.world, syncs: [] } });
    shop.declare(...pasted.map(({ name, spec }) => manifestOf(fabraSync, name, spec, {})));
    first = intended(await shop.plan());
    const report = await shop.apply();
    statuses = Object.fromEntries(report.outcomes.map((one) => [nameOf(one.address), JSON.stringify(one)]));
    second = intended(await shop.plan());
    answers = await answersOf(shop);
    shop.declare(
      ...pasted.map(({ name, spec }) => manifestOf(fabraSync, name, answers.get(spec.display_name) ?? {}, {})),
    );
    // No answer proves a `status`, so what is pasted is said once; nothing else may be.
    pasting = Object.values(intended(await shop.plan()));
    await shop.apply();
    pastedBack = intended(await shop.plan());
    await shop.close();
  });

  test('answers pasted over them change nothing', () => {
    expect(new Set(pasting)).toEqual(new Set(['update /status']));
  });

  test.each(pasted)('$title', ({ name, spec }) => {
    expect(errorsIn(spec)).toEqual([]);
    expect(first[name]).toBe('create');
    expect(statuses[name]).toContain('"status":"applied"');
    expect(second[name]).toBeUndefined();
    expect(errorsIn(answers.get(spec.display_name) ?? {})).toEqual([]);
    expect(pastedBack[name]).toBeUndefined();
  });
});
