import type { Address } from '../../model/address.ts';
import type { Origin } from '../../model/diagnostic.ts';
import type { Drift, DriftReport } from '../../model/drift.ts';
import type { ToldFailure } from '../../model/failed.ts';
import type { Pointer } from '../../model/json.ts';
import { partWords } from '../part.ts';
import { oneLine } from '../rows.ts';
import { type SarifResult, sarif } from '../sarif.ts';
import { advice, remarks, sides } from './words.ts';

const valueLimit = 200;

const rules = {
  'drift-changed': 'A field was changed outside Git',
  'drift-gone': 'What a manifest declares is gone',
};

/** Where a field of a thing is declared, or the thing itself; for what no manifest declares, where its target is. */
export type PlaceOf = (target: string, address: Address, path: Pointer) => Origin;

/** SARIF 2.1.0, for code scanning: a result for each field that changed outside Git, which stays one alert wherever its line moves. */
export function driftSarif(
  reports: readonly DriftReport[],
  options: {
    readonly tool: string;
    readonly base?: string;
    readonly failed?: readonly ToldFailure[];
    readonly placeOf: PlaceOf;
  },
): string {
  const results = reports.flatMap(({ target, drift }) =>
    drift.flatMap((one) => resultsOf(one, target, options.placeOf)),
  );
  const notes = reports.flatMap(({ target, selection, notes }) =>
    [partWords(selection), ...notes].filter((note) => note !== '').map((note) => `${target}: ${note}`),
  );
  const failures = (options.failed ?? []).map(
    ({ target, code, message, hint }) => `Target ${target} failed: ${code}: ${message} ${hint}`,
  );
  return sarif(results, { tool: options.tool, base: options.base, rules, notes, failures });
}

function resultsOf(drift: Drift, target: string, placeOf: PlaceOf): readonly SarifResult[] {
  const { address, kind, fields } = drift;
  const of = (code: keyof typeof rules, path: Pointer, lines: readonly string[]): SarifResult => ({
    code,
    level: kind === 'gone' ? 'error' : 'warning',
    lines: [...lines, ...remarks(drift).slice(kind === 'gone' ? 1 : 0), advice([drift])],
    place: placeOf(target, address, path),
    identity: `${target} ${address} ${code} ${path}`,
  });
  const head = `${address} of target ${target}`;
  if (kind === 'gone') return [of('drift-gone', '', [`${head}: ${remarks(drift)[0] ?? 'it is gone'}`])];
  return fields.map(({ path, was, now, names }) =>
    of('drift-changed', path, [`${head}: ${path}: ${oneLine(path, was, now, valueLimit, sides(names))}`]),
  );
}
