// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how references are written.
import { describe, expect, test } from 'vitest';
import { loadProject } from '../../src/load/project.ts';
import { projectOf } from '../../src/load/project-defaults.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { folder } from '../validate/workspace.ts';

/** What is wrong with the targets. */
function problemsOf(...targets: readonly string[]): string[] {
  const text = `version: 1\nmanifests: []\ntargets:\n${targets.map((one) => `  ${one}\n`).join('')}`;
  const { diagnostics } = loadProject({ directory: folder({ 'syncline.yaml': text }) });
  return diagnostics.map((one) => `${one.line}:${one.column} ${one.code} ${one.message} ${one.hint}`);
}

const v2 = 'provider: census, api: v2, token: "${env.PAT}"';

describe('a target of an API with groups', () => {
  test.each([
    ['says them', `a: { ${v2} }`, /^4:31 needs-groups .*"a" uses v2.*`groups: \[ID\]`/],
    ['says one at least', `a: { ${v2}, groups: [] }`, /^4:64 out-of-range .*1 item/],
    ['says each as text', `a: { ${v2}, groups: [7] }`, /^4:65 wrong-type .*text/],
    ['says each without spaces', `a: { ${v2}, groups: ["calm otter"] }`, /^4:65 bad-format .*group_id/],
    ['says them in one way', `a: { ${v2}, groups: [b], group: c }`, /^4:69 conflicting-fields .*Keep one/],
    ['has no workspace', `a: { ${v2}, group: b, workspace: 4321 }`, /^4:66 other-api .*workspace.*migrate api --to v2/],
    [
      'calls no token personal',
      'a: { provider: census, api: v2, group: b, personal_access_token: "${env.P}" }',
      /^4:45 other-api .*`token`/,
    ],
  ])('%s', (_, target, message) => {
    expect(problemsOf(target)).toEqual([expect.stringMatching(message)]);
  });

  test('shares none with another target of the same place', () => {
    const one = `a: { ${v2}, groups: [b, c] }`;
    expect(problemsOf(one, `d: { ${v2}, groups: [e, c] }`)).toEqual([
      expect.stringMatching(/^5:68 shared-group Group c belongs to target "a" already/),
    ]);
    expect(problemsOf(one, `d: { ${v2}, group: b, region: us }`)).toHaveLength(1);
    expect(problemsOf(one, `d: { ${v2}, group: b, base_url: "http://127.0.0.1:1" }`)).toEqual([]);
    expect(problemsOf(one, `d: { ${v2}, group: e }`)).toEqual([]);
    expect(problemsOf(`a: { ${v2}, region: eu, group: b }`, `d: { ${v2}, region: us, group: b }`)).toEqual([]);
  });

  test('names each once and in one order, in either spelling', () => {
    const target = (said: JsonObject) => ({ provider: 'census', api: 'v2', token: '${env.PAT}', ...said });
    const targets = {
      many: target({ groups: ['wild_fox', 'calm_otter', 'wild_fox'] }),
      one: target({ group: 'calm_otter' }),
      none: { ...target({}), api: 'v1' },
    };
    const project = projectOf({ version: 1, manifests: [], targets }, '/p/syncline.yaml');
    expect(project.targets.map((one) => one.groups)).toEqual([['calm_otter', 'wild_fox'], ['calm_otter'], undefined]);
  });
});
