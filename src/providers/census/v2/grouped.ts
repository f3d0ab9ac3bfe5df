import { Exit, SynclineError } from '../../../model/errors.ts';
import { isObject, type Json, type JsonObject } from '../../../model/json.ts';
import type { Live, RemoteId } from '../../../model/live.ts';
import type { Reading, Resource } from '../../../model/provider.ts';
import { type Call, idText, misshapen } from '../../../wire/answer.ts';
import { type Collection, callOf, deleteOne } from '../wire/collection.ts';
import { newest } from '../wire/newest.ts';
import { dataOf, isGone } from '../wire/page.ts';
import { type Account, type ListName, pathOf } from './account.ts';
import type { Landscape } from './landscape.ts';
import { outsideGroups, type Scope } from './scope.ts';

/** A thing of an answer and where it belongs. */
export interface Placed {
  readonly group: string;
  /** The answer, in the form that API v1 would give it; undefined where more would have to be known of it. Asked only of what is ours. */
  readonly wire: () => JsonObject | undefined;
}

/** Things of one kind, of which the API shows those of all groups. */
export interface GroupedCollection {
  readonly list: ListName;
  readonly noun: string;
  readonly decode: Collection['decode'];
  /** Where a thing belongs; undefined where nothing of what is known tells. */
  place(item: JsonObject, landscape: Landscape): Placed | undefined;
  /** The stop where nothing tells, after everything has been read afresh. */
  unplaced(item: JsonObject): SynclineError;
}

type Shared = Pick<Resource, 'list' | 'newest' | 'read' | 'delete' | 'probe'>;

/** How things of groups are read and deleted: what is in no group of the target is not there, save that it is not gone. */
export function everyGroupedKind(account: Account, scope: Scope, collection: GroupedCollection): Shared {
  /** Ids of what lies in other groups: nobody needs to look at them twice. */
  const outside = new Set<RemoteId>();
  const path = pathOf(collection.list);
  const plain: Collection = { path, noun: collection.noun, decode: collection.decode };
  const listing: Call = { method: 'GET', path };

  /** Those that are ours; what cannot be placed is handed to `later`. */
  function ours(items: readonly Json[], landscape: Landscape, later: (item: JsonObject) => void): Live[] {
    return items.flatMap((item) => {
      const thing = isObject(item) ? item : {};
      const placed = collection.place(thing, landscape);
      if (placed !== undefined && !scope.has(placed.group)) {
        outside.add(idText(thing.id) ?? '');
        return [];
      }
      const wire = placed?.wire();
      if (wire !== undefined) return [collection.decode(wire, listing)];
      later(thing);
      return [];
    });
  }
  /** An activation may have come after they were read. */
  async function secondLook(items: readonly JsonObject[]): Promise<Live[]> {
    if (items.length === 0) return [];
    return ours(items, await scope.refresh(), (item) => {
      throw collection.unplaced(item);
    });
  }
  return {
    list: async (page) => {
      const landscape = await scope.landscape();
      const unclear: JsonObject[] = [];
      await account.read(collection.list, (items) => {
        const found = ours(items, landscape, (item) => unclear.push(item));
        if (found.length > 0) page(found);
      });
      const late = await secondLook(unclear);
      if (late.length > 0) page(late);
    },
    newest: async (known) => {
      const items = new Map<RemoteId, Json>();
      const kept = (item: Json | undefined, call: Call): Live => {
        const live = collection.decode(item, call);
        items.set(live.id, item ?? null);
        return live;
      };
      const seen = new Set([...known, ...outside]);
      const found = await account.each(collection.list, (http) => newest(http, { ...plain, decode: kept }, seen));
      const fresh = [...new Set(found.flat().map(({ id }) => items.get(id) ?? null))];
      const unclear: JsonObject[] = [];
      const own = ours(fresh, await scope.landscape(), (item) => unclear.push(item));
      return [...(await secondLook(unclear)), ...own];
    },
    read: (id) => readPlaced(account, scope, { collection, plain }, id),
    delete: async (id) => {
      account.wrote();
      return deleteOne(account.http, plain, id);
    },
    // A create that failed leaves nothing behind that looks whole.
    probe: async () => 'whole',
  };
}

async function readPlaced(
  { http }: Account,
  scope: Scope,
  { collection, plain }: { readonly collection: GroupedCollection; readonly plain: Collection },
  id: RemoteId,
): Promise<Reading | undefined> {
  const call = callOf(plain, 'GET', id);
  const answer = await http.request({ method: 'GET', path: call.path, expected: [404] });
  if (isGone(answer, call)) return undefined;
  const item = dataOf(answer, call);
  if (idText(item.id) !== id) throw misshapen(call, `/data/id of ${collection.noun} ${id}`, 'that id', item.id);
  const first = collection.place(item, await scope.landscape());
  const placed = first?.wire() === undefined ? collection.place(item, await scope.refresh()) : first;
  if (placed !== undefined && !scope.has(placed.group)) {
    throw outsideGroups(collection.noun, id, placed.group, scope);
  }
  const wire = placed?.wire();
  if (wire === undefined) throw collection.unplaced(item);
  return { live: collection.decode(wire, call), wire };
}

/** Stops where the group of a thing cannot be told: whether it is the target's nobody knows. */
export function untold(noun: string, { id }: JsonObject, seen: string): SynclineError {
  return new SynclineError(
    'group-unknown',
    `The group of the ${noun} ${idText(id) ?? '(without an id)'} cannot be told: ${seen}.`,
    'Look in the web app whether its activation is still there, and whether the token may see it.',
    Exit.refused,
  );
}
