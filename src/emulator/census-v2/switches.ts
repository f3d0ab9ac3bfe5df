import type { JsonObject } from '../json.ts';

/** What nobody outside the vendor knows for sure of version 2, as switches: a client should work either way. */
export interface Switches {
  /** Lists of syncs and datasets want `?group_id=`; otherwise they take no filter. */
  readonly listNeedsGroup: boolean;
  /** What the answer to a created sync holds. */
  readonly create: 'sync_id' | 'id' | 'full';
  /** Status of a successful create of a sync. */
  readonly createStatus: 201 | 200;
  /** What answers show of a sync's activation. */
  readonly syncEchoes: 'activation' | 'both' | 'connections';
  /** Keys of an activation's two objects: `source` and `destination`, or with `_connection` behind. */
  readonly activationKeys: 'plain' | 'suffixed';
  /** The id of a destination, compared with version 1. */
  readonly destinationIds: 'same' | 'other';
  /** A `connection_id` in the body of a sync. */
  readonly connectionIdInRequest: 'reject' | 'ignore';
  /** Paths that cannot be read, as `/sources` or `/sources/501/models`. */
  readonly without: readonly string[];
  /** How much higher the ids of sources are than in version 1. */
  readonly sourceIdShift: number;
  /** The same for syncs. */
  readonly syncIdShift: number;
  /** Status for a sync whose `activation_id` nobody knows. */
  readonly unknownActivation: 404 | 400;
  /** An activation that has syncs, when it is deleted. */
  readonly deleteWithSyncs: 'refuse' | 'cascade';
  /** What is answered to the id of a thing in one of `hiddenGroups`: as if there were none, or that it is forbidden. */
  readonly hidden: 'absent' | 403;
  /** What the answer to a PATCH of a sync holds. */
  readonly patchAnswer: 'full' | 'empty-data';
  /** Status of a refused sync. */
  readonly badStatus: 400 | 422;
  /** How the `status` of an error is written. */
  readonly statusType: 'int' | 'string';
  /** What is not found, or refused, is answered with 200 and a `status` that says so. */
  readonly softErrors: boolean;
  /** Unknown top-level keys in the body of a sync. */
  readonly unknownKey: 'ignore' | 'reject';
  /** A PATCH that moves a sync to an activation of another source. */
  readonly moveActivation: 'accept' | 400;
  /** Flat `schedule_*` copies stand beside `mode`. */
  readonly flatCopies: boolean;
  /** Keys that every sync has beside those that are known. */
  readonly extraKeys: JsonObject;
  /** The name of an activation: its destination's in version 1, or another one. */
  readonly activationName: 'destination' | 'other';
  /** Activations are there for pairs that have a sync or were asked for, or for every pair of a workspace. */
  readonly activationsFor: 'used-pairs' | 'all-pairs';
  /** An activation whose last sync is deleted or moved away. */
  readonly emptied: 'kept' | 'gone';
  /** Status of everything in version 1; null while it lives. */
  readonly v1Retired: null | 401 | 404 | 410;
  /** What makes a group. */
  readonly groupsOf: 'source' | 'workspace';
}

/** The switches, and the account's own setting. */
export interface V2Options extends Switches {
  /** Groups whose things the owner of the token may not see. */
  readonly hiddenGroups: readonly string[];
}

/**
 * Every switch with its values: the default first, what it may be instead behind it. A test matrix is all first values, each switch
 * alone at its second one, and all second values at once.
 */
export const v2Switches: { readonly [Key in keyof Switches]: readonly [Switches[Key], ...Switches[Key][]] } = {
  listNeedsGroup: [false, true],
  create: ['sync_id', 'id', 'full'],
  createStatus: [201, 200],
  syncEchoes: ['activation', 'both', 'connections'],
  activationKeys: ['plain', 'suffixed'],
  destinationIds: ['same', 'other'],
  connectionIdInRequest: ['reject', 'ignore'],
  without: [[], ['/sources', '/sources/*/*', '/datasets', '/syncs/*/sync_runs', '/sync_runs/*']],
  sourceIdShift: [0, 70_000],
  syncIdShift: [0, 500_000],
  unknownActivation: [404, 400],
  deleteWithSyncs: ['refuse', 'cascade'],
  hidden: ['absent', 403],
  patchAnswer: ['full', 'empty-data'],
  badStatus: [400, 422],
  statusType: ['int', 'string'],
  softErrors: [false, true],
  unknownKey: ['ignore', 'reject'],
  moveActivation: ['accept', 400],
  flatCopies: [true, false],
  extraKeys: [{}, { sync_tier: 'standard', owner: { team: null } }],
  activationName: ['destination', 'other'],
  activationsFor: ['used-pairs', 'all-pairs'],
  emptied: ['kept', 'gone'],
  v1Retired: [null, 401, 404, 410],
  groupsOf: ['source', 'workspace'],
};

export const defaultV2: V2Options = {
  ...defaults(v2Switches),
  hiddenGroups: [],
};

function defaults(table: typeof v2Switches): Switches {
  const firsts = Object.entries(table).map(([key, [first]]) => [key, first]);
  return Object.fromEntries(firsts) as unknown as Switches;
}
