import { describe, expect, it } from 'vitest';
import { defaultV2, type Switches, type V2Options, v2Switches } from '../../../src/emulator/census-v2/switches.ts';
import { isObject, type Json } from '../../../src/emulator/json.ts';
import { account, activationOf, data, groupOf, items, syncBody, wide } from './support.ts';

type Account = ReturnType<typeof account>;

/** What is looked at for one switch, and what is seen at each of its values; `{}` is everything else at its default. */
interface Row<Key extends keyof Switches = keyof Switches> {
  readonly look: (account: Account) => Promise<unknown>;
  readonly sees: readonly (readonly [Switches[Key], unknown])[];
  /** What else is switched. */
  readonly beside?: Partial<V2Options>;
}

const crm = ({ v2 }: Account) => activationOf(v2, 'Lake', 'CRM');
const status = async (answer: Promise<{ readonly status: number }>) => (await answer).status;
const keys = (value: unknown) => (isObject(value) ? Object.keys(value) : value);
const one = async ({ v2 }: Account) => data(await v2('GET', '/syncs/31'));

async function made(on: Account, more = {}) {
  return on.v2('POST', '/syncs', syncBody(await crm(on), more));
}

const rows: { readonly [Key in keyof Switches]: Row<Key> } = {
  listNeedsGroup: {
    look: async ({ v2 }) => {
      const group = await groupOf(v2, 12);
      const lists = ['/syncs', '/datasets', `/syncs?group_id=${group}`, '/syncs?group_id=none', '/activations'];
      return Promise.all(
        lists.map(async (path) => {
          const answer = await v2('GET', path);
          return answer.body.message ?? items(answer).length;
        }),
      );
    },
    sees: [
      [false, [3, 1, 3, 3, 3]],
      [true, ['group_id is required', 'group_id is required', 1, 'Invalid group_id: none', 3]],
    ],
  },
  create: {
    look: async (on) => keys(data(await made(on))),
    sees: [
      ['sync_id', ['sync_id']],
      ['id', ['id']],
      ['full', expect.arrayContaining(['id', 'activation_id', 'mappings'])],
    ],
  },
  createStatus: {
    look: async (on) => {
      const answer = await made(on);
      return [answer.status, answer.body.status];
    },
    sees: [
      [201, [201, 'created']],
      [200, [200, 'created']],
    ],
  },
  syncEchoes: {
    look: async (on) => {
      const sync = await one(on);
      const from = isObject(sync.source_attributes) ? sync.source_attributes.connection_id : undefined;
      const into = isObject(sync.destination_attributes) ? sync.destination_attributes.connection_id : undefined;
      return [sync.activation_id === (await crm(on)), from, into];
    },
    sees: [
      ['activation', [true, undefined, undefined]],
      ['both', [true, 11, 21]],
      ['connections', [false, 11, 21]],
    ],
  },
  activationKeys: {
    look: async ({ v2 }) => keys(items(await v2('GET', '/activations'))[0]),
    sees: [
      ['plain', expect.arrayContaining(['source', 'destination'])],
      ['suffixed', expect.arrayContaining(['source_connection', 'destination_connection'])],
    ],
  },
  destinationIds: {
    beside: { syncEchoes: 'both' },
    look: async (on) => {
      const { destination } = data(await on.v2('GET', `/activations/${await crm(on)}`));
      const { destination_attributes: into } = await one(on);
      return [isObject(destination) && destination.id, isObject(into) && into.connection_id];
    },
    sees: [
      ['same', [21, 21]],
      ['other', [3_000_021, 3_000_021]],
    ],
  },
  connectionIdInRequest: {
    look: async (on) => {
      const { destination_attributes: into } = syncBody('');
      const answer = await made(on, { destination_attributes: { ...(isObject(into) ? into : {}), connection_id: 99 } });
      return answer.body.message ?? answer.status;
    },
    sees: [
      ['reject', 'Unknown parameter: destination_attributes.connection_id'],
      ['ignore', 201],
    ],
  },
  without: {
    look: ({ v2 }) =>
      Promise.all(
        ['/sources', '/sources/11', '/sources/11/models', '/datasets', '/datasets/51', '/syncs/31/sync_runs'].map(
          (path) => status(v2('GET', path)),
        ),
      ),
    sees: [
      [[], [200, 200, 200, 200, 200, 200]],
      [v2Switches.without[1] ?? [], [404, 200, 404, 404, 200, 404]],
    ],
  },
  sourceIdShift: {
    beside: { syncEchoes: 'both' },
    look: async ({ v2 }) => {
      const [source] = items(await v2('GET', '/sources?order=asc'));
      const [activation] = items(await v2('GET', '/activations?order=asc'));
      const { source_attributes: from } = data(await v2('GET', '/syncs/31'));
      const { source_id } = data(await v2('GET', '/datasets/51'));
      const seen = [source, activation?.source, { id: isObject(from) && from.connection_id }, { id: source_id }];
      const found = await status(v2('GET', `/sources/${String(source?.id)}/tables`));
      return [...seen.map((thing) => isObject(thing) && thing.id), found, await status(v2('GET', '/sources/11'))];
    },
    sees: [
      [0, [11, 11, 11, 11, 200, 200]],
      [70_000, [70_011, 70_011, 70_011, 70_011, 200, 404]],
    ],
  },
  syncIdShift: {
    look: async (on) => {
      const { v1, v2 } = on;
      const parent = Number(items(await v2('GET', '/syncs?order=asc'))[0]?.id);
      const mode = (id: Json) => ({ mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: id } } } });
      const id = Number(data(await made(on, mode(parent))).sync_id);
      const newer = data(await v2('GET', `/syncs/${id}`));
      const older = data(await v1('GET', `/syncs/${id - (parent - 31)}`));
      const run = Number(data(await v2('POST', `/syncs/${id}/trigger`)).sync_run_id);
      const { sync_id } = data(await v2('GET', `/sync_runs/${run}`));
      const unknown = await status(v2('PATCH', `/syncs/${id}`, mode(parent === 31 ? 1 : 31)));
      return [parent, newer.mode, older.mode, newer.id === id, sync_id === id, unknown];
    },
    sees: [
      [0, [31, after(31), after(31), true, true, 400]],
      [500_000, [500_031, after(500_031), after(31), true, true, 400]],
    ],
  },
  unknownActivation: {
    look: async ({ v2 }) => (await v2('POST', '/syncs', syncBody('nowhere_donkey'))).body,
    sees: [
      [404, { status: 404 }],
      [400, { status: 400, message: "Activation 'nowhere_donkey' could not be found" }],
    ],
  },
  deleteWithSyncs: {
    look: async (on) => {
      const path = `/activations/${await crm(on)}`;
      const { body } = await on.v2('DELETE', path);
      const left = [
        status(on.v2('GET', path)),
        status(on.v2('GET', '/syncs/31')),
        status(on.v1('GET', '/destinations/21')),
      ];
      return [body.message, ...(await Promise.all(left))];
    },
    sees: [
      ['refuse', ['This activation is used by syncs', 200, 200, 200]],
      ['cascade', [expect.stringContaining('successfully deleted'), 404, 404, 200]],
    ],
  },
  hidden: {
    beside: { hiddenGroups: ['group of 11'] },
    look: async ({ v2 }) => {
      const lists = ['/syncs', '/sources', '/activations', '/datasets'];
      const counts = await Promise.all(lists.map(async (path) => items(await v2('GET', path)).length));
      const single = ['/syncs/31', '/sources/11', '/datasets/51', '/syncs/32'];
      return [...counts, ...(await Promise.all(single.map((path) => status(v2('GET', path)))))];
    },
    sees: [
      ['absent', [2, 2, 2, 0, 404, 404, 404, 200]],
      [403, [2, 2, 2, 0, 403, 403, 403, 200]],
    ],
  },
  patchAnswer: {
    look: async ({ v2 }) => {
      const { body } = await v2('PATCH', '/syncs/31', { label: 'Renamed' });
      return [body.status, isObject(body.data) && body.data.label, data(await v2('GET', '/syncs/31')).label];
    },
    sees: [
      ['full', ['updated', 'Renamed', 'Renamed']],
      ['empty-data', ['updated', undefined, 'Renamed']],
    ],
  },
  badStatus: {
    look: async (on) => [
      await status(made(on, { operation: 'explode' })),
      await status(on.v2('PATCH', '/syncs/31', { operation: 'explode' })),
      await status(on.v2('POST', '/datasets', { group_id: 'none' })),
    ],
    sees: [
      [400, [400, 400, 400]],
      [422, [422, 422, 400]],
    ],
  },
  statusType: {
    look: async ({ v2 }) => [
      (await v2('GET', '/syncs/1')).body.status,
      (await v2('GET', '/syncs', undefined, 'wrong')).body.status,
      (await v2('POST', '/datasets', {})).body.status,
    ],
    sees: [
      ['int', [404, 401, 400]],
      ['string', ['404', '401', '400']],
    ],
  },
  softErrors: {
    look: async ({ v2 }) => {
      const asked = [v2('GET', '/syncs/1'), v2('POST', '/syncs', {}), v2('GET', '/syncs', undefined, 'wrong')];
      const answers = await Promise.all([...asked, v2('GET', '/destinations')]);
      return answers.map((answer) => [answer.status, answer.body.status]);
    },
    sees: [
      [
        false,
        [
          [404, 404],
          [400, 400],
          [401, 401],
          [404, 404],
        ],
      ],
      [
        true,
        [
          [200, 'not_found'],
          [200, 'error'],
          [401, 401],
          [404, 404],
        ],
      ],
    ],
  },
  unknownKey: {
    look: async (on) => (await made(on, { favourite_colour: 'red' })).body.message,
    sees: [
      ['ignore', undefined],
      ['reject', 'Unknown parameter: favourite_colour'],
    ],
  },
  moveActivation: {
    look: async ({ v1, v2 }) => {
      const activation_id = await activationOf(v2, 'Pond', 'CRM');
      const { source_attributes } = syncBody(activation_id);
      const { status: answered } = await v2('PATCH', '/syncs/31', { activation_id, source_attributes });
      const { source_attributes: from } = data(await v1('GET', '/syncs/31'));
      return [answered, isObject(from) && from.connection_id];
    },
    sees: [
      ['accept', [200, 12]],
      [400, [400, 11]],
    ],
  },
  flatCopies: {
    look: async (on) => keys(await one(on)),
    sees: [
      [true, expect.arrayContaining(['schedule_frequency', 'cron_expression'])],
      [false, expect.not.arrayContaining(['schedule_frequency', 'cron_expression'])],
    ],
  },
  extraKeys: {
    look: async ({ v1, v2 }) => {
      const older = data(await v1('GET', '/syncs/31'));
      const more = Object.entries(data(await v2('GET', '/syncs/31'))).filter(([key]) => older[key] === undefined);
      return Object.fromEntries(more.filter(([key]) => key !== 'activation_id'));
    },
    sees: [
      [{}, {}],
      [
        { tier: null, owner: { team: 1 } },
        { tier: null, owner: { team: 1 } },
      ],
    ],
  },
  activationName: {
    look: async ({ v2 }) => items(await v2('GET', '/activations?order=asc')).map(({ name }) => name),
    sees: [
      ['destination', ['CRM', 'CRM', 'Mail']],
      ['other', ['CRM from Lake', 'CRM from Pond', 'Mail from Sea']],
    ],
  },
  activationsFor: {
    look: async ({ v2 }) => items(await v2('GET', '/activations')).length,
    sees: [
      ['used-pairs', 3],
      ['all-pairs', 5],
    ],
  },
  emptied: {
    look: async (on) => {
      const id = await crm(on);
      await on.v1('DELETE', '/syncs/31');
      on.service.remove(33);
      const left = items(await on.v2('GET', '/activations')).length;
      return [left, await status(on.v2('GET', `/activations/${id}`))];
    },
    sees: [
      ['kept', [3, 200]],
      ['gone', [1, 404]],
    ],
  },
  v1Retired: {
    look: async ({ v1, v2 }) => [await status(v1('GET', '/syncs')), await status(v2('GET', '/syncs'))],
    sees: [
      [null, [200, 200]],
      [401, [401, 200]],
      [404, [404, 200]],
      [410, [410, 200]],
    ],
  },
  groupsOf: {
    look: async ({ v2 }) => new Set(items(await v2('GET', '/sources')).map(({ group_id }) => group_id)).size,
    sees: [
      ['source', 3],
      ['workspace', 2],
    ],
  },
};

