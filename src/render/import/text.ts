import type { ImportReport } from '../../model/import.ts';
import { forTerminal } from '../escape.ts';

/** What an import has done, a line each, as a person reads it; then how the other tool lets go, and what to do next. */
export function importText(reports: readonly ImportReport[]): string {
  const lines = reports.flatMap((report) => [
    ...linesOf(report).map((line) => `${report.target}: ${line}`),
    ...releaseLines(report),
  ]);
  const wrote = reports.some(({ manifests }) => manifests.length > 0);
  return [...lines, ...(wrote ? ['', advice] : [])].map((line) => `${forTerminal(line)}\n`).join('');
}

const advice = 'Next: `syncline plan`, review and commit the files, and after the merge run `syncline apply` once.';

function linesOf({ manifests, bound, left, notes, differences, known }: ImportReport): string[] {
  const counts = [
    `${manifests.length} written`,
    `${bound.length} bound`,
    `${known} managed here already`,
    `${differences.length} not as live`,
    `${left.length} left`,
  ];
  return [
    ...notes.map((note) => `Note: ${note}`),
    ...manifests.map(({ address, id, file }) => `+ ${address} (${id}) is now in ${file}`),
    ...differences.map(({ address, paths }) => `Differs: ${address} is live with other values of ${paths.join(', ')}`),
    ...left.map(({ message }) => `Left: ${message}`),
    `${counts.join(', ')}.`,
  ];
}

/** The blocks stand by themselves, so that they can be copied. */
function releaseLines({ release }: ImportReport): string[] {
  if (release === null || release.advice.length === 0) return [];
  return ['', ...release.advice, ...(release.text === '' ? [] : ['', ...release.text.trimEnd().split('\n')])];
}
