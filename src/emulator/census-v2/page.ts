import { pageOf } from '../census-v1/page.ts';
import type { Reply } from '../exchange.ts';
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

/** The refusal of a list that names no group where it has to. */
export function groupProblem({ switches }: Face, query: URLSearchParams): Reply | undefined {
  return switches.listNeedsGroup && query.get('group_id') === null ? refused('group_id is required') : undefined;
}

/** What is of the group that the query names. Where lists need no group they take none either: what is named has no effect. */
export function ofGroup<Thing>(
  { switches }: Face,
  query: URLSearchParams,
  all: readonly Kept<Thing>[],
  groupOf: (kept: Kept<Thing>) => string | undefined,
): readonly Kept<Thing>[] {
  return switches.listNeedsGroup ? all.filter((one) => groupOf(one) === query.get('group_id')) : all;
}
