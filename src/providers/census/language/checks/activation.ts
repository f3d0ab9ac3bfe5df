import type { Problem } from '../../../../model/diagnostic.ts';
import { isObject, type Spec } from '../../../../model/json.ts';
import { isGiven } from '../../../../wire/json.ts';
import { activationKeys } from '../canonical.ts';
import { atKey, error } from './problem.ts';

/** Rules over the two ways to say an activation. */
export function checkActivation(spec: Spec): readonly Problem[] {
  const [name, id] = activationKeys;
  if (name === undefined || id === undefined || !isGiven(spec[name]) || !isGiven(spec[id])) return [];
  const message = '`activation` and `activation_id` say the same thing.';
  return [atKey(error('two-activations', [id], message, 'Keep one of them.'))];
}

/** What API v1 misses where nothing but an activation says what is connected: it has none. */
export function checkConnections(spec: Spec): readonly Problem[] {
  const key = activationKeys.find((one) => isGiven(spec[one]));
  const open = ['source_attributes', 'destination_attributes'].filter((part) => !isConnected(spec[part]));
  if (key === undefined || open.length === 0) return [];
  const message = `API v1 has no activations, and \`connection\` is missing in ${open.map((part) => `\`${part}\``).join(' and ')}.`;
  const hint = 'Name the connections, which both APIs understand, or keep the manifest to targets with `api: v2`.';
  return [atKey(error('needs-connection', [key], message, hint))];
}

function isConnected(part: Spec[string]): boolean {
  return isObject(part) && (isGiven(part.connection) || isGiven(part.connection_id));
}
