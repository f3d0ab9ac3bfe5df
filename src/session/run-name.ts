import { randomBytes } from 'node:crypto';

/** A name for a run that begins now: sortable by time, and two runs of one moment are told apart by chance. */
export function runName(now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}
