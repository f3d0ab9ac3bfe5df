import type { Diagnostic } from '../../model/diagnostic.ts';
import { forXml } from '../escape.ts';
import { counted, countOf, type DiagnosticReport, leftOut, shownOf } from './report.ts';

/** JUnit XML, for CI systems that list tests: a case for each diagnostic; errors fail, warnings pass with a remark. */
export function diagnosticsJunit(report: DiagnosticReport): string {
  const { diagnostics, left } = shownOf(report.diagnostics);
  const cases = diagnostics.map(testCase);
  const shown = { ...report, diagnostics };
  if (cases.length === 0) {
    cases.push(`    <testcase classname="syncline" name="${counted(report.manifests, 'manifest')} valid"/>`);
  }
  if (left > 0) cases.push(restCase(left));
  const counts = `tests="${cases.length}" failures="${countOf(shown, 'error')}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="syncline validate" ${counts}>`,
    `  <testsuite name="syncline validate" ${counts} skipped="0">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** Where so much is wrong that not all of it is listed, there are failures already. */
function restCase(left: number): string {
  const output = `<system-out>${forXml(leftOut(left))}</system-out>`;
  return `    <testcase classname="syncline" name="${counted(left, 'more problem')}">\n      ${output}\n    </testcase>`;
}

function testCase(one: Diagnostic): string {
  const place = `${one.file}:${one.line}:${one.column}`;
  const name = `${one.code} at ${one.line}:${one.column}`;
  const body =
    one.severity === 'error'
      ? `<failure type="${forXml(one.code)}" message="${forXml(one.message)}">${forXml(place)}\n${forXml(one.hint)}</failure>`
      : `<system-out>warning: ${forXml(one.message)}\n${forXml(one.hint)}</system-out>`;
  return `    <testcase classname="${forXml(one.file)}" file="${forXml(one.file)}" line="${one.line}" name="${forXml(name)}">\n      ${body}\n    </testcase>`;
}
