import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin } from '../../src/core/memory/begin.ts';
import { boundKeys, fold, inDoubt, resume } from '../../src/core/memory/ledger.ts';
import { recover, suspects } from '../../src/core/memory/recover.ts';
import type { PlanInput } from '../../src/core/plan/decision.ts';
import { makePlan } from '../../src/core/plan/plan.ts';
import { kindOf } from '../../src/model/address.ts';
import type { Json } from '../../src/model/json.ts';
import type { JournalLine, Ledger, Step } from '../../src/model/ledger.ts';
import { keyAt, type Live, type RemoteId } from '../../src/model/live.ts';
import type { Change } from '../../src/model/plan.ts';
import { project } from '../support/project.ts';
import {
  anyWorld,
  byKey,
  entry,
  key,
  keys,
  ledger,
  live,
  liveDataset,
  manifest,
  pendingEntry,
  spec,
  traitsOf,
  input as worldInput,
} from '../support/world.ts';

const at = '2026-11-21T10:00:00.000Z';
const later = '2026-11-21T11:00:00.000Z';

/** One moment of a run: a line that reached the disk, or something that happened on the server. */
type Moment = { readonly line: JournalLine } | { readonly happens: Change; readonly step: Step; readonly id: RemoteId };

/** A service that can be believed. */
const capabilities = { deletions: 'visible', ghosts: false } as const;
const capabilitiesOf = () => capabilities;

/** The journal of a run that died: read where it lies, or lost with its machine but for what was folded in before. */
const journalsAfter = fc.oneof(
  fc.constant({ journal: 'here' as const }),
  fc.record({ journal: fc.constant('lost' as const), renewed: fc.nat(40) }),
);

const header = { run: 'r1', at, actor: 'me', commit: null };

/** Everything that happens in an undisturbed run, in order. */
function moments(changes: readonly Change[], resuming: (change: Change) => boolean): Moment[] {
  let next = 900;
  return changes.flatMap((change): Moment[] => {
    const line = (event: 'sending' | 'done', step: Step, id: RemoteId | null): Moment => ({
      line: { at, event, step, address: change.address, id },
    });
    if (change.action === 'delete') {
      const id = change.id ?? '';
      return [line('sending', 'delete', id), { happens: change, step: 'delete', id }, line('done', 'delete', id)];
    }
    const makes = change.action === 'create' || (change.action === 'replace' && !resuming(change));
    const made = String(next++);
    const create: Moment[] = makes
      ? [line('sending', 'create', null), { happens: change, step: 'create', id: made }, line('done', 'create', made)]
      : [];
    if (change.action === 'create') return create;
    if (change.action === 'replace') {
      const id = change.id ?? '';
      return [
        ...create,
        line('sending', 'retire', id),
        { happens: change, step: 'retire', id },
        line('done', 'retire', id),
      ];
    }
    const id = change.id ?? '';
    if (change.fields.length === 0) return [line('done', 'bind', id)];
    return [line('sending', 'update', id), { happens: change, step: 'update', id }, line('done', 'update', id)];
  });
}

/** The server after some of these moments. Only what is new or gone matters here; updates are repeated harmlessly. */
function serverAfter(before: readonly Live[], past: readonly Moment[]): Live[] {
  const things = byKey(before);
  for (const moment of past) {
    if (!('happens' in moment)) continue;
    const { address, desired } = moment.happens;
    const key = keyAt(address, moment.id);
    const made = kindOf(address) === 'CensusSync' ? live : liveDataset;
    if (moment.step === 'create') things.set(key, made(moment.id, desired ?? {}));
    if (moment.step === 'delete' || moment.step === 'retire') things.delete(key);
  }
  return [...things.values()];
}

