import { kindOf } from '../model/address.ts';
import { Exit, SynclineError } from '../model/errors.ts';
import { isObject } from '../model/json.ts';
import type { Dead, Ledger, LedgerMeta } from '../model/ledger.ts';
import { type Key, keyAt, keyOf, partsOf } from '../model/live.ts';
import { dead, kindName, meta, remoteId } from './records.ts';
import { fits, type Shape } from './shape.ts';

/** Where a record lies: the ledger (a path or a ref), and the record in it, as `syncs/CensusSync/users.json`. */
export interface Place {
  readonly ledger: string;
  readonly record: string;
  /** What to throw where it cannot be read; default: `unreadable`. */
  readonly error?: (ledger: string, what: string) => SynclineError;
}

/** A value that was read back, as what it should be. @throws SynclineError (exit 4) that says where it is not, and how */
export function decode<Value>(shape: Shape<Value>, value: unknown, place: Place): Value {
  if (fits(shape, value)) return value;
  const { at = '', words = 'is not what it should be' } = shape(value) ?? {};
  throw errorAt(place, `${place.record}: ${at === '' ? 'it' : at} ${words}`);
}

/** As `decode`, of a text. */
export function decodeText<Value>(shape: Shape<Value>, text: string, place: Place): Value {
  return decode(shape, parseJson(text, place), place);
}

export function parseJson(text: string, place: Place): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw errorAt(place, `${place.record} is no JSON${text === '' ? ': it is empty' : ''}`);
  }
}

function errorAt({ ledger, error = unreadable }: Place, what: string): SynclineError {
  return error(ledger, what);
}

/** Nobody can tell who holds a lock, or whether anybody does: that is for a person to say. */
export function lockUnreadable(ledger: string, what: string): SynclineError {
  return new SynclineError(
    'lock-unreadable',
    `The lock of the ledger ${ledger} cannot be read: ${what}.`,
    'If you are sure that no apply is running, `syncline unlock` breaks it.',
    Exit.refused,
  );
}

/** A journal that says what this program never wrote. */
export function journalUnreadable(path: string, what: string): SynclineError {
  return new SynclineError(
    'ledger-unreadable',
    `The journal ${path} of a run that did not finish cannot be read: ${what}.`,
    'Remove it: Syncline then assumes that the run sent everything it meant to, and looks for it.',
    Exit.refused,
  );
}

/** A format that is newer than this program is told apart from one that is broken: its records may be anything. */
export function decodeMeta(value: unknown, place: Place): LedgerMeta {
  const format = isObject(value) ? value.format : undefined;
  if (typeof format === 'number' && Number.isInteger(format) && format > 3) {
    throw new SynclineError(
      'ledger-newer',
      `The ledger ${place.ledger} is of format ${format}, which a newer version of Syncline has written; this one reads formats 1 to 3.`,
      'Upgrade syncline.',
      Exit.refused,
    );
  }
  return decode(meta, value, place);
}

/** What a tombstone is kept under: its kind, which format 1 does not name, and its id. */
export type DeadName = readonly [id: string] | readonly [kind: string, id: string];

export function deadName(format: LedgerMeta['format'], key: Key): DeadName {
  const { kind, id } = partsOf(key);
  return format === 1 ? [id] : [kind, id];
}

/**
 * A tombstone and its key. Where its name has no kind, that is the one of its address; one without an address has none until
 * somebody knows which kind its service had. @throws SynclineError (exit 4)
 */
export function decodeDead(name: DeadName, value: unknown, place: Place): readonly [Key, Dead] {
  const id = decode(remoteId, name.at(-1), place);
  const kind = name.length === 2 ? decode(kindName, name[0], place) : undefined;
  const one = decode(dead, value, place);
  return [keyOf(kind ?? kindOf(one.address), id), one];
}

/** One thing is one address's. @throws SynclineError (exit 4) where two claim the same id */
export function assertDistinct({ syncs }: Ledger, ledger: string): void {
  const owners = new Map<string, string>();
  for (const [address, { id, retires }] of Object.entries(syncs)) {
    for (const one of [id, retires]) {
      if (one === null) continue;
      const key = keyAt(address, one);
      const owner = owners.get(key);
      if (owner !== undefined) throw unreadable(ledger, `${owner} and ${address} both hold ${key}`);
      owners.set(key, address);
    }
  }
}

/** What is there is not what a ledger of this format says. */
export function unreadable(ledger: string, what: string): SynclineError {
  return new SynclineError(
    'ledger-unreadable',
    `The ledger ${ledger} cannot be read: ${what}.`,
    hintFor(ledger),
    Exit.refused,
  );
}

function hintFor(ledger: string): string {
  const anew = 'bind your syncs again with `syncline adopt --all-matching`';
  return ledger.startsWith('refs/')
    ? `\`git log -p ${ledger}\` shows who wrote that and what was there before: set the ref back to a good commit, here and at the remote; or delete it and ${anew}.`
    : `Restore it from a backup, or move it away and ${anew}.`;
}
