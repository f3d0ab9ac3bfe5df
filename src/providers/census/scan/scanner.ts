import type { Scanner, Sighting } from '../../../model/scan.ts';
import { type Address, addressesIn, namesIn, otherHosts } from './addresses.ts';
import { bodiesIn } from './bodies.ts';
import { callOf } from './endpoints.ts';
import { keysIn, type Speaking } from './keys.ts';
import { orchestratorsIn } from './orchestrators.ts';
import { type Page, pageOf } from './page.ts';
import { movedPaths, piecesIn } from './pieces.ts';
import { targetsIn } from './targets.ts';
import { terraformIn } from './terraform.ts';
import { versionsIn } from './versions.ts';

/** What of API v1 a file speaks; nothing where no word of it, nor its path, has to do with the service. */
export const scanner: Scanner = (file, text) => {
  if (!/census/i.test(text) && !/census/i.test(file)) return [];
  const page = pageOf(file, text);
  const calls = callsIn(page);
  const found = [
    ...calls.sightings,
    ...keysIn(page, calls.speaking),
    ...terraformIn(page),
    ...orchestratorsIn(page),
    ...targetsIn(page),
  ];
  return calls.sightings.length > 0 ? [...found, ...bodiesIn(page)] : found;
};

/** The calls of a page, and what they say of the rest of it. */
function callsIn(page: Page): { readonly sightings: readonly Sighting[]; readonly speaking: Speaking } {
  const addresses = addressesIn(page);
  const names = namesIn(page, addresses);
  const versions = versionsIn(page.text);
  const isOld = ({ says, variable }: Address) => (says === 'versioned' ? versions(variable) : says === 'v1');
  const whole = addresses
    .filter((one) => !one.isMention && isOld(one))
    .map(({ offset, endpoint, isEurope }) => callOf(offset, endpoint, isEurope));
  const sightings = [...whole, ...piecesIn(page, addresses, names, versions), ...movedPaths(page, addresses, names)];
  const speaking = {
    v1: sightings.map(({ offset }) => offset).sort((first, second) => first - second),
    hasV2: addresses.some(({ says, isMention }) => says === 'v2' && !isMention) || /\/api\/v2(?![\w-])/.test(page.text),
    hasOthers: otherHosts(page).length > 0,
  };
  return { sightings, speaking };
}
