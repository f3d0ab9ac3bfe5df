import { Exit, SynclineError } from '../../../model/errors.ts';
import type { RemoteId } from '../../../model/live.ts';
import type { Account } from './account.ts';
import { groupOfActivation, groupOfSource, type Landscape, readLandscape } from './landscape.ts';

/** What lies in the groups of a target. */
export interface Scope {
  readonly groups: readonly string[];
  has(group: string): boolean;
  /** Of the whole account; read once. `refresh` reads it again. */
  landscape(): Promise<Landscape>;
  refresh(): Promise<Landscape>;
  /** The part of it that is in the groups. `fresh`: as it is now. */
  own(fresh?: 'fresh'): Promise<Landscape>;
}

export function openScope(account: Account, groups: readonly string[]): Scope {
  const own = new Set(groups);
  let read: Promise<Landscape> | undefined;
  const parts = new WeakMap<Landscape, Landscape>();

  function begin(): Promise<Landscape> {
    const reading = readLandscape(account);
    reading.catch(() => {
      if (read === reading) read = undefined;
    });
    read = reading;
    return reading;
  }
  const landscape = () => read ?? begin();
  function within(known: Landscape): Landscape {
    const part = parts.get(known) ?? partOf(known);
    parts.set(known, part);
    return part;
  }
  function partOf(known: Landscape): Landscape {
    const isOwn = (group: string | undefined) => group !== undefined && own.has(group);
    return {
      activations: known.activations.filter((one) => isOwn(groupOfActivation(known, one))),
      sources: known.sources.filter(({ id }) => isOwn(groupOfSource(known, id))),
    };
  }
  return {
    groups,
    has: (group) => own.has(group),
    landscape,
    refresh: begin,
    own: async (fresh) => within(await (fresh === undefined ? landscape() : begin())),
  };
}

/** Stops where something of ours, by its id, is not in our groups any more. */
export function outsideGroups(noun: string, id: RemoteId, group: string, { groups }: Scope): SynclineError {
  return new SynclineError(
    'outside-groups',
    `The ${noun} ${id} is in the group ${group}, and the groups of this target are ${groups.join(', ')}.`,
    `Add ${group} to \`groups\` of the target, or let go of the binding: \`syncline forget\`.`,
    Exit.refused,
  );
}

const mostShown = 10;

/** Stops where a group of the target is nowhere to be seen. */
export function unknownGroup(missing: readonly string[], shown: readonly string[]): SynclineError {
  const are = missing.length === 1 ? 'the group' : 'the groups';
  const more = shown.length > mostShown ? `, and ${shown.length - mostShown} more` : '';
  const seen =
    shown.length === 0 ? 'It shows no group at all.' : `It shows ${shown.slice(0, mostShown).join(', ')}${more}.`;
  return new SynclineError(
    'unknown-group',
    `The token shows no source in ${are} ${missing.join(', ')}.`,
    `${seen} Correct \`groups\` of the target, or use the token of somebody who may see ${are}.`,
    Exit.refused,
  );
}
