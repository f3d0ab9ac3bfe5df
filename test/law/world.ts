import fc from 'fast-check';
import type { Habits } from './memory-ledger.ts';
import { type Mood, pageManners } from './mood.ts';
import type { Declaration, Noun } from './service.ts';
import { type Fault, faultKinds } from './wire.ts';

export interface Flags {
  readonly prune: boolean;
  /** A glob of addresses, or a name that stands for an address of the first kind. */
  readonly only: string | undefined;
  /** Adds `--force-deletes` or `--force-creates` with the number that the plan names. */
  readonly force: boolean;
}

/** What can go wrong in one run. */
export interface Trouble {
  readonly faults: readonly Fault[];
  readonly mood: Mood;
  readonly killAt: number | undefined;
  readonly stopAt: number | undefined;
  /** After a death: is the journal lost, and is it known that the holder of the lock is dead? */
  readonly journalLost: boolean;
  readonly elsewhere: boolean;
  readonly habits: Habits;
}

export type Step =
  | { readonly do: 'declare'; readonly declaration: Declaration }
  | { readonly do: 'withdraw' | 'rename'; readonly noun: Noun; readonly name: string; readonly to: string }
  /** Every manifest is withdrawn. */
  | { readonly do: 'clear' }
  | { readonly do: 'apply' | 'dry-run'; readonly flags: Flags; readonly trouble: Trouble }
  | { readonly do: 'save'; readonly flags: Flags }
  | { readonly do: 'apply-saved' | 'undo'; readonly nth: number; readonly trouble: Trouble }
  | { readonly do: 'wait'; readonly seconds: number }
  | {
      readonly do: 'meddle';
      readonly what: 'delete' | 'pause' | 'retag' | 'relabel' | 'make';
      /** Of what is made. */
      readonly noun: Noun;
      /** Which thing is meant; for a new sync, which dataset it reads. */
      readonly nth: number;
      readonly label: string;
    };

export interface LawWorld {
  readonly ledger: 'memory' | 'none';
  readonly maxDeletes: number;
  readonly concurrency: number;
  readonly seed: number;
  /** Everything that is declared at first is made without trouble. */
  readonly settled: boolean;
  readonly declarations: readonly Declaration[];
  readonly steps: readonly Step[];
}

const names = ['a', 'b', 'c'] as const;
const labels = ['Users', 'Orders', 'Events', 'Leads'] as const;
const anyName = fc.constantFrom(...names);
const anyLabel = fc.constantFrom(...labels);

/** Mostly as it should be, which is also what a failure shrinks to. */
function rarely<Value>(usual: Value, others: fc.Arbitrary<Value>, weight = 1): fc.Arbitrary<Value> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight, arbitrary: others },
  );
}

const lifecycle = fc.record(
  {
    adopt: fc.constant(true),
    protect: fc.constant(true),
    replace: fc.constant('allow' as const),
    on_delete: fc.constantFrom('pause' as const, 'abandon' as const),
  },
  { requiredKeys: [] },
);

const anyDeclaredLabel = fc.oneof(
  { withCrossShrink: true },
  { weight: 9, arbitrary: anyLabel },
  { weight: 1, arbitrary: anyLabel.map((one) => `${one} `) },
);

const anyAfter = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: anyName },
);

function mostlyPlain(others: fc.Arbitrary<Declaration['lifecycle']>): fc.Arbitrary<Declaration['lifecycle']> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: others },
  );
}

function syncs(of: fc.Arbitrary<string | undefined>): fc.Arbitrary<Declaration> {
  return fc.record({
    noun: fc.constant('sync'),
    name: anyName,
    label: anyDeclaredLabel,
    paused: fc.constantFrom(undefined, true, false),
    tag: fc.constantFrom('x', 'y', 'z'),
    after: anyAfter,
    of,
    lifecycle: mostlyPlain(lifecycle),
  });
}

/** Neither paused nor replaced. */
const datasets: fc.Arbitrary<Declaration> = fc.record({
  noun: fc.constant('dataset'),
  name: fc.constantFrom('a', 'a', 'b', 'c'),
  label: anyDeclaredLabel,
  paused: fc.constantFrom(undefined, true, false),
  tag: fc.constantFrom('x', 'y', 'z'),
  after: fc.constant(undefined),
  of: fc.constant(undefined),
  lifecycle: mostlyPlain(
    fc.record(
      { adopt: fc.constant(true), protect: fc.constant(true), on_delete: fc.constant('abandon' as const) },
      { requiredKeys: [] },
    ),
  ),
});

/** What a world can declare, and how its parts are named. */
interface Scope {
  readonly declaration: fc.Arbitrary<Declaration>;
  /** Declarations at first, and steps. */
  readonly most: { readonly declarations: number; readonly steps: number };
  readonly settled: fc.Arbitrary<boolean>;
  readonly noun: fc.Arbitrary<Noun>;
  readonly only: fc.Arbitrary<string>;
  readonly on: readonly Fault['on'][];
  /** How often manifests go. */
  readonly leaving: { readonly one: number; readonly all: number };
  readonly prune: fc.Arbitrary<boolean>;
  readonly meddling: number;
  /** How often an older plan or run is taken up. */
  readonly again: number;
}

const someOn: readonly Fault['on'][] = ['create', 'update', 'delete', 'create', 'update', 'delete'];

const oneKind: Scope = {
  declaration: syncs(fc.constant(undefined)),
  most: { declarations: 3, steps: 8 },
  settled: fc.boolean(),
  noun: fc.constant('sync'),
  only: anyName,
  on: [...someOn, 'read', 'list', 'check', 'any'],
  leaving: { one: 3, all: 0 },
  prune: fc.boolean(),
  meddling: 2,
  again: 2,
};