describe('the law of the ledger', () => {
  it('whatever the moment of death, a rerun makes each sync once and loses none (promise 6)', () => {
    fc.assert(
      fc.property(anyWorld, fc.nat(40), journalsAfter, (world, cut, left) => {
        const input = worldInput(world);
        if (input.ledger === null) return;
        const plan = makePlan(input);
        const index = byKey(input.live);
        const bearers = (kind: string, label: string) =>
          input.live.filter((one) => one.kind === kind && one.label === label).map((one) => one.id);
        const begun = begin(traitsOf, input.ledger, plan, header, index, bearers);
        // Links wait for ids that only a real run knows; here a change that has them is left for the rerun.
        const plain = plan.changes.filter((change) => change.depends_on.length === 0);
        const past = moments(plain, (change) => input.ledger?.syncs[change.address]?.state === 'retiring').slice(
          0,
          cut,
        );
        const lines = past.flatMap((moment) => ('line' in moment ? [moment.line] : []));
        const found =
          left.journal === 'here'
            ? resume(begun, lines)
            : resume(fold(begun, lines.slice(0, left.renewed)), [], { sentBy: at });
        const server = serverAfter(input.live, past);
        const listed = byKey(server);
        const gone = new Set(boundKeys(found).filter((one) => !listed.has(one)));
        const { ledger: settled } = recover(found, {
          traitsOf,
          capabilitiesOf,
          live: server,
          gone,
          now: later,
          settleSeconds: 480,
        });

        expect(Object.values(settled.syncs).every((one) => one.pending === null && one.state !== 'deleting')).toBe(
          true,
        );
        const made = past.flatMap((moment) =>
          'happens' in moment && moment.step === 'create' ? [keyAt(moment.happens.address, moment.id)] : [],
        );
        expect(boundKeys(settled)).toEqual(expect.arrayContaining(made));
        const again = { ...input, live: server, ledger: settled, gone };
        const second = makePlan(again);
        let next = 5000;
        const end = project(traitsOf, again, second, () => String(next++));
        const last = makePlan({ ...again, ...end, gone: new Set() });
        expect(last.changes).toEqual([]);
        for (const change of plan.changes) {
          if (change.action !== 'create' || change.label === null) continue;
          const kind = kindOf(change.address);
          const bears = (list: readonly Live[]) =>
            list.filter((one) => one.kind === kind && one.label === change.label).length;
          expect(bears(end.live)).toBeLessThanOrEqual(Math.max(1, bears(input.live)));
        }
        const ours = new Set(boundKeys(input.ledger ?? ledger()));
        const foreign = [...byKey(input.live).keys()].filter((one) => !ours.has(one));
        for (const one of foreign) expect([...byKey(end.live).keys()]).toContain(one);
      }),
      { numRuns: 1500 },
    );
  });
});

/** Worlds in which creates of some addresses were sent before and never answered, one or several of each. */
const anyUnanswered = fc
  .record({
    world: anyWorld,
    unanswered: fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'd', 'old'),
      fc.array(fc.constantFrom('Users', 'Orders'), { minLength: 1, maxLength: 2 }),
      { minKeys: 1 },
    ),
  })
  .map(({ world, unanswered }) => {
    const input = worldInput({ ...world, ledger: world.ledger ?? ledger() });
    const syncs = { ...input.ledger?.syncs };
    const suspects = new Map<string, readonly Live[]>();
    for (const [name, labels] of Object.entries(unanswered)) {
      const address = `CensusSync/${name}`;
      const [latest, ...earlier] = labels.map((label) => ({ label, spec: spec({ label }), before: [], sent_at: at }));
      if (latest === undefined) continue;
      const pending = earlier.length === 0 ? latest : { ...latest, earlier };
      const bound = syncs[address];
      syncs[address] = bound === undefined ? pendingEntry(pending) : { ...bound, pending };
      suspects.set(
        address,
        labels.map((label, index) => live(`7${name.charCodeAt(0)}${index}`, spec({ label }))),
      );
    }
    const known: Ledger = { ...(input.ledger ?? ledger()), syncs };
    return { ...input, ledger: known, suspects, live: [...input.live, ...[...suspects.values()].flat()] };
  });

const begunWith = (input: PlanInput & { readonly ledger: Ledger }) => {
  const plan = makePlan(input);
  const index = byKey(input.live);
  return { plan, begun: begin(traitsOf, input.ledger, plan, { ...header, at: later }, index, () => []) };
};

