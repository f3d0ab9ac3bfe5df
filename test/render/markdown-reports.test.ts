import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { Exit, SynclineError } from '../../src/model/errors.ts';
import { diagnosticsMarkdown } from '../../src/render/diagnostics/markdown.ts';
import { reportMarkdown } from '../../src/render/report/markdown.ts';
import { blocked, outcome, report } from './build.ts';

/** Anything that a manifest or a service may put into a report, and what must not come out of it. */
const hostile = 'x\n::error::y <img src=z> @octocat | [a](b)';

describe('an apply as Markdown', () => {
  test('counts, and says first what did not come to its end', () => {
    const text = reportMarkdown(
      report({
        outcomes: [
          outcome({ address: 'CensusSync/a' }),
          outcome({ address: 'CensusSync/b', status: 'stale', error: 'It has changed.' }),
          outcome({ address: 'CensusSync/c', action: 'create', status: 'failed', id: null, error: 'POST /syncs: 500' }),
        ],
        blocked: [
          blocked(),
          blocked({ address: 'CensusSync/d', wanted: 'create', reason: 'foreign', hint: 'Adopt it.' }),
        ],
      }),
    );
    expect(text).toBe(
      [
        '**1 stale, 1 failed, 1 blocked, 1 applied.**',
        '',
        '- **stale** update `CensusSync/b` (id `90001`)',
        '  - It has changed\\.',
        '  - Plan again, and review what has changed since\\.',
        '- **failed** create `CensusSync/c`',
        '  - POST /syncs\\: 500',
        '  - Fix what it says, then apply again\\.',
        '- **blocked** create `CensusSync/d`',
        '  - **foreign**: Adopt it\\.',
        '- applied update `CensusSync/a` (id `90001`)',
        '',
      ].join('\n'),
    );
  });

  test('nothing to do is said, and so is what kept the run from its end', () => {
    expect(reportMarkdown(report())).toBe('**Nothing to do.**\n\n');
    const fault = new SynclineError('lease-lost', 'The lease ran out.', 'Run again.', Exit.partial);
    expect(reportMarkdown(report({ fault }))).toContain('- **lease-lost** The lease ran out\\. Run again\\.\n');
  });

  test('is cut where a comment ends, and the rest is counted', () => {
    const outcomes = Array.from({ length: 5000 }, (_, index) => outcome({ address: `CensusSync/sync-${index}` }));
    const text = reportMarkdown(report({ outcomes }));
    expect(text.length).toBeLessThan(52_000);
    const shown = text.match(/^- applied /gm)?.length ?? 0;
    expect(text).toContain(`- and ${5000 - shown} more, which do not fit here\n`);
  });

  test('nothing breaks out of it', () => {
    const text = reportMarkdown(report({ outcomes: [outcome({ status: 'failed', error: hostile })] }));
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(1);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toMatch(/<img|@octocat|\]\(b\)/);
  });
});

describe('diagnostics as Markdown', () => {
  const one: Diagnostic = {
    severity: 'error',
    code: 'unknown-key',
    message: 'There is no key "operatoin".',
    hint: 'Did you mean "operation"?',
    file: 'syncs/users.yaml',
    line: 5,
    column: 3,
  };

  test('name place, code, fact and help, a line each', () => {
    expect(diagnosticsMarkdown({ diagnostics: [one], manifests: 1 })).toBe(
      '- **error** `unknown-key` `syncs/users.yaml:5:3` There is no key &quot;operatoin&quot;\\. Did you mean &quot;operation&quot;?\n',
    );
  });

  test('are cut where a comment ends, and the rest is counted', () => {
    const text = diagnosticsMarkdown({ diagnostics: Array.from({ length: 1500 }, () => one), manifests: 1 });
    expect(text.length).toBeLessThan(51_000);
    const shown = text.match(/^- \*\*error/gm)?.length ?? 0;
    expect(text).toContain(`- ${1500 - shown} more problems are counted, and not listed\\.\n`);
  });

  test('nothing breaks out of them', () => {
    const text = diagnosticsMarkdown({ diagnostics: [{ ...one, message: hostile, file: '`a`|b' }], manifests: 1 });
    expect(text.split('\n')).toHaveLength(2);
    expect(text).not.toMatch(/<img|@octocat|\]\(b\)/);
  });
});
