// biome-ignore-all lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { diagnosticsGithub } from '../../src/render/diagnostics/github.ts';
import { diagnosticsJson } from '../../src/render/diagnostics/json.ts';
import { diagnosticsJunit } from '../../src/render/diagnostics/junit.ts';
import { diagnosticsSarif } from '../../src/render/diagnostics/sarif.ts';
import { diagnosticsText } from '../../src/render/diagnostics/text.ts';

const error: Diagnostic = {
  severity: 'error',
  code: 'unknown-field',
  message: '"pausd" is not a field of spec.',
  hint: 'Did you mean "paused"?',
  file: 'syncs/users.yaml',
  line: 7,
  column: 13,
};
const warning: Diagnostic = {
  ...error,
  severity: 'warning',
  code: 'deprecated-field',
  file: 'a b/ü,1:2.yaml',
  line: 1,
  column: 1,
};
const nasty: Diagnostic = {
  ...error,
  message: '\u001b[2J"]]><b>`@x`%0A\n::error::',
  hint: '\u202e::stop-commands::x [a](b)',
  file: 'x\n::error::.yaml',
};
const report = { diagnostics: [error, warning], manifests: 3 };
const none = { diagnostics: [], manifests: 1 };
const when = { tool: 'syncline 1.2.3', at: new Date('2026-01-31T10:20:30.400Z') };

describe('text', () => {
  test('three lines for each, and one that counts', () => {
    expect(diagnosticsText(report, { colour: false })).toBe(
      [
        'error unknown-field  syncs/users.yaml:7:13',
        '  "pausd" is not a field of spec.',
        '  hint: Did you mean "paused"?',
        '',
        'warning deprecated-field  a b/ü,1:2.yaml:1:1',
        '  "pausd" is not a field of spec.',
        '  hint: Did you mean "paused"?',
        '',
        '1 error and 1 warning in 3 manifests.',
        '',
      ].join('\n'),
    );
  });

  test('of a project file that is wrong, before any manifest is read', () => {
    const text = diagnosticsText({ diagnostics: [error], manifests: 0 }, { colour: false });
    expect(text).toMatch(/\n1 error and 0 warnings\.\n$/);
  });

  test.each([
    [none, '1 manifest is valid.\n'],
    [{ diagnostics: [], manifests: 0 }, '0 manifests are valid.\n'],
  ])('of nothing', (nothing, expected) => {
    expect(diagnosticsText(nothing, { colour: false })).toBe(expected);
  });

  test('with warnings only is still valid', () => {
    const text = diagnosticsText({ diagnostics: [warning], manifests: 2 }, { colour: false });
    expect(text.split('\n').at(-2)).toBe('2 manifests are valid, with 1 warning.');
  });

  test('colours change nothing but colours', () => {
    const coloured = diagnosticsText(report, { colour: true });
    expect(coloured).toContain('\u001b[31merror\u001b[39m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(diagnosticsText(report, { colour: false }));
  });
});

describe('more than a thousand problems', () => {
  const many = {
    diagnostics: Array.from({ length: 3000 }, (_, index) => ({
      ...(index % 3 === 0 ? error : warning),
      line: index + 1,
    })),
    manifests: 1,
  };
  const few = { ...many, diagnostics: many.diagnostics.filter((one) => one.severity === 'warning' || one.line < 100) };

  test('are counted, and errors are listed before warnings', () => {
    const all = JSON.parse(diagnosticsJson(many));
    expect(all.summary).toEqual({ manifests: 1, errors: 1000, warnings: 2000 });
    expect(all.diagnostics.map((one: Diagnostic) => one.line)).toEqual(
      Array.from({ length: 1000 }, (_, index) => index * 3 + 1),
    );
    const some = JSON.parse(diagnosticsJson(few)).diagnostics;
    expect(some.filter((one: Diagnostic) => one.severity === 'error')).toHaveLength(33);
    expect(some).toHaveLength(1000);
  });

  test('say so in every report', () => {
    const text = diagnosticsText(many, { colour: false });
    expect(text).toMatch(
      /\n\n2000 more problems are counted, and not listed\.\n\n1000 errors and 2000 warnings in 1 manifest\.\n$/,
    );
    expect(text.match(/^ {2}hint:/gm)).toHaveLength(1000);
    expect(diagnosticsJunit(many, when)).toContain('tests="1001" failures="1000"');
    expect(diagnosticsJunit(many, when)).toContain('2000 more problems are counted');
    const [run] = JSON.parse(diagnosticsSarif(many, { tool: 'syncline 1.2.3' })).runs;
    expect(run.results).toHaveLength(1000);
    expect(JSON.stringify(run.invocations)).toContain('2000 more problems');
  });

  test('are ten annotations of a level, of which the last counts the rest', () => {
    const lines = diagnosticsGithub(many).trimEnd().split('\n');
    expect(lines.map((line) => /^::(\w+)/.exec(line)?.[1])).toEqual([
      ...Array.from({ length: 10 }, () => 'error'),
      ...Array.from({ length: 10 }, () => 'warning'),
    ]);
    expect(lines[9]).toBe('::error title=More::991 more errors of this project: `syncline validate` lists them.');
    expect(lines[19]).toBe('::warning title=More::1991 more warnings of this project: `syncline validate` lists them.');
  });
});

test('JSON is the contract to the letter', () => {
  expect(JSON.parse(diagnosticsJson(report))).toEqual({
    version: 1,
    diagnostics: [error, warning],
    summary: { manifests: 3, errors: 1, warnings: 1 },
  });
  expect(Object.keys(JSON.parse(diagnosticsJson(report)).diagnostics[0])).toEqual([
    'severity',
    'code',
    'message',
    'hint',
    'file',
    'line',
    'column',
  ]);
});

test('GitHub commands', () => {
  expect(diagnosticsGithub(report, { base: 'infra/crm' })).toBe(
    [
      '::error file=infra/crm/syncs/users.yaml,line=7,col=13,title=unknown-field::"pausd" is not a field of spec.%0Ahint: Did you mean "paused"?',
      '::warning file=infra/crm/a b/ü%2C1%3A2.yaml,line=1,col=1,title=deprecated-field::"pausd" is not a field of spec.%0Ahint: Did you mean "paused"?',
      '',
    ].join('\n'),
  );
});

describe('SARIF', () => {
  const log = JSON.parse(diagnosticsSarif(report, { tool: 'syncline 1.2.3', base: '' }));

  test('says what it is', () => {
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') });
    expect(log.runs[0].tool.driver).toMatchObject({ name: 'syncline', version: '1.2.3' });
  });

  test('has a rule for each code, and results that point at them', () => {
    const [run] = log.runs;
    expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['deprecated-field', 'unknown-field']);
    expect(run.results[0]).toEqual({
      ruleId: 'unknown-field',
      ruleIndex: 1,
      level: 'error',
      message: { text: '"pausd" is not a field of spec.\nDid you mean "paused"?' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'syncs/users.yaml' },
            region: { startLine: 7, startColumn: 13 },
          },
        },
      ],
    });
    expect(run.results[1].level).toBe('warning');
    expect(run.results[1].locations[0].physicalLocation.artifactLocation.uri).toBe('a%20b/%C3%BC%2C1%3A2.yaml');
  });
});

