import { bareEnding, type Ending } from '../../model/failed.ts';
import type { RetirementNote } from '../../model/retirement.ts';
import type { StatusReport, Thing } from '../../model/status.ts';
import { forJson } from '../escape.ts';

/** What `status --format json` prints. */
export function statusJson(
  reports: readonly StatusReport[],
  ending: Ending & { readonly calendar?: readonly RetirementNote[] },
): string {
  const targets = reports.map(({ target, things }) => ({ target, things: things.map(bare) }));
  return `${forJson({ version: 1, targets, notes: ending.calendar ?? [], ...bareEnding(ending) }, 2)}\n`;
}

function bare({ kind, address, id, label, state, origin, protected: shielded, paused, health, url, details }: Thing) {
  const short = {
    kind,
    address,
    id,
    label,
    state,
    file: origin?.file ?? null,
    protected: shielded,
    paused,
    health,
    url,
  };
  return details === undefined
    ? short
    : { ...short, line: origin?.line ?? null, column: origin?.column ?? null, details };
}
