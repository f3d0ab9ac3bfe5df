import { type Json, pointer } from '../../model/json.ts';
import type { Target } from '../../model/project.ts';
import { withKeyNamed } from '../../write/rename-key.ts';
import { rewritten, type Wish } from '../../write/rewrite.ts';
import { reference } from './meta.ts';

/** Keys of which one API knows the one and the other API the other: what comes stands where that one stood. */
const turns = [
  ['workspace', 'groups'],
  ['groups', 'workspace'],
  ['personal_access_token', 'token'],
  ['token', 'personal_access_token'],
] as const;

/** The text of a project file with a target as it is to be; whatever is the same of it stays byte for byte. */
export function withTarget(text: string, name: string, before: Target, after: Target): string {
  const [was, is] = [writtenKeys(before), writtenKeys(after)];
  const place = (key: string) => pointer(['targets', name, key]);
  const differing = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  );
  const wishes = differing.flatMap((key): Wish[] => {
    const names = is[key] === undefined ? spellings(key) : [key];
    return names.map((one) => ({ path: place(one), value: is[key] }));
  });
  const turned = turns.filter(
    ([goes, comes]) => isThere(was, goes) && !isThere(is, goes) && !isThere(was, comes) && isThere(is, comes),
  );
  const inPlace = turned
    .flatMap(([goes, comes]) => spellings(goes).map((one) => [one, comes] as const))
    .reduce((said, [goes, comes]) => withKeyNamed(said, place(goes), comes), text);
  return rewritten(inPlace, 0, wishes, {}).text;
}

type Keys = Readonly<Record<string, Json | undefined>>;

function isThere(keys: Keys, key: string): boolean {
  return keys[key] !== undefined;
}

/** A single group may be written without its list. */
function spellings(key: string): readonly string[] {
  return key === 'groups' ? ['groups', 'group'] : [key];
}

/** What a target says of its API and of how it is reached, by its keys in the project file. */
function writtenKeys(target: Target): Keys {
  const { api, token_variable: token, personal_access_token_variable: personal, workspace, groups, region } = target;
  return {
    api,
    token: token === undefined ? undefined : reference(token),
    personal_access_token: personal === undefined ? undefined : reference(personal),
    workspace,
    region,
    groups,
    base_url: target.base_url,
  };
}