const twoKinds: Scope = {
  declaration: fc.oneof(
    { withCrossShrink: true },
    {
      weight: 3,
      arbitrary: syncs(
        fc.oneof(
          { withCrossShrink: true },
          { weight: 1, arbitrary: fc.constant(undefined) },
          { weight: 4, arbitrary: fc.constantFrom('a', 'a', 'b', 'c') },
        ),
      ),
    },
    { weight: 2, arbitrary: datasets },
  ),
  most: { declarations: 5, steps: 12 },
  settled: fc.constantFrom(false, true, true),
  noun: fc.constantFrom('sync', 'dataset'),
  only: fc.oneof(
    anyName.map((one) => `*/${one}`),
    anyName.map((one) => `CensusSync/${one}`),
    anyName.map((one) => `CensusDataset/${one}`),
    fc.constantFrom('CensusSync/*', 'CensusDataset/*'),
  ),
  on: [...someOn, 'read', 'list', 'check', 'any', 'prepare', 'other'],
  leaving: { one: 6, all: 3 },
  prune: fc.constantFrom(false, true, true),
  meddling: 3,
  again: 4,
};

function flagsIn({ prune, only }: Scope): fc.Arbitrary<Flags> {
  return fc.record({ prune, only: rarely<string | undefined>(undefined, only), force: fc.boolean() });
}

function faultsIn({ on }: Scope): fc.Arbitrary<Fault> {
  return fc.record({
    on: fc.constantFrom(...on),
    nth: fc.constantFrom(1, 1, 1, 2, 2, 3, 4),
    kind: fc.constantFrom(...faultKinds),
    span: fc.integer({ min: 1, max: 9 }),
  });
}

const mood: fc.Arbitrary<Mood> = fc.record({
  pages: rarely<Mood['pages']>('whole', fc.constantFrom(...pageManners), 2),
  shuffles: fc.boolean(),
  gone: rarely(false, fc.constant(true)),
  ignoresValidateOnly: rarely(false, fc.constant(true)),
  trims: rarely(false, fc.constant(true)),
  headless: rarely(false, fc.constant(true)),
  revokedAt: rarely<number | undefined>(undefined, fc.integer({ min: 1, max: 12 })),
});

const moment = fc.integer({ min: 1, max: 45 });

function troubleIn(scope: Scope): fc.Arbitrary<Trouble> {
  return fc.record({
    faults: fc.array(faultsIn(scope), { maxLength: 3, size: 'max' }),
    mood,
    killAt: rarely<number | undefined>(undefined, moment, 4),
    stopAt: rarely<number | undefined>(undefined, moment, 2),
    journalLost: fc.boolean(),
    elsewhere: rarely(false, fc.constant(true), 2),
    habits: fc.record({
      foldAt: rarely<number | undefined>(undefined, fc.integer({ min: 1, max: 6 }), 4),
      loseAt: rarely<number | undefined>(undefined, fc.integer({ min: 1, max: 6 })),
      fullAt: rarely<number | undefined>(undefined, fc.integer({ min: 1, max: 6 })),
      torn: fc.constantFrom('none', 'half', 'whole'),
    }),
  });
}

function stepsIn(scope: Scope): fc.Arbitrary<Step> {
  const flags = flagsIn(scope);
  const trouble = troubleIn(scope);
  const { declaration, noun, leaving } = scope;
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ do: fc.constant('apply' as const), flags, trouble }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('declare' as const), declaration }) },
    {
      weight: leaving.one,
      arbitrary: fc.record({
        do: fc.constantFrom('withdraw' as const, 'rename' as const),
        noun,
        name: anyName,
        to: anyName,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('dry-run' as const), flags, trouble }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('save' as const), flags }) },
    {
      weight: scope.again,
      arbitrary: fc.record({ do: fc.constantFrom('apply-saved' as const, 'undo' as const), nth: fc.nat(3), trouble }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: -400, max: 1500 }) }),
    },
    { weight: scope.meddling, arbitrary: meddlingIn(scope) },
    { weight: leaving.all, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  );
}

function meddlingIn({ noun }: Scope): fc.Arbitrary<Step> {
  return fc.record({
    do: fc.constant('meddle' as const),
    what: fc.constantFrom('delete' as const, 'pause' as const, 'retag' as const, 'relabel' as const, 'make' as const),
    noun,
    nth: fc.nat(5),
    label: anyLabel,
  });
}

function worldsIn(scope: Scope): fc.Arbitrary<LawWorld> {
  const world = fc.record({
    ledger: fc.oneof(
      { withCrossShrink: true },
      { weight: 5, arbitrary: fc.constant('memory' as const) },
      { weight: 1, arbitrary: fc.constant('none' as const) },
    ),
    maxDeletes: fc.constantFrom(5, 1, 2),
    concurrency: fc.constantFrom(1, 8),
    seed: fc.nat(),
    settled: scope.settled,
    declarations: fc.array(scope.declaration, { minLength: 1, maxLength: scope.most.declarations }),
    steps: fc.array(stepsIn(scope), { minLength: 1, maxLength: scope.most.steps, size: 'max' }),
  });
  return fc.noBias(world);
}

/** A small world of syncs, and what happens in it. */
export const anyLawWorld: fc.Arbitrary<LawWorld> = worldsIn(oneKind);

/** A small world of syncs and of the datasets that they read. */
export const anyWorldOfTwoKinds: fc.Arbitrary<LawWorld> = worldsIn(twoKinds);
