import { pageOf } from '../census-v1/page.ts';
import type { Reply } from '../exchange.ts';
import { type V2Call, withGroup } from './call.ts';
import { type Face, isSeen, type Kept } from './face.ts';
import { refused } from './reply.ts';

/** One page of a list; `items` stand oldest first. Unlike version 1 it names no address of the next page. */
export function page<Item>(items: readonly Item[], query: URLSearchParams, text: (item: Item) => string): Reply {
  const { data, pagination } = pageOf(items, query, text);
  return { status: 200, text: `{"status":"success","data":${data},"pagination":${JSON.stringify(pagination)}}` };
}

/** What the owner of the token may see of a list. */
export function visible<Thing>(
  face: Face,
  all: readonly Kept<Thing>[],
  groupOf: (kept: Kept<Thing>) => string | undefined,
): readonly Kept<Thing>[] {
  return face.switches.hiddenGroups.length === 0 ? all : all.filter((one) => isSeen(face, groupOf(one)));
}

/**
 * A list of what is in groups. Where lists need a group they show that one alone; otherwise they take none, and what is named has no
 * effect.
 */
export function groupedPage<Thing>(
  { face, exchange: { query } }: V2Call,
  all: readonly Kept<Thing>[],
  groupOf: (kept: Kept<Thing>) => string | undefined,
  text: (kept: Kept<Thing>) => string,
): Reply {
  if (!face.switches.listNeedsGroup) return page(visible(face, all, groupOf), query, text);
  const group = query.get('group_id');
  if (group === null) return refused('group_id is required');
  return withGroup(face, group, () =>
    page(
      all.filter((kept) => groupOf(kept) === group),
      query,
      text,
    ),
  );
}
