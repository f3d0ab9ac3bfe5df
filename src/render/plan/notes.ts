import type { Note, Plan } from '../../model/plan.ts';
import { withDays } from '../../model/retirement.ts';

/** Paths or addresses that a folded note names at most. */
const most = 8;

/** The notes, those that say the same made into one: about several fields of one sync, or word for word about several. Each keeps the place of its first. */
export function foldNotes(notes: readonly Note[]): readonly Note[] {
  return overSyncs(overFields(notes));
}

/** The notes of a plan as a person reads them: what ends has the days that were left when it was made. */
export function toldNotes({ notes, created_at }: Pick<Plan, 'notes' | 'created_at'>): readonly Note[] {
  const now = new Date(created_at);
  return notes.map((note) =>
    note.on === undefined ? note : { ...note, message: withDays(note.message, note.on, now) },
  );
}

/** Notes without what ends: where days are counted at the end of all, they are not told twice. */
export function timeless<Told extends { readonly code: Note['code'] }>(notes: readonly Told[]): readonly Told[] {
  return notes.filter(({ code }) => code !== 'api-retires');
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
