import type { LawWorld } from './world.ts';

/** Worlds of two kinds in which a promise was broken once, shrunk. */
export const foundOfTwo: readonly LawWorld[] = [];
