import fc from 'fast-check';
import type { Habits } from './memory-ledger.ts';
import { type Mood, pageManners } from './mood.ts';
import type { Declaration } from './service.ts';
import { type Fault, faultKinds } from './wire.ts';

export interface Flags {
  readonly prune: boolean;
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
  | { readonly do: 'withdraw' | 'rename'; readonly name: string; readonly to: string }
  | { readonly do: 'apply' | 'dry-run'; readonly flags: Flags; readonly trouble: Trouble }
  | { readonly do: 'save'; readonly flags: Flags }
  | { readonly do: 'apply-saved' | 'undo'; readonly nth: number; readonly trouble: Trouble }
  | { readonly do: 'wait'; readonly seconds: number }
  | {
      readonly do: 'meddle';
      readonly what: 'delete' | 'pause' | 'retag' | 'relabel' | 'make';
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

const declaration: fc.Arbitrary<Declaration> = fc.record({
  name: anyName,
  label: fc.oneof(
    { withCrossShrink: true },
    { weight: 9, arbitrary: anyLabel },
    { weight: 1, arbitrary: anyLabel.map((one) => `${one} `) },
  ),
  paused: fc.constantFrom(undefined, true, false),
  tag: fc.constantFrom('x', 'y', 'z'),
  after: fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: anyName },
  ),
  lifecycle: fc.oneof(
    { withCrossShrink: true },
    { weight: 2, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: lifecycle },
  ),
});

const flags: fc.Arbitrary<Flags> = fc.record({
  prune: fc.boolean(),
  only: rarely<string | undefined>(undefined, anyName),
  force: fc.boolean(),
});

const fault: fc.Arbitrary<Fault> = fc.record({
  on: fc.constantFrom('create', 'update', 'delete', 'create', 'update', 'delete', 'read', 'list', 'check', 'any'),
  nth: fc.constantFrom(1, 1, 1, 2, 2, 3, 4),
  kind: fc.constantFrom(...faultKinds),
  span: fc.integer({ min: 1, max: 9 }),
});

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

const trouble: fc.Arbitrary<Trouble> = fc.record({
  faults: fc.array(fault, { maxLength: 3, size: 'max' }),
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

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('apply' as const), flags, trouble }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('declare' as const), declaration }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('withdraw' as const, 'rename' as const), name: anyName, to: anyName }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dry-run' as const), flags, trouble }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('save' as const), flags }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('apply-saved' as const, 'undo' as const), nth: fc.nat(3), trouble }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: -400, max: 1500 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('meddle' as const),
      what: fc.constantFrom('delete' as const, 'pause' as const, 'retag' as const, 'relabel' as const, 'make' as const),
      nth: fc.nat(5),
      label: anyLabel,
    }),
  },
);

/** A small world, and what happens in it. */
export const anyLawWorld: fc.Arbitrary<LawWorld> = fc.noBias(
  fc.record({
    ledger: fc.oneof(
      { withCrossShrink: true },
      { weight: 5, arbitrary: fc.constant('memory' as const) },
      { weight: 1, arbitrary: fc.constant('none' as const) },
    ),
    maxDeletes: fc.constantFrom(5, 1, 2),
    concurrency: fc.constantFrom(1, 8),
    seed: fc.nat(),
    settled: fc.boolean(),
    declarations: fc.array(declaration, { minLength: 1, maxLength: 3 }),
    steps: fc.array(step, { minLength: 1, maxLength: 8, size: 'max' }),
  }),
);
