import { beforeAll, describe, expect, test } from 'vitest';
import { liquidError } from '../../src/load/liquid.ts';
import { nameOf } from '../../src/model/address.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Plan } from '../../src/model/plan.ts';
import { censusSync } from '../../src/providers/census/language/kind.ts';
import { rules } from '../../src/providers/census/language/rules.ts';
import { manifestOf, type Workshop, workshop } from '../support/workshop.ts';
import { published } from './census-answers.ts';
import { bodies } from './census-bodies.ts';
import { accountWith } from './census-seed.ts';

/** What is wrong with a pasted body: errors, for warnings refuse nothing. */
function errorsIn(spec: JsonObject): unknown[] {
  if (!rules.validate({ kind: 'CensusSync', name: 'one', spec })) return [...(rules.validate.errors ?? [])];
  return rules.check(spec, { liquid: liquidError }).filter((one) => one.severity === 'error');
}

/** What a plan would do or refuse, by the name of the manifest. */
type Intents = Readonly<Record<string, string>>;

interface Answer {
  readonly name: string;
  readonly answer: JsonObject;
  /** What the manifest says; the pasted answer where it is absent. */
  readonly spec?: JsonObject;
}

function intended(plan: Plan): Intents {
  const changes = plan.changes.map((one) => [
    nameOf(one.address),
    [
      one.action,
      ...one.fields.map((field) => `${field.path}: ${JSON.stringify(field.from)} → ${JSON.stringify(field.to)}`),
    ].join(' '),
  ]);
  const blocked = plan.blocked.map((one) => [nameOf(one.address), `blocked: ${one.hint}`]);
  return Object.fromEntries([...changes, ...blocked]);
}

const pasted = bodies.map(([title, body], index) => ({
  title,
  name: `body-${index}`,
  spec: { label: title, ...body },
}));

/** An answer that hides what was sent cannot be pasted back for it. */
const quirks = { liveMode: 'accept', readsBackExtraMappingFlags: true } as const;

/** Plans manifests that adopt a sync which is answered so, carries that out, and plans again. */
async function adoption(answers: readonly Answer[]): Promise<{ first: Intents; second: Intents }> {
  const shop = await adopting(answers);
  const first = intended(await shop.plan());
  await shop.apply();
  const second = intended(await shop.plan());
  expect(shop.writes()).toEqual([]);
  await shop.close();
  return { first, second };
}

async function planned(answers: readonly Answer[]): Promise<Intents> {
  const shop = await adopting(answers);
  const plan = await shop.plan();
  await shop.close();
  return intended(plan);
}

async function adopting(answers: readonly Answer[]): Promise<Workshop> {
  const shop = await workshop({
    seed: accountWith(answers.map(({ answer }) => ({ ...answer, id: Number(answer.id), verbatim: true }))),
  });
  shop.declare(
    ...answers.map(({ name, answer, spec }) => manifestOf(censusSync, name, spec ?? answer, { adopt: true })),
  );
  return shop;
}

const services = [
  ['as documented', {}],
  [
    'that decides everything the other way',
    {
      createStatus: 200,
      constantsAsText: false,
      omitNulls: true,
      mappingOrder: 'request',
      emptyAlertOptions: 'null',
      flatScheduleCopies: false,
      unknownKeys: 'reject',
      fillsAdvancedDefaults: false,
    },
  ],
  ['that shows names alone and holds bodies against its OpenAPI file', { sourceShows: 'names', openApi2023: true }],
  ['that shows everything that was ever seen', { sourceShows: 'everything', resourceIdentifier: true }],
] as const;

