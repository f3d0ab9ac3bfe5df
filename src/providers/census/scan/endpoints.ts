import type { Sighting } from '../../../model/scan.ts';

/** What API v2 calls what v1 calls otherwise. */
const renamed: Readonly<Record<string, string>> = {
  destinations: 'activations',
  connectors: 'activation_types',
  destination_connect_links: 'activation_connect_links',
};

/** What has no successor in API v2, and what to do instead. */
const gone: Readonly<Record<string, string>> = {
  source_connect_links: 'Nothing on v2: connect a source in the web app, or make it with POST /sources.',
  workspace: 'Nothing on v2, which knows groups and no workspaces: read `group_id` of sources and activations.',
  workspaces:
    'Nothing on v2, which knows groups and no workspaces, and takes personal access tokens only: read `group_id` of sources and activations.',
  users: "Nothing on v2: users are in Fivetran's own REST API, with a key of its own.",
  invitations: "Nothing on v2: invitations are in Fivetran's own REST API, with a key of its own.",
};

/** What stays under its name, and what else changes there. */
const kept: Readonly<Record<string, string>> = {
  syncs: ', with `activation_id` in the place of both `connection_id`s where it creates or changes a sync',
  sync_runs: '',
  sources: ', whose answers have a `group_id`',
  source_types: '',
  datasets: ', with `group_id` in the place of `source_id` where it creates one',
  webhooks: ', with `group_id` where it creates or changes one',
};

const token = 'with a personal access token as bearer';
const host = 'v2 is documented at app.getcensus.com only';

/** Is that the name of an endpoint that API v1 has? */
export function isEndpoint(name: string): boolean {
  return [renamed, gone, kept].some((table) => Object.hasOwn(table, name));
}

/** Is that an endpoint whose path changes? */
export function isMoved(name: string): boolean {
  return Object.hasOwn(renamed, name) || Object.hasOwn(gone, name);
}

/** A call of API v1, or its base where no endpoint is named. */
export function callOf(offset: number, endpoint: string, isEurope = false): Sighting {
  const where = isEurope ? ` (${host})` : '';
  const name = endpoint.toLowerCase();
  const successor = renamed[name];
  if (Object.hasOwn(renamed, name) && successor !== undefined) {
    const ids = name === 'destinations' ? ' An activation has an id of its own, a text.' : '';
    const replacement = `Call /api/v2/${successor} ${token}${where}.${ids}`;
    return {
      offset,
      code: 'api-v1-renamed',
      message: `This speaks API v1 of Census (/${name}), and v2 calls it otherwise.`,
      replacement,
    };
  }
  if (Object.hasOwn(gone, name))
    return {
      offset,
      code: 'api-v1-gone',
      message: `This speaks API v1 of Census (/${name}), and v2 has nothing like it.`,
      replacement: gone[name] ?? '',
    };
  if (Object.hasOwn(kept, name))
    return {
      offset,
      code: 'api-v1',
      message: `This speaks API v1 of Census (/${name}).`,
      replacement: `Call /api/v2/${name} ${token}${kept[name]}${where}.`,
    };
  return {
    offset,
    code: 'api-v1',
    message: 'This speaks API v1 of Census.',
    replacement: `Write /api/v2, and call it ${token}${where}.`,
  };
}
