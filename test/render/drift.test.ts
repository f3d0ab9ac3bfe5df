import { describe, expect, it } from 'vitest';
import type { Drift, DriftReport } from '../../src/model/drift.ts';
import { Exit } from '../../src/model/errors.ts';
import { driftGithub } from '../../src/render/drift/github.ts';
import { driftJson } from '../../src/render/drift/json.ts';
import { driftMarkdown } from '../../src/render/drift/markdown.ts';
import { driftText } from '../../src/render/drift/text.ts';
import { failure } from './build.ts';

const paused = { path: '/paused', was: false, now: true };

function drift(parts: Partial<Drift> = {}): Drift {
  return {
    address: 'CensusSync/users',
    id: '90001',
    label: 'Users to CRM',
    kind: 'changed',
    fields: [paused],
    origin: { file: 'syncs/users.yaml', line: 3, column: 1 },
    ...parts,
  };
}

function report(parts: Partial<DriftReport> = {}): DriftReport {
  return { target: 'production', drift: [drift()], notes: [], ...parts };
}

const gone = drift({ address: 'CensusSync/old', id: '7', kind: 'gone', fields: [], origin: null });
const text = (...reports: readonly DriftReport[]) => driftText(reports, { colour: false });

describe('a drift report in text', () => {
  it('has a count per target, a line per field, and a last line on how to go on', () => {
    const lines = text(report({ drift: [drift(), gone] }), report({ target: 'staging', drift: [] })).split('\n');
    expect(lines).toEqual([
      'Target production: 1 changed outside Git, 1 gone.',
      '  ~ changed CensusSync/users  "Users to CRM"  id 90001  syncs/users.yaml:3',
      '      ~ /paused: false → true',
      '  - gone CensusSync/old  "Users to CRM"  id 7',
      '      7 no longer exists',
      '      no manifest declares it any more',
      '',
      'Target staging: nothing changed outside Git.',
      '',
      '2 targets together: 1 changed outside Git, 1 gone.',
      '',
      expect.stringMatching(
        /^`syncline apply` puts it back.*, where the API can change it; .*takes it into the manifest.*you decide that\. What no manifest declares/,
      ),
      '',
    ]);
  });

  it('promises `pull --drifted` only where there is a manifest and something live to write into it', () => {
    const { origin } = drift();
    const last = (...found: readonly Drift[]) =>
      text(report({ drift: found }))
        .trimEnd()
        .split('\n')
        .at(-1);
    expect(last({ ...gone, origin })).toMatch(/^`syncline apply` makes again what is gone; .* delete its manifest\.$/);
    expect(last(gone)).toMatch(/^What no manifest declares .*forgets/);
    expect(last(drift({ origin: null }))).not.toContain('pull');
    for (const found of [gone, { ...gone, origin }]) {
      expect(text(report({ drift: [found] }))).not.toContain('pull');
      expect(driftMarkdown([report({ drift: [found] })])).not.toContain('pull');
    }
  });

  it('is one line where nothing has changed, with what could not be told before it', () => {
    expect(text(report({ drift: [] }))).toBe('Nothing has changed outside Git.\n');
    const said = text(report({ drift: [], notes: ['The ledger binds nothing.'] }));
    expect(said).toContain('  The ledger binds nothing.\n');
    expect(said).toMatch(/\nNothing has changed outside Git\.\n$/);
  });

  it('has names beside ids, where they are known, in every format', () => {
    const names = { was: 'Salesforce', now: 'HubSpot' };
    const moved = drift({ fields: [{ path: '/destination_attributes/connection_id', was: 601, now: 602, names }] });
    const line = '/destination_attributes/connection_id: "Salesforce" (601) → "HubSpot" (602)';
    expect(text(report({ drift: [moved] }))).toContain(line);
    expect(driftGithub([report({ drift: [moved] })])).toContain(line);
    expect(driftMarkdown([report({ drift: [moved] })])).toContain('| `"Salesforce" (601)` | `"HubSpot" (602)` |');
    expect(
      JSON.parse(driftJson([report({ drift: [moved] })], { exit: Exit.changes, failed: [] })).reports[0].drift[0]
        .fields,
    ).toEqual(moved.fields);
  });

  it('is coloured only where asked', () => {
    expect(driftText([report()], { colour: true })).toContain('\u001b[');
    expect(text(report())).not.toContain('\u001b[');
  });
});