function after(sync_id: number) {
  return expect.objectContaining({ triggers: expect.objectContaining({ sync_sequence: { sync_id } }) });
}

/** The account of the rows, with a group to hide written as what it is of. */
async function opened(v2: Partial<V2Options>): Promise<Account> {
  const hides = (v2.hiddenGroups ?? []).length > 0;
  const group = hides ? await groupOf(account({}, { seed: wide }).v2, 11) : '';
  return account({ ...v2, ...(hides ? { hiddenGroups: [group] } : {}) }, { seed: wide, workspaceToken: 'key' });
}

describe('every switch shows at both of its values', () => {
  const cases = Object.entries(rows).flatMap(([key, row]) =>
    row.sees.map(([value, seen]) => ({ key, value, seen, row: row as Row })),
  );
  it.each(cases)('$key: $value', async ({ key, value, seen, row }) => {
    expect(await row.look(await opened({ ...row.beside, [key]: value }))).toEqual(seen);
  });

  it.each(Object.entries(rows))('%s: the first value is the default', async (key, { look, sees, beside }) => {
    const [usual] = sees;
    expect(defaultV2).toMatchObject({ [key]: usual?.[0] });
    expect(await look(await opened(beside ?? {}))).toEqual(usual?.[1]);
  });

  it('all at once, and the account still answers', async () => {
    const all = Object.fromEntries(Object.entries(v2Switches).map(([key, [, second]]) => [key, second]));
    const { v2 } = account(all, { seed: wide });
    const activations = items(await v2('GET', '/activations'));
    expect(activations).toHaveLength(5);
    const group = String(activations[0]?.group_id);
    const id = String(activations[0]?.id);
    const made = await v2('POST', '/syncs', syncBody(id));
    expect(made).toMatchObject({ status: 200, body: { status: 'created', data: { id: expect.any(Number) } } });
    const syncs = items(await v2('GET', `/syncs?group_id=${group}`));
    expect(syncs.map((sync) => sync.id)).toContain(data(made).id);
  });
});
