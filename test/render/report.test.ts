import { describe, expect, test } from 'vitest';
import { reportJson } from '../../src/render/report/json.ts';
import { reportMarkdown } from '../../src/render/report/markdown.ts';
import { reportText } from '../../src/render/report/text.ts';
import { blocked, failure, outcome, report } from './build.ts';

const applied = { colour: false, dryRun: false, notes: true };

test('a report of a part says so in Markdown too', () => {
  const selection = { only: ['*/a*'], exclude: ['*/b'], changed: '0123456789'.repeat(4) };
  expect(reportMarkdown(report({ selection, outcomes: [outcome()] }))).toMatch(
    /^\*\*1 applied\.\*\* Only \\\*\/a\\\*; without \\\*\/b; only what differs from commit 012345678901, and what refers to that\\\.\n\n/,
  );
});

describe('the text of a report', () => {
  test('names run, outcomes with their reasons, and the end', () => {
    const outcomes = [
      outcome({ action: 'create', id: '90002', address: 'CensusSync/new' }),
      outcome({ status: 'failed', error: 'PATCH answered 422.' }),
      outcome({ status: 'skipped', id: null, error: 'CensusSync/users failed.', address: 'CensusSync/child' }),
    ];
    expect(reportText([report({ outcomes, converged: false })], applied)).toBe(
      [
        'Target production  run 20261121T100000Z-1a2b3c',
        '  applied  create CensusSync/new  id 90002',
        '  failed   update CensusSync/users  id 90001',
        '      PATCH answered 422.',
        '      Fix what it says, then apply again.',
        '  skipped  update CensusSync/child',
        '      CensusSync/users failed.',
        '      Nothing was sent for it; fix the rest, then apply again.',
        'Apply: 1 applied, 1 failed, 1 skipped. Something is left to do; plan again to see it.',
        '',
      ].join('\n'),
    );
  });

  test('says of what failed where its manifest stands, why it failed and what to do', () => {
    const origin = { file: 'syncs/users.yaml', line: 3, column: 1 };
    const one = (parts: Parameters<typeof outcome>[0]) => outcome({ origin, error: 'PATCH answered 422.', ...parts });
    const said = (parts: Parameters<typeof outcome>[0]) =>
      reportText([report({ outcomes: [one(parts)], converged: false })], applied)
        .split('\n')
        .slice(1, -2);
    expect(said({ status: 'failed' })).toEqual([
      '  failed  update CensusSync/users  id 90001  syncs/users.yaml:3',
      '      PATCH answered 422.',
      '      Fix what it says, then apply again.',
    ]);
    expect(said({ status: 'stale' }).at(-1)).toMatch(/^ {6}Plan again/);
    expect(said({ status: 'skipped' }).at(-1)).toMatch(/^ {6}Nothing was sent/);
    expect(said({ status: 'unconfirmed' }).at(-1)).toMatch(/^ {6}Look at it in the service/);
    expect(said({ status: 'invalid' }).at(-1)).toMatch(/^ {6}Correct the manifest/);
    expect(said({ status: 'applied', error: null })).toEqual(['  applied  update CensusSync/users  id 90001']);
    const stuck = reportText([report({ blocked: [blocked({ origin })] })], applied);
    expect(stuck).toContain('  blocked  delete CensusSync/old  prune-off  syncs/users.yaml:3\n');
  });

  test('has failures last, however many went well after them', () => {
    const outcomes = [
      outcome({ status: 'failed', error: 'PATCH answered 422.', address: 'CensusSync/bad' }),
      ...Array.from({ length: 30 }, (_, index) => outcome({ address: `CensusSync/good-${index}` })),
    ];
    const text = reportText([report({ outcomes, converged: false })], applied);
    expect(text.split('\n').at(-5)).toContain('failed   update CensusSync/bad');
  });

  test('says once what holds for several syncs word for word', () => {
    const notes = Array.from({ length: 11 }, (_, index) => {
      return { address: `FabraSync/s${index}`, code: 'local-check', message: 'Checked here only.' } as const;
    });
    const text = reportText([report({ notes })], applied);
    expect(text).toContain(
      'FabraSync/s0: Checked here only. The same goes for FabraSync/s1, FabraSync/s2, FabraSync/s3, FabraSync/s4, FabraSync/s5, FabraSync/s6, FabraSync/s7, FabraSync/s8 and 2 more.',
    );
    expect(text.match(/Checked here only/g)).toHaveLength(1);
  });

  test.each([
    ['nothing to do', report(), applied, 'Apply: nothing to do. Everything live is as planned.'],
    [
      'only what is meant to stay',
      report({ converged: true, blocked: [blocked({ reason: 'prune-off', wanted: 'delete' })] }),
      applied,
      'Apply: nothing to do. Everything else is as planned; one that is blocked stays as it is.',
    ],
    [
      'only what is blocked',
      report({ converged: false, blocked: [blocked({ reason: 'immutable' })] }),
      applied,
      'Apply: 1 blocked. What is blocked is left; its reason says what to do.',
    ],
    [
      'something beside what is blocked',
      report({ converged: false, blocked: [blocked({ reason: 'immutable' })], outcomes: [outcome()] }),
      applied,
      'Apply: 1 applied, 1 blocked. The rest is as planned; what is blocked is left.',
    ],
    ['stopped', report({ interrupted: true, converged: false }), applied, 'Stopped before the end'],
    [
      'a dry run',
      report({ run: null, converged: false, outcomes: [outcome({ status: 'valid' })] }),
      { colour: false, dryRun: true, notes: true },
      'Dry run: 1 valid. Nothing was written.',
    ],
    [
      'a dry run in which the service has written',
      report({ run: null, converged: false, outcomes: [outcome({ status: 'unchecked' })], wrote: true }),
      { colour: false, dryRun: true, notes: true },
      'Dry run: 1 unchecked. It was stopped.',
    ],
  ])('%s', (_name, one, options, expected) => {
    expect(reportText([one], options)).toContain(expected);
  });

  test('escapes what comes from outside', () => {
    const bad = 'a\u001b[2J\n::error::b';
    const outcomes = [outcome({ address: bad, id: bad, error: bad })];
    const notes = [{ address: bad, code: 'gone', message: bad }] as const;
    const text = reportText([report({ target: bad, run: bad, outcomes, notes })], applied);
    expect(text).not.toContain('\u001b');
    expect(text).not.toMatch(/^\s*::/m);
  });
});

test('the JSON of a report has the promised keys and no others', () => {
  const value: unknown = JSON.parse(
    reportJson([report({ outcomes: [outcome()], wrote: true })], { exit: 5, failed: [failure()] }),
  );
  expect(value).toEqual({
    version: 1,
    notes: [],
    reports: [
      {
        target: 'production',
        run: '20261121T100000Z-1a2b3c',
        converged: true,
        outcomes: [{ address: 'CensusSync/users', action: 'update', status: 'applied', id: '90001', error: null }],
        blocked: [],
      },
    ],
    exit: 5,
    failed: [{ target: 'staging', exit: 1, code: 'provider', message: 'GET /syncs: no answer' }],
  });
});

test('a run that did nothing and is not done does not say that there is nothing to do', () => {
  const text = reportText([report({ converged: false })], { colour: false, dryRun: false, notes: false });
  expect(text).toContain('Apply: nothing was done.');
  expect(text).not.toContain('nothing to do');
});
