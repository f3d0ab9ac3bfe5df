import type { PulledManifest, PullReport, TakenBack } from '../../model/pull.ts';
import { forTerminal } from '../escape.ts';
import { cut, showNamed } from '../plan/value.ts';

/** Characters of one value; longer ones are cut. */
const valueLimit = 160;

/** What pulls have done, a line each, as a person reads it; and where they wrote files, how to go on. */
export function pullText(reports: readonly PullReport[]): string {
  const lines = reports.flatMap((report) => linesOf(report).map((line) => `${report.target}: ${line}`));
  const wrote = reports.some(({ manifests }) => manifests.length > 0);
  return [...lines, ...(wrote ? [advice] : [])].map((line) => `${forTerminal(line)}\n`).join('');
}

const advice = 'Next: `syncline validate`, review and commit the files, and after the merge run `syncline apply` once.';

function linesOf({ manifests, bound, left, notes }: PullReport): string[] {
  const created = manifests.filter(({ action }) => action === 'created').length;
  const back = manifests.reduce((sum, one) => sum + one.taken_back.length, 0);
  const counts = [
    `${created} written`,
    `${manifests.length - created} brought up to date`,
    `${bound.length} bound`,
    `${left.length} left as they are`,
  ];
  return [
    ...notes.map((note) => `Note: ${note}`),
    ...manifests.flatMap((one) => [sentence(one), ...one.taken_back.map((back) => backSentence(one, back))]),
    ...left.map(({ message }) => `Left: ${message}`),
    ...(back === 0 ? [] : [backSummary(back)]),
    `${counts.join(', ')}.`,
  ];
}

function sentence({ action, address, id, file, paths }: PulledManifest): string {
  if (action === 'created') return `+ ${address} (${id}) is now in ${file}`;
  return `~ ${address} (${id}) in ${file}: ${paths.join(', ')}`;
}

function backSentence({ address, file }: PulledManifest, { path, value, name }: TakenBack): string {
  const said = cut(showNamed(path, value, name), valueLimit);
  return `Taken back: ${path} of ${address} in ${file} was ${said}, a change that was not applied`;
}

function backSummary(count: number): string {
  const what = count === 1 ? '1 change that was not applied was' : `${count} changes that were not applied were`;
  return `${what} taken back in the files; \`syncline pull --drifted\` leaves such changes alone.`;
}