describe('the intent of a run', () => {
  const fates = fc.array(fc.constantFrom('never began', 'killed', 'unsent', 'refused'), { minLength: 8, maxLength: 8 });

  it('takes nothing away from an address whose request never left, however the change ended (promise 6)', () => {
    fc.assert(
      fc.property(anyUnanswered, fates, (input, ends) => {
        const { plan, begun } = begunWith(input);
        const makes = plan.changes.filter((one) => one.action === 'create' || one.action === 'replace');
        const lines = makes.flatMap(({ address }, index): JournalLine[] => {
          const end = ends[index % ends.length];
          if (end !== 'unsent' && end !== 'refused') return [];
          const line = { at: later, step: 'create', address, id: null } as const;
          return [
            { ...line, event: 'sending' },
            { ...line, event: 'failed', fate: end },
          ];
        });
        expect(resume(begun, lines).syncs).toEqual(input.ledger.syncs);
      }),
    );
  });

  it('keeps what earlier creates may have left while a later one is not answered, and once it is (promise 6)', () => {
    fc.assert(
      fc.property(anyUnanswered, fc.boolean(), (input, answered) => {
        const { plan, begun } = begunWith(input);
        const makes = plan.changes.filter((one) => one.action === 'create' || one.action === 'replace');
        const lines = makes.flatMap(({ address }, index): JournalLine[] => {
          const line = { at: later, step: 'create', address } as const;
          const sending = { ...line, event: 'sending', id: null } as const;
          return answered ? [sending, { ...line, event: 'done', id: `88${index}` }] : [sending];
        });
        const after = resume(begun, lines);
        const found = suspects(after, {
          traitsOf,
          capabilitiesOf: () => ({ ...capabilities, ghosts: true }),
          live: input.live,
          now: '2026-11-22T11:00:00.000Z',
          settleSeconds: 480,
        });
        const ids = (rows: readonly Live[] | undefined) => (rows ?? []).map((one) => one.id).sort();
        for (const { address } of makes)
          expect(ids(found.get(address))).toEqual(expect.arrayContaining(ids(input.suspects.get(address))));
      }),
    );
  });

  it('means the same where some lines of its journal are folded in already', () => {
    fc.assert(
      fc.property(anyUnanswered, fc.nat(40), fc.nat(40), (input, cut, folded) => {
        const { plan, begun } = begunWith(input);
        const past = moments(plan.changes, (change) => input.ledger.syncs[change.address]?.state === 'retiring');
        const lines = past.slice(0, cut).flatMap((moment) => ('line' in moment ? [moment.line] : []));
        expect(fold(fold(begun, lines.slice(0, folded)), lines)).toEqual(fold(begun, lines));
      }),
    );
  });
});

