import { pairThings } from '../../core/migrate/pair.ts';
import {
  type Dictionary,
  dictionaryOf,
  type Grammar,
  type Held,
  heldIds,
  spaceOf,
} from '../../core/migrate/translate.ts';
import type { Spec } from '../../model/json.ts';
import type { RemoteId } from '../../model/live.ts';
import type { Pair, Thing } from '../../model/migration.ts';
import type { Provider } from '../../model/provider.ts';
import { lookInto } from './look.ts';

/** What is paired, and what it is paired from. */
export interface PairingInput {
  readonly from: PairingSide;
  readonly to: PairingSide;
  readonly grammarOf: (kind: string) => Grammar;
  /** The bodies that matter: whatever they refer to has to have a pair. */
  readonly specs: readonly { readonly kind: string; readonly spec: Spec }[];
}

interface PairingSide {
  readonly provider: Provider;
  /** Of kinds that were listed, and of the collections that only the service can pair. */
  readonly things: readonly Thing[];
}

/** The pairs of two APIs. */
export interface Pairing {
  readonly pairs: readonly Pair[];
  readonly dictionary: Dictionary;
  /** Ids that the bodies hold, each once. */
  readonly held: readonly Held[];
  /** Collections that one of the APIs does not list, although bodies refer to them: their ids are taken to be the same. */
  readonly unlisted: readonly string[];
}

/** Pairs what two APIs show: what others lie within first, for its ids say where the others lie. Reads only. */
export async function pairUp(input: PairingInput): Promise<Pairing> {
  const { from, to, grammarOf, specs } = input;
  const held = distinct(specs.flatMap(({ kind, spec }) => heldIds(grammarOf(kind), spec)));
  const outers = outerSpaces(input);
  const isOuter = ({ space }: Thing) => [...outers.values()].includes(space);
  const first = pairThings(from.things.filter(isOuter), to.things.filter(isOuter));
  const outer = dictionaryOf(first, []);
  const outside = (space: string, id: RemoteId) => outer.idOf(outers.get(space) ?? '', id, undefined) ?? id;
  const known = new Set([...from.things, ...to.things].map((one) => one.space));
  const more = await lookUp(input, held, known, outside);
  // What lies within something that no body of ours puts it into is nobody's business here.
  const isMeant = ({ space, id, within }: Thing) =>
    within === undefined || held.some((one) => one.space === space && one.id === id && one.within === within);
  const inner = {
    from: withinEach([...from.things.filter((one) => !isOuter(one) && isMeant(one)), ...more.from], to.things, (one) =>
      held.flatMap(({ space, id, within }) => (space === one.space && id === one.id ? [within] : [])),
    ),
    to: withinEach([...to.things.filter((one) => !isOuter(one)), ...more.to], from.things, (one) =>
      held.flatMap(({ space, within }) =>
        space === one.space && within !== undefined ? [outside(space, within)] : [],
      ),
    ),
  };
  const second = [...new Set([...inner.from, ...inner.to].map((one) => one.space))].flatMap((space) => {
    const own = (one: Thing) => one.space === space;
    return pairThings(inner.from.filter(own), inner.to.filter(own), (id) => outside(space, id));
  });
  const pairs = [...first, ...second];
  return { pairs, dictionary: dictionaryOf(pairs, known), held, unlisted: more.unlisted };
}

/** The space that the ids of another one lie within. */
function outerSpaces({ grammarOf, specs }: PairingInput): ReadonlyMap<string, string> {
  const outers = new Map<string, string>();
  for (const kind of new Set(specs.map((one) => one.kind))) {
    const { references } = grammarOf(kind);
    for (const reference of references) {
      const outer = references.find((one) => one.into === reference.within);
      if (outer !== undefined) outers.set(spaceOf(reference), spaceOf(outer));
    }
  }
  return outers;
}

/** Collections that nobody has listed yet and that bodies refer to. */
async function lookUp(
  { from, to }: PairingInput,
  held: readonly Held[],
  known: ReadonlySet<string>,
  outside: (space: string, id: RemoteId) => RemoteId,
): Promise<{ readonly from: readonly Thing[]; readonly to: readonly Thing[]; readonly unlisted: readonly string[] }> {
  const spaces = [...new Set(held.map((one) => one.space))].filter((space) => !known.has(space));
  const found = await Promise.all(
    spaces.map(async (space) => {
      const within = held.filter((one) => one.space === space).map((one) => one.within);
      const there = within.map((id) => (id === undefined ? undefined : outside(space, id)));
      const [ours, theirs] = await Promise.all([
        lookInto(from.provider, space, new Set(within)),
        lookInto(to.provider, space, new Set(there)),
      ]);
      return ours === undefined || theirs === undefined ? { space } : { space, ours, theirs };
    }),
  );
  return {
    from: found.flatMap((one) => one.ours ?? []),
    to: found.flatMap((one) => one.theirs ?? []),
    unlisted: found.flatMap((one) => (one.ours === undefined ? [one.space] : [])),
  };
}

/**
 * Where one side says within what a thing lies and the other does not, a thing of the other lies within each that bodies say it does:
 * one destination that three sources are written to is three things at an API that makes one for each.
 */
function withinEach(
  things: readonly Thing[],
  others: readonly Thing[],
  places: (one: Thing) => readonly (RemoteId | undefined)[],
): readonly Thing[] {
  const scoped = new Set(others.filter((one) => one.within !== undefined).map((one) => one.space));
  return things.flatMap((one) => {
    if (one.within !== undefined || !scoped.has(one.space)) return [one];
    return [...new Set(places(one))].map((within) => ({ ...one, within }));
  });
}

function distinct(held: readonly Held[]): readonly Held[] {
  const text = ({ space, id, within }: Held) => `${space} ${within ?? ''} ${id}`;
  return [...new Map(held.map((one) => [text(one), one])).values()];
}
