import { type Address, address, kindOf, nameOf } from '../../model/address.ts';
import type { Problem } from '../../model/diagnostic.ts';
import { pointer } from '../../model/json.ts';
import type { Ledger } from '../../model/ledger.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Note } from '../../model/plan.ts';
import { closest } from '../suggest.ts';
import { earlierNames, type Moves, noMoves, takers } from './moves.ts';

/** What the `moved_from` lines of a target come to, as its ledger stands. */
export interface WantedMoves {
  readonly moves: Moves;
  /** Lines that cannot be followed. */
  readonly wrong: readonly { readonly manifest: Manifest; readonly problem: Problem }[];
  /** Addresses whose line has nothing to do, and whether the ledger knows one of its names. */
  readonly settled: ReadonlyMap<Address, boolean>;
  readonly notes: readonly Note[];
}

/**
 * The moves that manifests ask for and the ledger does not remember yet. Whether the address that takes a binding is free is judged
 * over all of them, so that chains and exchanges work. Without a ledger nothing is bound, and the lines are told to be idle.
 */
export function wantedMoves(ledger: Ledger | null, manifests: readonly Manifest[]): WantedMoves {
  const moving = manifests.filter((one) => one.moved_from !== undefined);
  const settled = new Map<Address, boolean>();
  if (moving.length === 0) return { moves: noMoves, wrong: [], settled, notes: [] };
  if (ledger === null) return { moves: noMoves, wrong: [], settled, notes: moving.map(idleNote) };
  const declared = new Set(manifests.map((one) => one.address));
  const moves = new Map<Address, Address>();
  const wrong: { readonly manifest: Manifest; readonly problem: Problem }[] = [];
  const idle: Manifest[] = [];
  for (const manifest of moving) {
    const [from, ...others] = boundNames(ledger, declared, manifest);
    if (from === undefined && ledger.syncs[manifest.address] === undefined) idle.push(manifest);
    else if (from === undefined) settled.set(manifest.address, knowsOne(ledger, manifest));
    else if (others.length === 0) moves.set(manifest.address, from);
    else wrong.push({ manifest, problem: several(ledger, manifest, [from, ...others]) });
  }
  const givers = takers(moves);
  for (const manifest of moving) {
    const from = moves.get(manifest.address);
    if (from === undefined || ledger.syncs[manifest.address] === undefined || givers.has(manifest.address)) continue;
    wrong.push({ manifest, problem: occupied(ledger, manifest, from) });
  }
  const notes = slipsOf(ledger, declared, idle, givers);
  return { moves: wrong.length === 0 ? moves : noMoves, wrong, settled, notes };
}

/**
 * A note for each line that takes nothing over, of a manifest that is bound to nothing, where something is bound that nobody declares
 * or takes over: its name may be the one that was meant.
 */
function slipsOf(
  ledger: Ledger,
  declared: ReadonlySet<Address>,
  idle: readonly Manifest[],
  givers: ReadonlyMap<Address, Address>,
): readonly Note[] {
  if (idle.length === 0) return [];
  const loose = Object.keys(ledger.syncs).filter((at) => !declared.has(at) && !givers.has(at));
  return idle.flatMap(({ address: to, kind, moved_from: names = [] }) => {
    const earlier = names.map((name) => address(kind, name));
    const candidates = loose.filter((at) => kindOf(at) === kind);
    if (candidates.length === 0 || earlier.some((from) => ledger.syncs[from] !== undefined)) return [];
    const meant = closest(names[0] ?? '', candidates.map(nameOf));
    const message = `Nothing is bound to ${earlier.join(' or ')}, so moved_from takes nothing over.`;
    return [
      { address: to, code: 'moved', message: meant === undefined ? message : `${message} Did you mean "${meant}"?` },
    ];
  });
}

/** The earlier names of a manifest that hold something which it has not taken over yet, as addresses. */
function boundNames(ledger: Ledger, declared: ReadonlySet<Address>, manifest: Manifest): Address[] {
  const { address: to, kind, moved_from: names = [] } = manifest;
  const isBound = ledger.syncs[to] !== undefined;
  const followed = ledger.meta.moved?.[to]?.followed ?? [];
  const found = names.filter((name) => {
    const from = address(kind, name);
    if (ledger.syncs[from] === undefined) return false;
    // What stands under a name that was given up is another thing by now, unless nobody declares it and this one has nothing.
    return !(followed.includes(name) && (isBound || declared.has(from)));
  });
  // A name that another of them has taken over is held by something new.
  const passedOn = new Set(found.flatMap((name) => earlierNames(ledger, address(kind, name))));
  return found.filter((name) => !passedOn.has(name)).map((name) => address(kind, name));
}

/** Is something bound under one of the earlier names, or was it, as far as the ledger remembers? */
function knowsOne({ syncs, dead, meta: { moved = {} } }: Ledger, { kind, moved_from: names = [] }: Manifest): boolean {
  const gone = new Set(Object.values(dead).map((one) => one.address));
  const given = new Set(
    Object.entries(moved).flatMap(([at, one]) => one.names.map((name) => address(kindOf(at), name))),
  );
  return names
    .map((name) => address(kind, name))
    .some((from) => syncs[from] !== undefined || gone.has(from) || given.has(from));
}

function several(ledger: Ledger, manifest: Manifest, found: readonly Address[]): Problem {
  const held = found.map((from) => `${from}${holding(ledger, from)}`).join(' and ');
  return {
    ...error(manifest, found[0] ?? ''),
    code: 'moved-from-several',
    message: `More than one of its earlier names holds something: ${held}.`,
    hint: 'Leave the one name in moved_from whose binding is meant.',
  };
}

function occupied(ledger: Ledger, manifest: Manifest, from: Address): Problem {
  const { address: to } = manifest;
  return {
    ...error(manifest, from),
    code: 'moved-to-bound',
    message: `${to} holds${holding(ledger, to, '')} already, and cannot take over ${from}${holding(ledger, from)} too.`,
    hint: `Remove the line; or let one of the two go with \`syncline forget\`, or give what ${to} holds a new name with a moved_from of its own.`,
  };
}

function holding(ledger: Ledger, at: Address, open = ', which holds'): string {
  const id = ledger.syncs[at]?.id ?? null;
  return id === null ? `${open} an unanswered create` : `${open} ${id}`;
}

function error(manifest: Manifest, from: Address) {
  const { kind, moved_from: names = [] } = manifest;
  const index = names.findIndex((name) => address(kind, name) === from);
  return { severity: 'error', path: pointer(['moved_from', String(index)]), at: 'value' } as const;
}

function idleNote({ address: to }: Manifest): Note {
  const message = 'Without a ledger (`ledger: none`) moved_from does nothing: what is live is found by its label.';
  return { address: to, code: 'moved', message };
}