describe('JUnit', () => {
  test('counts, and fails for errors only', () => {
    const xml = diagnosticsJunit(report, when);
    expect(xml).toContain(
      ' timestamp="2026-01-31T10:20:30" hostname="localhost" tests="2" failures="1" errors="0" time="0">',
    );
    expect(xml).toContain(
      '<failure type="unknown-field" message="&quot;pausd&quot; is not a field of spec.">syncs/users.yaml:7:13\nDid you mean &quot;paused&quot;?</failure>',
    );
    expect(xml).toContain('<system-out>warning deprecated-field at ');
  });

  test('of nothing is one case that passes', () => {
    expect(diagnosticsJunit(none, when)).toContain('<testcase classname="syncline" name="1 manifest valid" time="0"/>');
  });
});

describe('text from manifests breaks out of none of them', () => {
  const all = { diagnostics: [nasty], manifests: 1 };

  test('text', () => {
    const lines = diagnosticsText(all, { colour: false }).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines.join('')).not.toMatch(/[\u001b\u202e]/);
    expect(lines.filter((line) => line.trimStart().startsWith('::'))).toEqual([]);
  });

  test('JSON', () => {
    expect(JSON.parse(diagnosticsJson(all)).diagnostics).toEqual([nasty]);
    expect(diagnosticsJson(all)).not.toMatch(/[\u001b\u202e]/);
  });

  test('GitHub', () => {
    const text = diagnosticsGithub(all);
    expect(text.split('\n')).toHaveLength(2);
    expect(text.match(/^::\w+ .*?::/)?.[0]).toBe(
      '::error file=x\\n%3A%3Aerror%3A%3A.yaml,line=7,col=13,title=unknown-field::',
    );
    expect(text).toContain('%250A');
  });

  test('SARIF', () => {
    const { message, locations } = JSON.parse(diagnosticsSarif(all, { tool: 'syncline 1' })).runs[0].results[0];
    expect(message.text).not.toMatch(/[\u001b\u202e]|\]\(/);
    expect(locations[0].physicalLocation.artifactLocation.uri).toBe('x%5Cn%3A%3Aerror%3A%3A.yaml');
  });

  test('JUnit', () => {
    const xml = diagnosticsJunit(all, when);
    expect(xml).not.toMatch(/<b>|\u001b|\]\]>/);
    const text = xml.replaceAll(/<[?/]?[\w-]+(?: \w+="[^"<]*")*[?/]?>/g, '');
    expect(text).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/);
  });
});
