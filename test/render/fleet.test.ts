import { describe, expect, test } from 'vitest';
import type { DriftReport } from '../../src/model/drift.ts';
import { driftMarkdown } from '../../src/render/drift/markdown.ts';
import { planMarkdown } from '../../src/render/plan/markdown.ts';
import { reportGithub } from '../../src/render/report/github.ts';
import { reportsMarkdown } from '../../src/render/report/markdown.ts';
import { blocked, change, failure, field, outcome, plan, report } from './build.ts';

/** GitHub refuses comments that are longer. */
const most = 65_536;

const fleet = <One>(count: number, make: (target: string, index: number) => One): readonly One[] =>
  Array.from({ length: count }, (_, index) => make(`w${index}`, index));
const failures = Array.from({ length: 300 }, (_, index) =>
  failure({ target: `lost${index}`, message: 'x'.repeat(90) }),
);

describe('a fleet in one comment', () => {
  test('a plan names the targets with nothing to do, and shows the others', () => {
    const notes = [
      { address: 'CensusSync', code: 'api-retires', message: 'It ends on 2027-01-15.', on: '2027-01-15' },
    ] as const;
    const plans = fleet(300, (target, index) => plan({ target, notes, changes: index % 60 === 0 ? [change()] : [] }));
    const text = planMarkdown(plans);
    expect(text.length).toBeLessThan(most);
    expect(text.match(/^\*\*Plan for /gm)).toHaveLength(5);
    expect(text.match(/^\| w\d+ \|/gm)).toHaveLength(5);
    expect(text).toContain('**Nothing to do** for w1, w2, ');
    expect(text).toContain(' and 195 more.\n');
    const idle = planMarkdown(fleet(300, (target) => plan({ target, notes })));
    expect(idle).toMatch(
      /^\*\*300 targets together: no changes, 0 unchanged\.\*\*\n\n\*\*Nothing to do\*\* for [^\n]* and 200 more\.\n\nIt ends in \d+ days [^\n]*\n$/,
    );
    expect(planMarkdown(fleet(10, (target) => plan({ target }))).match(/^\*\*Plan for /gm)).toHaveLength(10);
  });

  test('a plan counts what does not fit', () => {
    const changes = Array.from({ length: 20 }, (_, index) =>
      change({ address: `CensusSync/c${index}`, fields: [field()] }),
    );
    const text = planMarkdown(
      fleet(600, (target) => plan({ target, changes })),
      failures,
    );
    expect(text.length).toBeLessThan(most);
    const shown = text.match(/^\*\*Plan for /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text).toContain(`**${600 - shown} more plans do not fit here.**`);
  });

  test('a report shows each target at which something was done or is left', () => {
    const outcomes = Array.from({ length: 20 }, (_, index) => outcome({ address: `CensusSync/c${index}` }));
    const reports = fleet(200, (target, index) => report({ target, outcomes: index % 2 === 0 ? outcomes : [] }));
    const text = reportsMarkdown(reports, failures);
    expect(text.length).toBeLessThan(most);
    expect(text.match(/^\*\*w\d+: 20 applied\.\*\*/gm)).toHaveLength(100);
    expect(text).toContain('**Nothing to do** for w1, w3, ');
    const below = text.slice(text.indexOf('**w0: '));
    const lines = below.match(/^- applied/gm)?.length ?? 0;
    const counted = [...below.matchAll(/^- and (\d+) more, which do not fit here$/gm)].map(([, count]) =>
      Number(count),
    );
    expect(lines).toBeGreaterThan(100);
    expect(lines + counted.reduce((sum, one) => sum + one, 0)).toBe(2000);
  });

  test('of no targets says so: GitHub takes no empty comment', () => {
    for (const said of [planMarkdown([]), reportsMarkdown([], []), driftMarkdown([])])
      expect(said).toBe('**No targets, so there is nothing to do.**\n');
  });

  test('drift counts the targets at which nothing has changed', () => {
    const one = { address: 'CensusSync/users', id: '1', label: null, kind: 'gone', fields: [], origin: null } as const;
    const reports = fleet(
      1000,
      (target, index): DriftReport => ({ target, drift: index === 7 ? [one] : [], notes: [] }),
    );
    const text = driftMarkdown(reports);
    expect(text).toMatch(/^\*\*1000 targets together: 1 gone\.\*\*\n\n\*\*Target w7: 1 gone\.\*\*/);
    expect(text).toContain('\n**Nothing has changed outside Git at 999 other targets.**\n');
    const notes = ['The ledger binds nothing.'];
    const calm = driftMarkdown(fleet(1000, (target): DriftReport => ({ target, drift: [], notes })));
    expect(calm.length).toBeLessThan(most);
    expect(calm).toMatch(
      /^\*\*Nothing has changed outside Git\*\* at w0, w1, [^\n]* and 900 more\.\n\n- w0: The ledger /,
    );
    expect(calm.endsWith('\n- and 900 more\n')).toBe(true);
  });
});

test('an apply for GitHub tells of what did not come to its end', () => {
  const outcomes = [
    outcome(),
    outcome({ address: 'CensusSync/a', action: 'update', status: 'failed', error: 'No.\n::error::x' }),
    outcome({ address: 'CensusSync/b', action: 'update', status: 'stale', error: 'It has changed.' }),
  ];
  const stuck = [blocked({ reason: 'foreign', hint: 'Adopt it.' }), blocked({ reason: 'prune-off' })];
  const lines = reportGithub([report({ target: 'x', outcomes, blocked: stuck })], [failure({ target: 'y' })])
    .trimEnd()
    .split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^::error title=Target y failed%3A provider::/);
  expect(lines[1]).toMatch(
    /^::error .*title=update CensusSync\/a%3A failed \(x\)::No\.\\n::error::x%0AFix what it says/,
  );
  expect(lines[2]).toMatch(/^::warning .*title=update CensusSync\/b%3A stale \(x\)::It has changed\./);
  expect(lines[3]).toMatch(/^::warning .* is blocked \(x\)::foreign: Adopt it\.$/);
});
