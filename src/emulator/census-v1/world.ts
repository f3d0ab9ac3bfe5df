import { randomBytes } from 'node:crypto';
import { collection } from './collection.ts';
import type { Quirks } from './quirks.ts';
import type { Workspace, WorkspaceFacts, World } from './state.ts';

/** An account without workspaces. Ids are given out from `firstId` on. */
export function emptyWorld(options: {
  readonly personalAccessToken: string;
  readonly quirks: Quirks;
  readonly firstId: number;
  /** Milliseconds since 1970. */
  readonly moment: () => number;
}): World {
  let id = options.firstId - 1;
  let last = 0;
  return {
    workspaces: collection(),
    personalAccessToken: options.personalAccessToken,
    quirks: options.quirks,
    nextId: () => {
      id += 1;
      return id;
    },
    moment: options.moment,
    now: () => {
      last = Math.max(options.moment(), last + 1);
      return new Date(last).toISOString();
    },
  };
}

export function emptyWorkspace(facts: WorkspaceFacts): Workspace {
  return {
    ...facts,
    sources: collection(),
    datasets: collection(),
    destinations: collection(),
    syncs: collection(),
    runs: collection(),
    webhooks: collection(),
    jobs: new Map(),
    revision: { value: 0 },
  };
}

/** A key of the form the service shows: `secret-token:` and something nobody guesses. */
export function freshKey(): string {
  return `secret-token:${randomBytes(18).toString('base64url')}`;
}
