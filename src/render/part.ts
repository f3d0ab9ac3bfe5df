import { isPartial, type Selection } from '../model/plan.ts';

/** More globs than this are counted, not named. */
const mostGlobs = 8;

/** The first characters of a commit's name tell it from others. */
const shortCommit = 12;

/**
 * `Only CensusSync/crm-*; without CensusSync/crm-old; only what differs from commit 0123456789ab, and what refers to that.` Empty where
 * all of a target is meant. Not escaped.
 */
export function partWords(selection: Selection | undefined): string {
  if (selection === undefined || !isPartial(selection)) return '';
  const { only, exclude, changed } = selection;
  const parts = [
    ...(only === null ? [] : [`only ${globs(only)}`]),
    ...(exclude.length === 0 ? [] : [`without ${globs(exclude)}`]),
    ...(changed === null
      ? []
      : [`only what differs from commit ${changed.slice(0, shortCommit)}, and what refers to that`]),
  ];
  return `${parts.join('; ').replace(/^[ow]/, (letter) => letter.toUpperCase())}.`;
}

function globs(all: readonly string[]): string {
  const more = all.length - mostGlobs;
  return `${all.slice(0, mostGlobs).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
