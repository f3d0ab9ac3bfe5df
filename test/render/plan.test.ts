import { describe, expect, test } from 'vitest';
import type { About } from '../../src/model/about.ts';
import type { Change, Plan } from '../../src/model/plan.ts';
import { planGithub } from '../../src/render/plan/github.ts';
import { planHtml } from '../../src/render/plan/html/page.ts';
import { planJson } from '../../src/render/plan/json.ts';
import { planMarkdown } from '../../src/render/plan/markdown.ts';
import { planText } from '../../src/render/plan/text.ts';
import { dangers } from '../../src/render/plan/words.ts';
import { blocked, change, field, plan } from './build.ts';

const unknown: About = { source: null, destination: null, operation: null, schedule: null };
const end = { id: null, name: null, object: null, address: null };

const plainText = (...plans: Plan[]) => planText(plans, { colour: false });

describe('the text of a plan', () => {
  test('an update says target, address, label, id, place, values, cause and impact', () => {
    const fields = [field({ impact: 'full_resync' })];
    expect(plainText(plan({ changes: [change({ fields })] }))).toBe(
      [
        'Target production: census v1 at app.getcensus.com, workspace 4321',
        '',
        '  ~ update CensusSync/users  "Users"  id 90001  syncs/users.yaml:3',
        '      ~ /operation: update → upsert  (changed in Git, full resync)',
        '',
        'Plan: 1 to update, 0 unchanged.',
        'Impact: 1 full resync.',
        '',
      ].join('\n'),
    );
  });

  test('an id has its name beside it, where that is known', () => {
    const fields = [
      field({
        path: '/destination_attributes/connection_id',
        from: 601,
        to: 602,
        names: { from: 'Salesforce', to: 'HubSpot' },
      }),
      field({ path: '/source_attributes/connection_id', from: 501, to: 502, names: { to: 'a\u001b[31m"b' } }),
    ];
    const all = plan({ changes: [change({ fields })] });
    expect(plainText(all)).toContain('/destination_attributes/connection_id: "Salesforce" (601) → "HubSpot" (602)');
    expect(plainText(all)).toContain('/source_attributes/connection_id: 501 → "a\\u001b[31m\\"b" (502)');
    expect(planMarkdown([all])).toContain('| `"Salesforce" (601)` | `"HubSpot" (602)` |');
    expect(planGithub([all])).toContain('/destination_attributes/connection_id: "Salesforce" (601) → "HubSpot" (602)');
    expect(planHtml([all])).toMatch(
      /<code>&quot;Salesforce&quot; \(601\)<\/code>.*<code>&quot;HubSpot&quot; \(602\)<\/code>/,
    );
  });

  test('what comes or goes says in one line what it is, and an update does not', () => {
    const about = {
      source: { id: '501', name: 'Snowflake Prod', object: 'PUBLIC.USERS', address: null },
      destination: { id: '601', name: 'Salesforce', object: 'Contact', address: null },
      operation: 'upsert',
      schedule: 'daily at 04:15',
    };
    const line = 'Snowflake Prod · PUBLIC.USERS → Salesforce · Contact, upsert, daily at 04:15';
    const told = (parts: Partial<Change>) =>
      plainText(plan({ changes: [change({ about, ...parts })] })).includes(`\n      ${line}\n`);
    for (const action of ['create', 'delete', 'replace', 'adopt'] as const) expect(told({ action })).toBe(true);
    expect(told({ action: 'update', fields: [field()] })).toBe(false);
    expect(told({ action: 'update', release: true })).toBe(true);
    const all = plan({ changes: [change({ action: 'create', about })], blocked: [blocked({ about })] });
    expect(plainText(all).split(line)).toHaveLength(3);
    expect(planMarkdown([all]).split('Snowflake Prod · PUBLIC\\.USERS → Salesforce · Contact')).toHaveLength(3);
    expect(planGithub([all]).split(`::${line}`)).toHaveLength(3);
    expect(planHtml([all]).split(`<p class="about">${line}</p>`)).toHaveLength(3);
    expect(plainText(plan({ blocked: [blocked({ about, wanted: 'update', reason: 'immutable' })] }))).not.toContain(
      line,
    );
  });

  test.each<[string, About]>([
    ['from Snowflake Prod', { ...unknown, source: { ...end, name: 'Snowflake Prod' } }],
    [
      'into id 601 · Contact, upsert',
      { ...unknown, destination: { ...end, id: '601', object: 'Contact' }, operation: 'upsert' },
    ],
    ['hourly', { ...unknown, schedule: 'hourly' }],
    ['mirror, runs by hand only', { ...unknown, operation: 'mirror', schedule: 'never' }],
  ])('what is not known is left out: %s', (line, about) => {
    expect(plainText(plan({ changes: [change({ action: 'create', about })] }))).toContain(`\n      ${line}\n`);
  });

  test('a create shows what it will say, mappings by name', () => {
    const desired = {
      label: 'Users: all',
      source_attributes: { connection_id: 7, object: { type: 'model', id: 3 } },
      mappings: [{ from: { type: 'column', data: 'EMAIL' }, to: 'Email', is_primary_identifier: true }],
    };
    const text = plainText(plan({ changes: [change({ action: 'create', id: null, desired })] }));
    expect(text).toContain('  + create CensusSync/users  "Users"  syncs/users.yaml:3\n');
    expect(text).toContain('      + /label: "Users: all"\n');
    expect(text).toContain('      + /source_attributes/object: {type: model, id: 3}\n');
    expect(text).toContain('      + /mappings/Email: {from: column EMAIL, is_primary_identifier: true}\n');
  });

  test('an empty plan says that there is nothing to do', () => {
    const summary = {
      create: 0,
      update: 0,
      delete: 0,
      adopt: 0,
      replace: 0,
      recorded: 0,
      noop: 8,
      blocked: 0,
      foreign: 0,
    };
    const text = plainText(plan({ summary }));
    expect(text).toContain('Nothing to do');
    expect(text).toContain('Plan: no changes, 8 unchanged.\n');
  });

  test('where everything is blocked it does not claim that all is well', () => {
    const text = plainText(plan({ blocked: [blocked()] }));
    expect(text).not.toContain('Nothing to do');
    expect(text).toContain(
      '  ! delete CensusSync/old  "Old"  id 90009\n      prune-off: No manifest declares it any more.',
    );
    expect(text).toContain('Plan: no changes, 0 unchanged, 1 blocked.');
  });

  test('the help for too many deletes is printed once', () => {
    const many = ['a', 'b', 'c'].map((name) =>
      blocked({ address: `CensusSync/${name}`, reason: 'max-deletes', hint: 'Run with --force-deletes 3.' }),
    );
    const text = plainText(plan({ blocked: many }));
    expect(text.match(/--force-deletes 3/g)).toHaveLength(1);
    expect(text.match(/max-deletes: as above\./g)).toHaveLength(2);
  });

  test('fields of a sync that cannot be read back share a line; other notes have their own', () => {
    const note = (address: string, message: string, code: 'unreadable-field' | 'gone' = 'unreadable-field') => ({
      address,
      code,
      message,
    });
    const notes = [
      note('CensusSync/a', '/x cannot be read back; so it is.'),
      note('CensusSync/b', '/x cannot be read back; so it is.'),
      note('CensusSync/a', '/y/z cannot be read back; so it is.'),
      note('CensusSync/a', 'It is gone.', 'gone'),
    ];
    expect(plainText(plan({ notes })).match(/^ {2}CensusSync.*$/gm)).toEqual([
      '  CensusSync/a  unreadable-field: /x, /y/z cannot be read back; so it is.',
      '  CensusSync/b  unreadable-field: /x cannot be read back; so it is.',
      '  CensusSync/a  gone: It is gone.',
    ]);
  });

  test('the worst comes first: deletes, then by impact, then in the order of the plan', () => {
    const changes = [
      change({ address: 'CensusSync/a' }),
      change({ address: 'CensusSync/b', fields: [field({ impact: 'next_run' })] }),
      change({ address: 'CensusSync/c', fields: [field({ impact: 'rekeys' }), field()] }),
      change({ address: 'CensusSync/d', action: 'delete', desired: null, origin: null }),
      change({ address: 'CensusSync/e' }),
    ];
    const text = plainText(plan({ changes }));
    expect([...text.matchAll(/CensusSync\/(\w)/g)].map((match) => match[1])).toEqual(['d', 'c', 'b', 'a', 'e']);
  });

  test.each([
    ['a field that is set for the first time', field({ from: null, to: 5 }), '+ /operation: 5'],
    ['a field that is cleared', field({ from: 'x', to: null }), '- /operation: x → (not set)'],
    ['text that looks like something else', field({ from: 'true', to: true }), '~ /operation: "true" → true'],
    ['an empty text', field({ from: '', to: ' ' }), '~ /operation: "" → " "'],
    ['no cause without a ledger', field({ cause: 'unknown' }), '~ /operation: update → upsert\n'],
    ['drift', field({ cause: 'drift' }), '(changed outside Git)'],
    ['a conflict', field({ cause: 'conflict' }), '(changed in Git and outside)'],
  ])('%s', (_name, one, expected) => {
    expect(plainText(plan({ changes: [change({ fields: [one] })] }))).toContain(expected);
  });

  test('what this plan makes first is named where its id will stand', () => {
    const made = { $ref: 'CensusDataset/users' };
    const fields = [
      field({ path: '/dataset_id', from: 7, to: made }),
      field({ path: '/source', from: null, to: { type: 'model', id: made } }),
      field({ path: '/label', from: 'x', to: 'CensusDataset/users (made by this plan)' }),
    ];
    const desired = { dataset_id: made, source: { object: { type: 'model', id: made } } };
    const text = plainText(plan({ changes: [change({ fields }), change({ action: 'create', desired })] }));
    expect(text).toContain('~ /dataset_id: 7 → CensusDataset/users (made by this plan)  (');
    expect(text).toContain('+ /source: {type: model, id: CensusDataset/users (made by this plan)}');
    expect(text).toContain('~ /label: x → "CensusDataset/users (made by this plan)"');
    expect(text).toContain('+ /dataset_id: CensusDataset/users (made by this plan)\n');
    expect(text).toContain('+ /source/object: {type: model, id: CensusDataset/users (made by this plan)}\n');
  });

  test('a cut parts no character that is written in two halves', () => {
    const same = 'x🙂'.repeat(200);
    const fields = [field({ from: `${same}A`, to: `${same}B` }), field({ from: null, to: same })];
    const desired = { label: `"${'🙂'.repeat(200)}` };
    const text = plainText(plan({ changes: [change({ fields }), change({ action: 'create', desired })] }));
    expect(text).not.toContain('\\ud');
    expect(text).toContain('… (204 characters)\n');
  });

  test('long values are cut around the place where they differ', () => {
    const same = 'x'.repeat(300);
    const text = plainText(plan({ changes: [change({ fields: [field({ from: `${same}A`, to: `${same}B` })] })] }));
    expect(text).toMatch(/…x+A → …x+B /);
    expect(text.split('\n').every((line) => line.length < 300)).toBe(true);
  });

  test.each([
    ['a release', change({ release: true }), 'no longer manages'],
    ['an update without fields', change(), 'nothing is sent'],
    ['an adoption', change({ action: 'adopt' }), 'taken over'],
    ['a replace', change({ action: 'replace' }), 'the old one is deleted'],
    ['what comes first', change({ fields: [field()], depends_on: ['CensusSync/first'] }), 'after CensusSync/first'],
    ['a verdict', change({ validation: { status: 'invalid', message: 'No such field.' } }), 'invalid: No such field.'],
  ])('says of %s what it means', (_name, one, expected) => {
    expect(plainText(plan({ changes: [one] }))).toContain(expected);
  });

  test('what the ledger alone takes note of is one line, and no update', () => {
    const recorded = Array.from({ length: 10 }, (_, index) => change({ address: `CensusSync/users-${index}` }));
    const text = plainText(plan({ changes: [...recorded, change({ fields: [field()] }), change({ release: true })] }));
    expect(text.match(/^ {2}~ update/gm)).toHaveLength(2);
    expect(text).toContain('  10 are recorded only: nothing is sent');
    expect(text).toContain('CensusSync/users-7 and 2 more).');
    expect(text).toContain('Plan: 1 to update, 11 recorded only, 0 unchanged.');
  });

  test('the headline counts what it costs, worst first, and what has no manifest', () => {
    const impacts = ['stops_running', 'full_resync', 'starts_deleting', 'full_resync', 'next_run'] as const;
    const changes = impacts.map((impact, index) =>
      change({ address: `CensusSync/users-${index}`, fields: [field({ impact }), field({ impact })] }),
    );
    const { summary } = plan({ changes });
    const text = plainText(plan({ changes, summary: { ...summary, foreign: 14 } }));
    expect(text).toContain('Impact: 1 starts deleting records, 2 full resyncs, 1 stops running.\n');
    expect(text).toMatch(/14 live things of the kinds in use have no manifest\.\n$/);
  });

  test.each([
    ['nothing', [change({ fields: [field()] })], ''],
    ['a delete', [change({ action: 'delete' }), change({ action: 'delete' })], 'It deletes 2.'],
    [
      'a replace and an impact',
      [change({ action: 'replace', fields: [field({ impact: 'loses_memory' })] })],
      'It replaces 1, 1 forgets what was synced.',
    ],
    ['an impact', [change({ fields: [field({ impact: 'full_resync' })] })], '1 full resync.'],
  ])('whoever is asked is told what is dangerous: %s', (_name, changes, expected) => {
    expect(dangers(plan({ changes }))).toBe(expected);
  });

  test('what is blocked and what deletes stands first', () => {
    const gone = change({ address: 'CensusSync/gone', action: 'delete', desired: null, origin: null });
    const changes = [change({ fields: [field({ impact: 'starts_deleting' })] }), gone];
    const text = plainText(plan({ changes, blocked: [blocked()] }));
    const places = ['Blocked', 'delete CensusSync/gone', 'update CensusSync/users'].map((words) => text.indexOf(words));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places).not.toContain(-1);
  });

  test('notes are shown with their code', () => {
    const notes = [{ address: 'CensusSync/users', code: 'gone', message: 'It is gone.' }] as const;
    expect(plainText(plan({ notes }))).toContain('CensusSync/users  gone: It is gone.');
  });

  test('several targets follow each other, each with its count', () => {
    const text = plainText(plan({ target: 'one' }), plan({ target: 'two' }));
    expect(text.match(/^Plan: /gm)).toHaveLength(2);
    expect(text.indexOf('Target one')).toBeLessThan(text.indexOf('Target two'));
  });

  test('several targets begin with a table of what each comes to, and have a total; one has neither', () => {
    const costly = change({ fields: [field({ impact: 'starts_deleting' })] });
    const plans = [
      plan({ target: 'eu', changes: [costly, change({ action: 'delete', desired: null })] }),
      plan({ target: 'production|us', blocked: [blocked()] }),
    ];
    expect(planText(plans, { colour: false }).split('\n').slice(0, 5)).toEqual([
      'target         create  update  delete  replace  adopt  blocked  impact',
      'eu                  0       1       1        0      0        0  1 starts deleting records',
      'production|us       0       0       0        0      0        1  none',
      '',
      'Target eu: census v1 at app.getcensus.com, workspace 4321',
    ]);
    const total = '2 targets together: 1 to update, 1 to delete, 0 unchanged, 1 blocked.';
    expect(planText(plans, { colour: false }).split('\n').slice(-3)).toEqual([
      '',
      `${total} Impact: 1 starts deleting records.`,
      '',
    ]);
    expect(planMarkdown(plans).split('\n').slice(0, 8)).toEqual([
      '| target | create | update | delete | replace | adopt | blocked | impact |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
      '| eu | 0 | 1 | 1 | 0 | 0 | 0 | 1 starts deleting records |',
      '| production\\|us | 0 | 0 | 0 | 0 | 0 | 1 | none |',
      '',
      `**${total}** 1 starts deleting records.`,
      '',
      expect.stringMatching(/^\*\*Plan for eu: /),
    ]);
    for (const text of [planText([plan()], { colour: false }), planMarkdown([plan()])])
      expect(text).not.toMatch(/create.*update.*delete.*replace|together/);
  });

  test('of a fleet the table shows a hundred, and counts the rest', () => {
    const fleet = Array.from({ length: 120 }, (_, index) => plan({ target: `t${index}`, changes: [change()] }));
    const text = planText(fleet, { colour: false });
    expect(text.split('\n').indexOf('and 20 more')).toBe(101);
    expect(planMarkdown(fleet)).toMatch(/\nand \d+ more\n/);
  });

  test('colours are used only when asked for', () => {
    const plans = [plan({ changes: [change({ fields: [field()] })], blocked: [blocked()] })];
    expect(planText(plans, { colour: true })).toContain('\u001b[');
    expect(planText(plans, { colour: false })).not.toContain('\u001b');
  });
});

