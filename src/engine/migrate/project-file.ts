import { type Json, pointer } from '../../model/json.ts';
import type { Target } from '../../model/project.ts';
import { rewritten, type Wish } from '../../write/rewrite.ts';

/** The text of a project file with a target as it is to be; whatever is the same of it stays byte for byte. */
export function withTarget(text: string, name: string, before: Target, after: Target): string {
  const [was, is] = [writtenKeys(before), writtenKeys(after)];
  const differing = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  );
  const wishes = differing.flatMap((key): Wish[] => {
    const places = key === 'groups' && is.groups === undefined ? ['groups', 'group'] : [key];
    return places.map((place) => ({ path: pointer(['targets', name, place]), value: is[key] }));
  });
  return rewritten(text, 0, wishes, {}).text;
}

/** What a target says of its API and of how it is reached, by its keys in the project file. */
function writtenKeys(target: Target): Readonly<Record<string, Json | undefined>> {
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

function reference(variable: string): string {
  return `\${env.${variable}}`;
}
