import type { PulledManifest, PullReport } from '../../model/pull.ts';
import { forTerminal } from '../escape.ts';

/** What pulls have done, a line each, as a person reads it. */
export function pullText(reports: readonly PullReport[]): string {
  return reports
    .flatMap((report) => linesOf(report).map((line) => `${forTerminal(`${report.target}: ${line}`)}\n`))
    .join('');
}

function linesOf({ manifests, bound, left, notes }: PullReport): string[] {
  const created = manifests.filter(({ action }) => action === 'created').length;
  const counts = [
    `${created} written`,
    `${manifests.length - created} brought up to date`,
    `${bound.length} bound`,
    `${left.length} left as they are`,
  ];
  return [
    ...notes.map((note) => `Note: ${note}`),
    ...manifests.map(sentence),
    ...left.map(({ message }) => `Left: ${message}`),
    `${counts.join(', ')}.`,
  ];
}

function sentence({ action, address, id, file, paths }: PulledManifest): string {
  if (action === 'created') return `+ ${address} (${id}) is now in ${file}`;
  return `~ ${address} (${id}) in ${file}: ${paths.join(', ')}`;
}