/** Foreign text in every place that foreign text can reach. */
function hostile(text: string): Plan {
  const fields = [field({ path: `/${text}`, from: text, to: { [text]: text }, names: { from: text, to: text } })];
  const about = { source: { ...end, name: text, object: text }, destination: null, operation: text, schedule: text };
  const origin = { file: text, line: 1, column: 1 };
  const parts = { address: text, label: text, id: text, origin, fields, about };
  return plan({
    target: text,
    host: text,
    workspace: text,
    changes: [
      change({ ...parts, depends_on: [text], validation: { status: 'invalid', message: text } }),
      change({ ...parts, action: 'create', id: null, desired: { [text]: text, mappings: [{ to: text, from: text }] } }),
    ],
    blocked: [blocked({ ...parts, hint: text })],
    notes: [{ address: text, code: 'gone', message: text }],
  });
}

describe('text from outside cannot break out of', () => {
  test('the terminal', () => {
    const text = planText([hostile('a\u001b[31mb\r\n::error::c\u202ed\u009b')], { colour: false });
    for (const bad of ['\u001b', '\r', '\u202e', '\u009b']) expect(text).not.toContain(bad);
    expect(text).not.toMatch(/^\s*::error/m);
  });

  test('a GitHub annotation', () => {
    const lines = planGithub([hostile('a\n::error::b,file=c:d%0A::set-env')])
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(4);
    for (const line of lines.slice(0, 3))
      expect(line).toMatch(/^::(notice|warning|error) file=[^,:]*,line=1,col=1,title=[^,:]*::/);
    expect(lines[3]).not.toMatch(/^\s*::/);
  });

  test('Markdown', () => {
    const text = planMarkdown([hostile('</details><script>@team **x** [y](http://z) `q` |\n# h')]);
    const prose = text.replaceAll(/^ *(`{3,})diff\n(?:.*\n)*? *\1$/gm, '').replaceAll(/(`+)[^`].*?\1/g, '');
    expect(prose).not.toContain('<script>');
    expect(prose).not.toMatch(/@team|\*\*x\*\*|\]\(http/);
    expect(text).not.toMatch(/^\s*# h/m);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>\n/g)?.length);
  });

  test('HTML', () => {
    const page = planHtml([hostile('"><img src=x onerror=alert(1)></td></title>')]);
    expect(page).not.toContain('<img');
    expect(page.match(/<\/title>/g)?.length).toBe(page.match(/<title[ >]/g)?.length);
    expect(page.match(/<\/td>/g)?.length).toBe(page.match(/<td[ >]/g)?.length);
  });

  test('JSON', () => {
    const file = { version: 1, plans: [hostile('"\u001b\u202e\n')], exit: 0, failed: [], seal: 's' } as const;
    expect(JSON.parse(planJson(file))).toEqual(file);
    for (const bad of ['\u001b', '\u202e']) expect(planJson(file)).not.toContain(bad);
  });
});

describe('the Markdown of a plan', () => {
  test('starts with the counts and what they cost, then blocked, deletes, changes', () => {
    const changes = [
      change({ address: 'CensusSync/changed', fields: [field({ impact: 'full_resync' })] }),
      change({ address: 'CensusSync/gone', action: 'delete', desired: null, origin: null }),
    ];
    const text = planMarkdown([plan({ changes, blocked: [blocked()] })]);
    expect(text.split('\n')[0]).toBe(
      '**Plan for production: 1 to update, 1 to delete, 0 unchanged, 1 blocked.** 1 full resync.',
    );
    expect([...text.matchAll(/^#### (.*)$/gm)].map((match) => match[1])).toEqual(['Blocked', 'Deletes', 'Changes']);
    expect(text).toContain('- **update** `CensusSync/changed` Users (`syncs/users.yaml:3`): **full resync**\n');
    expect(text).toContain('| `/operation` | `update` | `upsert` | changed in Git, full resync |');
  });

  test('an empty plan is two lines', () => {
    expect(planMarkdown([plan()])).toContain('no changes, 0 unchanged.**');
    expect(planMarkdown([plan()])).toContain('Nothing to do: ');
  });

  test('drops detail, never entries, to stay under the limit', () => {
    const fields = Array.from({ length: 10 }, (_, index) => field({ path: `/field_${index}` }));
    const changes = Array.from({ length: 300 }, (_, index) => change({ address: `CensusSync/users-${index}`, fields }));
    const text = planMarkdown([plan({ changes })]);
    expect(text.length).toBeLessThan(60_000);
    expect(text.length).toBeGreaterThan(50_000);
    expect(changes.filter((one) => !text.includes(`\`${one.address}\``))).toEqual([]);
    expect(text).toContain('<details>');
  });

  test('says how many are missing where not even the names fit', () => {
    const changes = Array.from({ length: 10_000 }, (_, index) =>
      change({ address: `CensusSync/users-${index}`, fields: [field()] }),
    );
    const text = planMarkdown([plan({ changes }), plan({ target: 'staging', changes })]);
    expect(text.length).toBeLessThan(60_000);
    const shown = text.match(/`CensusSync\/users-\d+`/g)?.length ?? 0;
    const missing = [...text.matchAll(/and (\d+) more/g)].reduce((sum, match) => sum + Number(match[1]), 0);
    expect(shown + missing).toBe(20_000);
  });
});

