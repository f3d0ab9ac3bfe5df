import type { Diagnostic } from '../../model/diagnostic.ts';
import { forXml } from '../escape.ts';
import { counted, countOf, type DiagnosticReport, leftOut, shownOf } from './report.ts';

/**
 * JUnit XML, for CI systems that list tests: a case for each diagnostic. Errors fail; warnings pass, and are told in the output of the
 * suite. Valid by the schema of Jenkins as by that of Ant, which leave little room: so a case has no line of its own to be found by.
 * `at`: when the check was made.
 */
export function diagnosticsJunit(
  report: DiagnosticReport,
  options: { readonly tool: string; readonly at: Date },
): string {
  const { diagnostics, left } = shownOf(report.diagnostics);
  const cases = diagnostics.map(testCase);
  if (cases.length === 0) cases.push(passed('syncline', `${counted(report.manifests, 'manifest')} valid`));
  if (left > 0) cases.push(passed('syncline', counted(left, 'more problem')));
  const said = [
    ...diagnostics.filter((one) => one.severity === 'warning').map(warning),
    ...(left > 0 ? [leftOut(left)] : []),
  ];
  const counts = `tests="${cases.length}" failures="${countOf({ ...report, diagnostics }, 'error')}" errors="0" time="0"`;
  const when = options.at.toISOString().slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="syncline validate" package="syncline" id="0" timestamp="${when}" hostname="localhost" ${counts}>`,
    `    <properties><property name="tool" value="${forXml(options.tool)}"/></properties>`,
    ...cases,
    `    <system-out>${said.map(forXml).join('\n')}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(one: Diagnostic): string {
  const name = `${one.code} at ${one.line}:${one.column}`;
  if (one.severity === 'warning') return passed(one.file, name);
  const failure = `<failure type="${forXml(one.code)}" message="${forXml(one.message)}">${forXml(place(one))}\n${forXml(one.hint)}</failure>`;
  return `    <testcase ${names(one.file, name)}>\n      ${failure}\n    </testcase>`;
}

/** Where so much is wrong that not all of it is listed, there are failures already. */
function passed(classname: string, name: string): string {
  return `    <testcase ${names(classname, name)}/>`;
}

function names(classname: string, name: string): string {
  return `classname="${forXml(classname)}" name="${forXml(name)}" time="0"`;
}

function warning(one: Diagnostic): string {
  return `warning ${one.code} at ${place(one)}: ${one.message} ${one.hint}`;
}

function place({ file, line, column }: Diagnostic): string {
  return `${file}:${line}:${column}`;
}
