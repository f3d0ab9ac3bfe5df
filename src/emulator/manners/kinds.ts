import { answeredKinds } from './answered.ts';
import { askedKinds } from './asked.ts';
import type { MannerKind } from './manner.ts';
import { pageKinds } from './pages.ts';
import { rateKinds } from './rate.ts';
import { stateKinds } from './state.ts';

/** Every unkind manner by its name in a fault rule. */
export const mannerKinds: ReadonlyMap<string, MannerKind> = new Map(
  Object.entries({ ...askedKinds, ...pageKinds, ...answeredKinds, ...stateKinds, ...rateKinds }),
);
