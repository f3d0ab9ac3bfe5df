import { Exit, ProviderError, SynclineError } from '../../../model/errors.ts';

/** Something that nobody has documented about API v2, and that Syncline relies on or survives. */
export interface Assumption {
  /** What is taken to be so. */
  readonly said: string;
  /** What to do where it is not so. */
  readonly remedy: string;
}

/** By number. What the vendor's pages say is not here; what they leave open is. */
export const assumptions = {
  A01: {
    said: 'syncs are listed at GET /syncs, page by page, for the whole account or group by group',
    remedy: 'Stay with `api: v1` for now',
  },
  A02: {
    said: 'a create answers with 200 or 201 and with the id of the sync',
    remedy: 'Run again: the sync is looked for by its label and activation, and never made twice',
  },
  A03: {
    said: 'a sync says its activation, or the source and destination that one activation joins',
    remedy: 'Look in the web app whether the activation of the sync is still there, and whether the token may see it',
  },
  A04: {
    said: 'an activation holds a source (with a name) and a destination (with a time of creation)',
    remedy: 'Stay with `api: v1` for now',
  },
  A05: {
    said: 'the id of the destination in an activation is the one that v1 knows',
    remedy: 'Write the names of connections in manifests in place of ids',
  },
  A06: {
    said: 'a request needs no connection ids beside the activation',
    remedy: 'Stay with `api: v1` for now',
  },
  A07: {
    said: 'sources are listed at GET /sources',
    remedy: 'Nothing: the sources of activations are used',
  },
  A08: {
    said: 'datasets, models and segments are listed where v1 lists them',
    remedy:
      'Write ids in the place of names; datasets that are not listed cannot be managed: take their manifests out, and let go of them with `syncline forget`',
  },
  A09: {
    said: 'the runs of a sync are listed where v1 lists them',
    remedy: 'Nothing: runs are not needed',
  },
  A10: {
    said: 'a source has the id that v1 knows',
    remedy: 'Write the names of sources in manifests in place of ids',
  },
  A11: {
    said: 'a sync has the id that v1 knows',
    remedy: 'Nothing: `migrate api` pairs them by label and time of creation',
  },
  A12: {
    said: 'what becomes of syncs whose activation is deleted does not matter',
    remedy: 'Nothing: Syncline deletes no activation',
  },
  A13: {
    said: 'API v2 is served at the US host alone, the only one that is documented (https://app.getcensus.com)',
    remedy: 'Write `region: us` where your account is reached there',
  },
  A14: {
    said: 'what the token may not see is left out of lists, and answered with 403 on its own',
    remedy: 'Use the token of somebody who may see it',
  },
  A15: {
    said: 'an update answers with the whole sync',
    remedy: 'Nothing: it is read back after each write',
  },
  A16: {
    said: 'a body that is refused is answered with 400 or 422, and a message',
    remedy: 'Mend what the message names',
  },
  A17: {
    said: 'an answer with HTTP 200 that says `not_found` or `error` is a failure',
    remedy: 'Nothing: it is taken for one',
  },
  A18: {
    said: 'keys that the API does not know may be refused',
    remedy: 'Nothing: none are sent',
  },
  A19: {
    said: 'a sync can be taken to another activation of the same source',
    remedy: 'Allow a replace: `lifecycle.replace: allow`',
  },
  A20: {
    said: 'copies of the schedule beside `mode` say nothing of their own',
    remedy: 'Nothing: they are ignored',
  },
  A21: {
    said: 'a sync has no keys beyond those of v1, `activation_id` and `group_id`',
    remedy: 'Upgrade Syncline, should you need them',
  },
  A22: {
    said: 'an activation has the name of its destination',
    remedy: 'Write the name that the hint lists, or `activation: ID`',
  },
  A23: {
    said: 'a source and a destination have an activation before their first sync',
    remedy: 'Make the activation in the web app, or by a connect link',
  },
  A24: {
    said: 'v1 fails in one way or another after its last day',
    remedy: 'Move the target: `syncline migrate api --to v2`',
  },
  A25: {
    said: 'a create with `validate_only: true` makes nothing',
    remedy: 'Leave out --validate-only and --dry-run',
  },
  A26: {
    said: 'an activation that does not exist is answered with 404 or 400',
    remedy: 'Run again: activations are read afresh',
  },
  A27: {
    said: 'a group may have one source or several',
    remedy: 'Nothing: activations are known by source and destination',
  },
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionId = keyof typeof assumptions;

const issues = 'https://github.com/syncline-dev/syncline/issues';

/** The stop where something is otherwise than assumed. `seen` is what was there instead: a sentence. */
export function failedAssumption(id: AssumptionId, seen: string): SynclineError {
  const { said, remedy } = assumptions[id];
  const message = `${seen} Syncline takes for granted that ${said} (assumption ${id} of API v2).`;
  const hint = `${remedy}. Please report ${id} and this message at ${issues}.`;
  return new SynclineError('failed-assumption', message, hint, Exit.failed);
}

/** What to say of a failure that an assumption may explain. */
export function remarkOn(id: AssumptionId): string {
  const { said, remedy } = assumptions[id];
  return `Syncline takes for granted that ${said} (assumption ${id} of API v2). ${remedy}; where that does not help, please report ${id} at ${issues}.`;
}

/** The same failure with such a remark. */
export function remarked(error: ProviderError, id: AssumptionId, seen = ''): ProviderError {
  return new ProviderError(`${error.message}.${seen} ${remarkOn(id)}`, error, { cause: error });
}
