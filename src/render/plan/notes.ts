import type { Note } from '../../model/plan.ts';

/** Paths or addresses that a folded note names at most. */
const most = 8;

/** The notes, those that say the same made into one: about several fields of one sync, or word for word about several. Each keeps the place of its first. */
export function foldNotes(notes: readonly Note[]): readonly Note[] {
  return overSyncs(overFields(notes));
}

function overFields(notes: readonly Note[]): readonly Note[] {
  const groups = new Map<string, { readonly first: Note; readonly paths: string[]; readonly tail: string }>();
  for (const [index, note] of notes.entries()) {
    const [, path, tail] = note.code === 'unreadable-field' ? (/^(\/\S*)(.*)$/.exec(note.message) ?? []) : [];
    const key = path === undefined ? String(index) : `${note.address} ${tail}`;
    const group = groups.get(key);
    if (group !== undefined && path !== undefined) group.paths.push(path);
    else groups.set(key, { first: note, paths: path === undefined ? [] : [path], tail: tail ?? '' });
  }
  return [...groups.values()].map(({ first, paths, tail }) =>
    paths.length < 2 ? first : { ...first, message: `${cutList(paths)}${tail}` },
  );
}

function overSyncs(notes: readonly Note[]): readonly Note[] {
  const groups = new Map<string, { readonly first: Note; readonly others: string[] }>();
  for (const note of notes) {
    const key = JSON.stringify([note.code, note.message]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: note, others: [] });
    else group.others.push(note.address);
  }
  return [...groups.values()].map(({ first, others }) =>
    others.length === 0 ? first : { ...first, message: `${first.message} The same goes for ${cutList(others)}.` },
  );
}

function cutList(words: readonly string[]): string {
  return `${words.slice(0, most).join(', ')}${words.length > most ? ` and ${words.length - most} more` : ''}`;
}
