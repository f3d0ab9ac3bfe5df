import type { Note } from '../../model/plan.ts';

/** Paths that a folded note names at most. */
const most = 8;

/** The notes, with all that say the same about several fields of one sync made into one. Each keeps the place of its first. */
export function foldNotes(notes: readonly Note[]): readonly Note[] {
  const groups = new Map<string, { readonly first: Note; readonly paths: string[]; readonly tail: string }>();
  for (const [index, note] of notes.entries()) {
    const [, path, tail] = note.code === 'unreadable-field' ? (/^(\/\S*)(.*)$/.exec(note.message) ?? []) : [];
    const key = path === undefined ? String(index) : `${note.address} ${tail}`;
    const group = groups.get(key);
    if (group !== undefined && path !== undefined) group.paths.push(path);
    else groups.set(key, { first: note, paths: path === undefined ? [] : [path], tail: tail ?? '' });
  }
  return [...groups.values()].map(({ first, paths, tail }) => {
    if (paths.length < 2) return first;
    const more = paths.length > most ? ` and ${paths.length - most} more` : '';
    return { ...first, message: `${paths.slice(0, most).join(', ')}${more}${tail}` };
  });
}