it('in JSON has the published fields and no others', () => {
  expect(JSON.parse(driftJson([report({ notes: ['a note'] })], { exit: Exit.changes, failed: [failure()] }))).toEqual({
    version: 1,
    notes: [],
    reports: [
      {
        target: 'production',
        drift: [
          {
            address: 'CensusSync/users',
            id: '90001',
            label: 'Users to CRM',
            kind: 'changed',
            fields: [paused],
            origin: { file: 'syncs/users.yaml', line: 3, column: 1 },
          },
        ],
      },
    ],
    exit: 2,
    failed: [{ target: 'staging', exit: 1, code: 'provider', message: 'GET /syncs: no answer' }],
  });
});

describe('in Markdown', () => {
  it('lists syncs with a table of their fields', () => {
    const said = driftMarkdown([report({ drift: [drift(), gone], notes: ['Mind this.'] })]);
    expect(said).toContain('**Target production: 1 changed outside Git, 1 gone.**\n');
    expect(said).toContain('\n- **changed** `CensusSync/users` Users to CRM (`syncs/users.yaml:3`)\n');
    expect(said).toContain('\n  | `/paused` | `false` | `true` |\n');
    expect(said).toContain('\nMind this\\.\n');
    expect(driftMarkdown([report({ drift: [] })])).toBe('**Nothing has changed outside Git.**\n');
  });

  it('drops detail before syncs where it grows too long, and counts what it leaves out', () => {
    const many = (count: number, value: string) =>
      Array.from({ length: count }, (_, index) =>
        drift({ address: `CensusSync/s${index}`, fields: [{ path: '/label', was: value, now: `${value}!` }] }),
      );
    const some = driftMarkdown([report({ drift: many(300, 'x'.repeat(150)) })]);
    expect(some.length).toBeLessThan(65_536);
    for (const one of many(300, '')) expect(some).toContain(`\`${one.address}\``);
    const all = driftMarkdown([report({ drift: many(5000, 'x') })]);
    expect(all.length).toBeLessThan(65_536);
    expect(all).toMatch(/\n- and \d+ more, which do not fit here\n/);
  });
});

describe('for GitHub', () => {
  it('warns at the line of each manifest, and says nothing else', () => {
    expect(driftGithub([report({ drift: [drift(), gone] })], { base: 'crm' })).toBe(
      '::warning title=CensusSync/old is gone (production)::7 no longer exists%0Ano manifest declares it any more\n' +
        '::warning file=crm/syncs/users.yaml,line=3,col=1,title=CensusSync/users changed outside Git (production)::/paused: false → true\n',
    );
    expect(driftGithub([report({ drift: [], notes: ['a note'] })])).toBe('');
  });

  it('stays within the ten that GitHub shows, and the last one counts the rest', () => {
    const many = report({ drift: [...Array.from({ length: 30 }, () => drift()), gone] });
    const lines = driftGithub([many, many]).trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines.slice(0, 2).every((line) => line.includes('is gone'))).toBe(true);
    expect(lines[9]).toBe('::warning title=More::53 more are in the report.');
  });
});

describe('promise 13: foreign text cannot break out', () => {
  const bad = '\u001b[31m\n::error::x\r\u202e @team <b>`|';
  const hostile = [
    report({
      target: bad,
      notes: [bad],
      drift: [
        drift({
          address: bad,
          id: bad,
          label: bad,
          fields: [{ path: `/${bad}`, was: bad, now: { [bad]: bad }, names: { was: bad, now: bad } }],
          origin: { file: `a,b:${bad}`, line: 1, column: 1 },
        }),
      ],
    }),
  ];

  it.each([
    ['text', text(...hostile), 0],
    ['markdown', driftMarkdown(hostile), 0],
    ['github', driftGithub(hostile), 1],
    ['json', driftJson(hostile, { exit: Exit.ok, failed: [] }), 0],
  ])('%s', (_format, said, commands) => {
    for (const hidden of ['\u001b', '\r', '\u202e']) expect(said).not.toContain(hidden);
    expect(said.match(/^\s*::/gm) ?? []).toHaveLength(commands);
  });

  it('nor be markup, or end a property of a command', () => {
    const prose = driftMarkdown(hostile)
      .replaceAll('\\`', '')
      .replaceAll(/(`+)[^`].*?\1(?!`)/g, '');
    expect(prose).toContain('changed outside Git');
    expect(prose).not.toMatch(/@team|<b>/);
    expect(driftGithub(hostile)).toMatch(/^::warning file=[^,:]*,line=1,col=1,title=[^,:]*::/);
  });
});
