import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sealPlans } from '../../src/core/plan/digest.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { readPlanFile } from '../../src/engine/plan-file.ts';
import type { About } from '../../src/model/about.ts';
import { Exit, SynclineError } from '../../src/model/errors.ts';
import type { Ending } from '../../src/model/failed.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import type { Change, FieldChange, Plan } from '../../src/model/plan.ts';
import { anyWorld, entry, input, ledger, live, manifest, spec } from '../support/world.ts';

const orders = spec({ label: 'Orders' });
/** One change of each kind that matters here: a create, an update and a delete. */
const plan = makePlan(
  input({
    manifests: [manifest('users', spec({ paused: true })), manifest('new', spec({ label: 'New' }))],
    live: [live('1'), live('2', orders)],
    ledger: ledger({ users: entry('1'), old: entry('2', orders) }),
    prune: true,
  }),
);

/** The file as somebody might write it who knows how to seal. */
const sealed = (plans: unknown): string => JSON.stringify(sealPlans(plans as Plan[]));
const lost = { target: 'staging', exit: Exit.failed, code: 'provider', message: 'GET /syncs: no answer' } as const;
const ending = (exit: unknown, ...failed: readonly object[]): string =>
  JSON.stringify(sealPlans([plan], { exit, failed } as Ending));
const withPlan = (parts: object): string => sealed([{ ...plan, ...parts }]);
const about: About = {
  source: { id: '501', name: 'Snowflake Prod', object: 'dataset Customers', address: 'CensusDataset/customers' },
  destination: { id: null, name: null, object: 'Contact', address: null },
  operation: 'upsert',
  schedule: 'daily at 04:15',
};
const withChange = (action: Change['action'], parts: object): string =>
  withPlan({ changes: plan.changes.map((one) => (one.action === action ? { ...one, ...parts } : one)) });
const [first] = plan.changes;

const refusals: Record<string, readonly [string, RegExp]> = {
  'no object': ['[]', /must be an object/],
  'plans that are no list': [sealed({}), /\/plans must be a list/],
  'a plan that is null': [sealed([null]), /\/plans\/0 must be an object/],
  'a missing list': [withPlan({ changes: undefined }), /\/changes/],
  'a change that is text': [withPlan({ changes: ['x'] }), /\/changes\/0 must be an object/],
  'an action nobody knows': [withChange('update', { action: 'destroy' }), /\/action must be one of/],
  'an address that is a path': [withChange('update', { address: '../x' }), /\/address must be an address/],
  'an id that is a path': [withChange('delete', { id: '../../x' }), /\/id must be an id/],
  'one address twice': [withPlan({ changes: [first, first] }), /\/changes\/1\/address repeats CensusSync/],
  'one target twice': [sealed([plan, plan]), /\/plans\/1\/target repeats production/],
  'a create with an id': [withChange('create', { id: '7' }), /\/id must be null for a create/],
  'a create without a body': [withChange('create', { desired: null }), /\/desired must not be null for a create/],
  'a create without a label': [withChange('create', { label: null }), /\/label must not be null for a create/],
  'a delete without an id': [withChange('delete', { id: null }), /\/id must not be null for a delete/],
  'an update without a fingerprint': [withChange('update', { fingerprint: null }), /\/fingerprint must not be null/],
  'a body with __proto__': [
    withChange('create', { desired: JSON.parse('{"__proto__": {"paused": true}}') }),
    /__proto__/,
  ],
  'a selection that is none': [withPlan({ selection: 'CensusSync/*' }), /\/selection must be an object/],
  'a number of deletes that is text': [withPlan({ forced: { deletes: '9', creates: null } }), /\/forced\/deletes/],
  'a thing that is described by a text': [withChange('create', { about: 'a sync' }), /\/about must be an object/],
  'a thing that nobody describes': [withChange('create', { about: undefined }), /\/about is missing/],
  'an end at a path': [
    withChange('create', { about: { ...about, source: { ...about.source, address: '../x' } } }),
    /\/about\/source\/address must be an address/,
  ],
  'a name that is null': [
    withChange('update', { fields: plan.changes.flatMap(({ fields }) => fields).map(named(null)) }),
    /\/fields\/0\/names\/to must be text/,
  ],
  'a key nobody knows': [withPlan({ force: true }), /has a key "force"/],
  'an exit code nobody knows': [ending(6), /\/exit must be an exit code/],
  'a failure without a message': [ending(1, { ...lost, message: undefined }), /\/failed\/0/],
  'a failure that says it succeeded': [ending(1, { ...lost, exit: 'ok' }), /\/failed\/0\/exit must be an exit code/],
  'one failure twice': [ending(1, lost, lost), /\/failed\/1\/target repeats staging/],
};

describe('a plan file', () => {
  it.each(Object.entries(refusals))('with the right seal and %s is refused whole (exit 3)', (_name, [text, words]) => {
    expect(() => readPlanFile(text, 'plan.json')).toThrowError(
      expect.objectContaining({ code: 'plan-malformed', exit: Exit.invalid, message: expect.stringMatching(words) }),
    );
  });

  it('may say what things are, and what is behind ids', () => {
    const described = plan.changes.map((one) => ({ ...one, about, fields: one.fields.map(named('HubSpot')) }));
    const text = withPlan({ changes: described });
    expect(readPlanFile(text, 'plan.json').plans[0]?.changes).toEqual(described);
  });

  it('so deep that no walk would end is refused', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const text = JSON.stringify(sealPlans([plan])).replace('"paused":true', `"paused":${deep}`);
    expect(() => readPlanFile(text, 'plan.json')).toThrowError(expect.objectContaining({ exit: Exit.invalid }));
  });

  it('is read as it was written, whatever world it was made from', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const file = sealPlans([makePlan(input(world))]);
        expect(readPlanFile(JSON.stringify(file), 'plan.json')).toEqual(JSON.parse(JSON.stringify(file)));
      }),
      { numRuns: 300 },
    );
  });

  it('says which targets have failed; that is under the seal too', () => {
    const text = ending(1, { ...lost, hint: 'is for people' });
    expect(readPlanFile(text, 'plan.json')).toMatchObject({ exit: 1, failed: [lost] });
    expect(text).not.toContain('is for people');
    for (const edited of [text.replace('"failed":[{', '"failed":[],"x":[{'), text.replace('"exit":1', '"exit":0')])
      expect(() => readPlanFile(edited, 'plan.json')).toThrowError(expect.objectContaining({ exit: Exit.invalid }));
  });

  it('in which any value was replaced by any other is a plan or exit 3, and never anything else', () => {
    const places = pathsOf(JSON.parse(JSON.stringify(plan)));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const text = sealed([replaced(JSON.parse(JSON.stringify(plan)), place, value as Json)]);
        try {
          readPlanFile(text, 'plan.json');
        } catch (error) {
          expect(error).toBeInstanceOf(SynclineError);
          expect(error).toMatchObject({ exit: Exit.invalid });
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** The field with a name of what it becomes. */
function named(to: string | null): (field: FieldChange) => object {
  return (field) => ({ ...field, names: { to } });
}

/** Every place in a JSON value, as the keys that lead there. */
function pathsOf(value: Json): string[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  return [[], ...Object.entries(value).flatMap(([key, child]) => pathsOf(child ?? null).map((rest) => [key, ...rest]))];
}

function replaced(value: Json, [key, ...rest]: readonly string[], by: Json): Json {
  if (key === undefined) return by;
  const copy = structuredClone(value) as unknown as Record<string, Json>;
  copy[key] = replaced((value as JsonObject)[key] ?? null, rest, by);
  return copy;
}
