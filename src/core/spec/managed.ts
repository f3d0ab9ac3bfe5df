import type { Live } from '../../model/live.ts';
import type { KindTraits } from '../../model/traits.ts';
import { equal } from './equal.ts';

/** Can the thing be one of ours? A list may show others of its kind, which are told apart by a field. */
export function isManaged(traits: KindTraits, live: Pick<Live, 'spec'>): boolean {
  return differing(traits, live).length === 0;
}

/** What makes a thing none of ours, for a sentence: `type "entity_resolution"`. */
export function strangeness(traits: KindTraits, live: Pick<Live, 'spec'>): string {
  return differing(traits, live)
    .map((key) => `${key} ${JSON.stringify(live.spec[key] ?? null)}`)
    .join(' and ');
}

function differing({ managed = {} }: KindTraits, { spec }: Pick<Live, 'spec'>): string[] {
  return Object.keys(managed).filter((key) => !equal(spec[key], managed[key]));
}