describe.each(services)('every documented body of a create, with a service %s', (_service, manners) => {
  let first: Intents;
  let verdicts: Record<string, string | undefined>;
  let statuses: Record<string, string>;
  let second: Intents;
  let pastedBack: Intents;
  let written: readonly string[];
  let adopted: { first: Intents; second: Intents };
  const answers = new Map<string, JsonObject>();

  beforeAll(async () => {
    const shop = await workshop({ seed: accountWith([]), quirks: { ...quirks, ...manners } });
    shop.declare(...pasted.map(({ name, spec }) => manifestOf(censusSync, name, spec, {})));
    const plan = await shop.plan();
    first = intended(plan);
    const probed = await shop.probe();
    verdicts = Object.fromEntries(
      probed.changes.map((one) => [nameOf(one.address), `${one.validation?.status}: ${one.validation?.message}`]),
    );
    const report = await shop.apply();
    statuses = Object.fromEntries(report.outcomes.map((one) => [nameOf(one.address), JSON.stringify(one)]));
    second = intended(await shop.plan());
    for (const sync of shop.emulator.syncs()) answers.set(String(sync.label), sync);
    const back = pasted.map(({ name, title }) => ({ name, answer: answers.get(title) ?? {} }));
    shop.declare(...back.map(({ name, answer }) => manifestOf(censusSync, name, answer, {})));
    const before = shop.writes().length;
    await shop.apply();
    written = shop.writes().slice(before);
    pastedBack = intended(await shop.plan());
    await shop.close();
    adopted = await adoption(back.filter(({ answer }) => answer.id !== undefined));
  }, 60_000);

  test('pasting the answers over them sends nothing', () => {
    expect(written).toEqual([]);
  });

  test.each(pasted)('$title', ({ title, name, spec }) => {
    expect(errorsIn(spec)).toEqual([]);
    expect(first[name]).toBe('create');
    expect(verdicts[name]).toMatch(/^valid:/);
    expect(statuses[name]).toContain('"status":"applied"');
    expect(second[name]).toBeUndefined();
    expect(errorsIn(answers.get(title) ?? {})).toEqual([]);
    expect(pastedBack[name]).toBeUndefined();
    expect(adopted.first[name]).toBe('adopt');
    expect(adopted.second[name]).toBeUndefined();
  });
});

describe('every published answer, pasted to adopt its sync', () => {
  const answers = published.map(([title, answer], index) => ({ title, name: `answer-${index}`, answer }));
  let adopted: { first: Intents; second: Intents };
  beforeAll(async () => {
    adopted = await adoption(answers);
  });

  test.each(answers)('$title', ({ name, answer }) => {
    expect(errorsIn(answer)).toEqual([]);
    expect(adopted.first[name]).toBe('adopt');
    expect(adopted.second[name]).toBeUndefined();
  });
});

describe('a source that is answered by half of what it is known by is compared by that half', () => {
  const cases: readonly (readonly [title: string, declared: JsonObject, answered: JsonObject, intent: string])[] = [
    ['named, answered by that name', { type: 'model', name: 'orders_export' }, byName('orders_export'), 'adopt'],
    ['by id, answered by a name', { type: 'model', id: 915 }, byName('orders_export'), 'adopt'],
    [
      'named, answered by another name',
      { type: 'model', name: 'orders_export' },
      byName('lead_scores'),
      'adopt /source_attributes/object/id: null → 915',
    ],
    ['a topic by name, answered by id', { type: 'topic', name: 'clicks' }, { type: 'topic', id: 3 }, 'adopt'],
    [
      'a topic by name, answered by another',
      { type: 'topic', name: 'clicks' },
      { type: 'topic', id: 4, name: 'views' },
      'adopt /source_attributes/object/name: "views" → "clicks"',
    ],
    [
      'a segment by id, answered inside',
      { type: 'segment', id: 3301, dataset_id: 8123 },
      { type: 'filter_segment_source', id: 70555, dataset_id: 8123, filter_segment_id: 3301 },
      'adopt',
    ],
    [
      'a segment of a model, answered with its dataset',
      { type: 'segment', id: 3301, model_id: 915 },
      { type: 'filter_segment_source', id: 70555, dataset_id: 8123, filter_segment_id: 3301 },
      'adopt',
    ],
  ];
  const answers = cases.map(([title, declared, shown, intent], index) => ({
    title,
    name: `half-${index}`,
    answer: sourced(title, shown, { id: 92_000 + index, alert_attributes: [] }),
    spec: sourced(title, declared, {}),
    intent,
  }));
  let adopted: { first: Intents; second: Intents };
  beforeAll(async () => {
    adopted = await adoption(answers.filter(({ intent }) => intent === 'adopt'));
    const changed = answers.filter(({ intent }) => intent !== 'adopt');
    adopted = { ...adopted, first: { ...adopted.first, ...(await planned(changed)) } };
  });

  test.each(answers)('$title', ({ name, intent }) => {
    expect(adopted.first[name]).toBe(intent);
    expect(adopted.second[name]).toBeUndefined();
  });
});

function byName(name: string): JsonObject {
  return { type: 'model', name };
}

function sourced(label: string, object: JsonObject, more: JsonObject): JsonObject {
  return {
    label,
    operation: 'upsert',
    source_attributes: { connection_id: 501, object },
    destination_attributes: { connection_id: 502, object: 'Contact' },
    mappings: [{ from: { type: 'column', data: 'email' }, to: 'Email', is_primary_identifier: true }],
    ...more,
  };
}
