import { bareEnding, type Ending } from '../../model/failed.ts';
import type { ApplyReport } from '../../model/outcome.ts';
import { forJson } from '../escape.ts';

/** What `apply --format json` prints. */
export function reportJson(reports: readonly ApplyReport[], ending: Ending): string {
  const shown = reports.map(({ target, run, converged, outcomes, blocked }) => ({
    target,
    run,
    converged,
    outcomes: outcomes.map(({ address, action, status, id, error }) => ({ address, action, status, id, error })),
    blocked,
  }));
  return `${forJson({ version: 1, reports: shown, ...bareEnding(ending) }, 2)}\n`;
}