describe('the annotations of a plan', () => {
  test('say at its line where protection goes, though nothing is sent', () => {
    const message = 'lifecycle.protect changes from true to false: it is no longer protected.';
    const text = planGithub([
      plan({ changes: [change()], notes: [{ address: 'CensusSync/users', code: 'lifecycle', message }] }),
    ]);
    expect(text).toContain(
      '::warning file=syncs/users.yaml,line=3,col=1,title=update CensusSync/users::lifecycle.protect',
    );
  });

  test('are ten of a level at most, what is blocked first, and the last one counts the rest', () => {
    const changes = Array.from({ length: 30 }, (_, index) =>
      change({ address: `CensusSync/users-${index}`, fields: [field({ impact: 'full_resync' })] }),
    );
    const text = planGithub([plan({ changes, blocked: [blocked()] })]);
    const warnings = text.match(/^::warning.*$/gm) ?? [];
    expect(warnings).toHaveLength(10);
    expect(warnings[0]).toContain('is blocked');
    expect(warnings[9]).toContain('22 more are in the plan.');
  });

  test.each([
    ['a harmless change is a notice', change({ fields: [field()] }), '::notice file=syncs/users.yaml,line=3,col=1,'],
    ['a full resync is a warning', change({ fields: [field({ impact: 'full_resync' })] }), '::warning file='],
    [
      'a delete is a warning without a place',
      change({ action: 'delete', origin: null }),
      '::warning title=delete CensusSync/users::',
    ],
    [
      'what the server rejects is an error',
      change({ validation: { status: 'invalid', message: 'No.' } }),
      '::error file=',
    ],
  ])('%s', (_name, one, expected) => {
    expect(planGithub([plan({ changes: [one] })])).toContain(expected);
  });
});
