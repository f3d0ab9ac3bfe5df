import { serviceFacts } from '../generated/services.ts';
import type { Problem } from '../model/diagnostic.ts';
import { isList, isObject, type Json, type JsonObject, pointer } from '../model/json.ts';

/** The groups of a target, sorted, each once; undefined where it names none. */
export function groupsOf({ groups, group }: JsonObject): readonly string[] | undefined {
  const named = [...(isList(groups) ? groups : []), group].filter((one) => typeof one === 'string');
  return named.length === 0 ? undefined : [...new Set(named)].sort((one, other) => (one < other ? -1 : 1));
}

/** Are the targets of this API groups in the place of a workspace? */
export function isGrouped({ provider, api }: JsonObject): boolean {
  const facts = serviceFacts.find((one) => one.name === provider);
  return facts?.grouped.some((one) => one === api) === true;
}

/** What targets say of workspace and groups, and their API does not know; and groups that are said twice. */
export function checkGroups(targets: JsonObject): Problem[] {
  const found = Object.entries(targets).flatMap(([name, target]) => (isObject(target) ? scopeOf(name, target) : []));
  return [...found, ...shared(targets)];
}

function scopeOf(name: string, target: JsonObject): Problem[] {
  const { provider, api } = target;
  const grouped = serviceFacts.find((one) => one.name === provider)?.grouped ?? [];
  if (grouped.length === 0 || typeof api !== 'string') return [];
  const without = (key: string, hint: string) => (target[key] === undefined ? [] : [otherApi(name, api, key, hint)]);
  if (!isGrouped(target)) {
    const hint = `Groups are of \`api: ${grouped[0]}\`; here \`workspace\` says where the target ends.`;
    return [...without('groups', hint), ...without('group', hint)];
  }
  const hint = `Remove it, and write the group under \`groups\`; \`syncline migrate api --to ${api}\` does that.`;
  return [
    ...(target.groups === undefined && target.group === undefined ? [needsGroups(name, api)] : []),
    ...without('workspace', hint),
    ...without('personal_access_token', 'Write `token` in its place: here it is the personal access token.'),
  ];
}

function needsGroups(target: string, api: string): Problem {
  return {
    severity: 'error',
    code: 'needs-groups',
    message: `Target "${target}" uses ${api} and says no groups.`,
    hint: 'Write `groups: [ID]` with each group that belongs to it: nothing outside them is seen or touched.',
    path: pointer(['targets', target, 'api']),
    at: 'value',
  };
}

function otherApi(target: string, api: string, key: string, hint: string): Problem {
  return {
    severity: 'error',
    code: 'other-api',
    message: `The ${key} of target "${target}" means nothing with \`api: ${api}\`.`,
    hint,
    path: pointer(['targets', target, key]),
    at: 'key',
  };
}

/** Two targets that both own what is in one group would delete each other's things. */
function shared(targets: JsonObject): Problem[] {
  const owners: { readonly name: string; readonly target: JsonObject; readonly group: string }[] = [];
  const problems: Problem[] = [];
  for (const [name, target] of Object.entries(targets)) {
    if (!isObject(target) || !isGrouped(target)) continue;
    for (const group of groupsOf(target) ?? []) {
      const other = owners.find((one) => one.group === group && isSamePlace(one.target, target));
      if (other !== undefined) problems.push(sharedGroup(name, target, { group, other: other.name }));
      owners.push({ name, target, group });
    }
  }
  return problems;
}

/** Are two targets at one host? Where only one of two says its region, the other's may be the same. */
export function isSamePlace(one: JsonObject, other: JsonObject): boolean {
  const isSame = (first: Json | undefined, second: Json | undefined) =>
    first === undefined || second === undefined || first === second;
  return one.provider === other.provider && urlOf(one) === urlOf(other) && isSame(one.region, other.region);
}

function urlOf({ base_url: url }: JsonObject): Json | undefined {
  return typeof url === 'string' ? url.replace(/\/+$/, '') : url;
}

function sharedGroup(
  name: string,
  target: JsonObject,
  { group, other }: { readonly group: string; readonly other: string },
): Problem {
  const index = isList(target.groups) ? target.groups.indexOf(group) : -1;
  return {
    severity: 'error',
    code: 'shared-group',
    message: `Group ${group} belongs to target "${other}" already.`,
    hint: 'Leave it to one of the two targets: what is in a group has one owner.',
    path: pointer(index < 0 ? ['targets', name, 'group'] : ['targets', name, 'groups', index]),
    at: 'value',
  };
}