describe('recovery goes by what was recorded', () => {
  const users = spec();
  const pending = { label: 'Users', spec: users, before: ['7'], sent_at: at };
  const lost: Ledger = ledger({ users: pendingEntry(pending) });
  const settle = (syncs: readonly Live[], now: string) =>
    recover(lost, { traitsOf, capabilitiesOf, live: syncs, gone: new Set(), now, settleSeconds: 480 }).ledger.syncs[
      'CensusSync/users'
    ];

  it('binds the one unbound sync with its label and body that was not there before', () => {
    expect(settle([live('9', users)], at)).toMatchObject({ state: 'bound', id: '9', pending: null });
  });

  it('lets the record of the run that died say what it has done after all', () => {
    const change = {
      action: 'create' as const,
      address: 'CensusSync/users',
      id: null,
      status: 'failed' as const,
      label: 'Users',
      before: null,
      after: users,
      protect: false,
      on_delete: 'delete' as const,
      release: false as const,
      sends: true as const,
      retires: null,
    };
    const died = { ...lost, runs: [{ ...header, digest: null, status: 'failed' as const, changes: [change] }] };
    const evidence = { traitsOf, capabilitiesOf, live: [live('9', users)], gone: keys(), now: at, settleSeconds: 480 };
    expect(recover(died, evidence).ledger.runs).toMatchObject([
      { status: 'applied', changes: [{ id: '9', status: 'applied', after: null }] },
    ]);
  });

  it('does not take a sync that was there before, bears another body, or is bound', () => {
    expect(settle([live('7', users)], at)).toMatchObject({ id: null });
    expect(settle([live('9', spec({ operation: 'mirror' }))], at)).toMatchObject({ id: null });
  });

  it('keeps waiting inside settle_seconds, and the plan is blocked with the time', () => {
    expect(settle([], '2026-11-21T10:07:59.000Z')).toMatchObject({ state: 'pending' });
    const plan = makePlan(worldInput({ manifests: [manifest('users')], ledger: lost }));
    expect(plan.changes).toEqual([]);
    expect(plan.blocked).toMatchObject([{ reason: 'pending-create', hint: expect.stringContaining(at) }]);
  });

  it('is dropped after settle_seconds, and planned afresh only because a manifest declares it', () => {
    expect(settle([], '2026-11-21T10:08:00.000Z')).toBeUndefined();
  });

  it('forgets a create that never left this machine, even if somebody else made such a sync', () => {
    const unsent = ledger({ users: pendingEntry({ ...pending, sent_at: null }) });
    const { ledger: after } = recover(unsent, {
      traitsOf,
      capabilitiesOf,
      live: [live('9', users)],
      gone: new Set(),
      now: at,
      settleSeconds: 480,
    });
    expect(after.syncs).toEqual({});
  });

  it('fills the links that a lost create had waited for, where their syncs are known by now', () => {
    const trigger = (sync_id: Json) => ({
      mode: { type: 'triggered', triggers: { sync_sequence: { sync_id } } },
    });
    const waiting = { ...pending, label: 'Users', spec: spec(trigger({ $ref: 'CensusSync/zebra' })) };
    const parent = { ...pending, label: 'Zebra', spec: spec({ label: 'Zebra' }), before: [] };
    const both = ledger({ users: pendingEntry(waiting), zebra: pendingEntry(parent) });
    const syncs = [live('9', spec(trigger(8))), live('8', spec({ label: 'Zebra' }))];
    const evidence = { traitsOf, capabilitiesOf, live: syncs, gone: keys(), now: at, settleSeconds: 480 };
    const { ledger: after } = recover(both, evidence);
    expect(after.syncs).toMatchObject({
      'CensusSync/users': { id: '9', spec: trigger(8) },
      'CensusSync/zebra': { id: '8' },
    });
  });

  it('looks a lost delete up: gone gets its tombstone, alive is bound as before', () => {
    const deleting = ledger({ users: entry('9', users, { state: 'deleting' }) });
    const evidence = { traitsOf, capabilitiesOf, now: at, settleSeconds: 480 };
    const gone = recover(deleting, { ...evidence, live: [], gone: keys('9') }).ledger;
    expect(gone.syncs).toEqual({});
    expect(gone.dead[key('9')]).toMatchObject({ reason: 'deleted' });
    const alive = recover(deleting, { ...evidence, live: [live('9', users)], gone: new Set() }).ledger;
    expect(alive.syncs['CensusSync/users']).toMatchObject({ state: 'bound', id: '9' });
    expect(inDoubt(alive)).toBe(false);
  });

  it('keeps the dataset that had only seemed gone, for others use it, and lets the second one go', () => {
    const { spec: set } = liveDataset('7');
    const pending = { label: 'Users', spec: set, before: ['7'], sent_at: at };
    const asked = ledger({ 'CensusDataset/users': entry('7', set, { pending }) });
    const evidence = {
      traitsOf,
      capabilitiesOf,
      now: later,
      settleSeconds: 480,
      live: [liveDataset('7'), liveDataset('9')],
    };
    const { ledger: after, notes } = recover(asked, { ...evidence, gone: new Set() });
    expect(after.syncs['CensusDataset/users']).toMatchObject({
      state: 'retiring',
      id: '7',
      retires: '9',
      pending: null,
    });
    expect(notes).toMatchObject([{ code: 'recovered', message: expect.stringContaining('9 will be deleted') }]);
    const gone = new Set([keyAt('CensusDataset/users', '7')]);
    const alone = recover(asked, { ...evidence, live: [liveDataset('9')], gone }).ledger;
    expect(alone.syncs['CensusDataset/users']).toMatchObject({ state: 'bound', id: '9', retires: null });
  });

  it('binds the old sync again where the new one of a replace is gone before the old one went', () => {
    const retiring = ledger({ users: entry('9', users, { state: 'retiring', retires: '7' }) });
    const evidence = {
      traitsOf,
      capabilitiesOf,
      now: at,
      settleSeconds: 480,
      live: [live('7', users)],
      gone: keys('9'),
    };
    const { ledger: after, notes } = recover(retiring, evidence);
    expect(after.syncs['CensusSync/users']).toMatchObject({ state: 'bound', id: '7', retires: null, spec: null });
    expect(after.dead[key('9')]).toMatchObject({ reason: 'gone' });
    expect(notes).toMatchObject([{ code: 'recovered' }]);
    // Of a service that hides deletions nobody knows yet whether the old one still lives.
    const hidden = recover(retiring, {
      ...evidence,
      capabilitiesOf: () => ({ ...capabilities, deletions: 'invisible' }),
    }).ledger;
    expect(hidden.syncs['CensusSync/users']).toMatchObject({ state: 'deleting', id: '7' });
  });
});
