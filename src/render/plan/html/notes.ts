import type { Note } from '../../../model/plan.ts';
import { forHtml } from '../../escape.ts';
import { foldNotes } from '../notes.ts';
import { lines, withCode } from './lines.ts';

/** So many notes of one code are seen without unfolding them. */
const fewNotes = 2;

/** Notes, folded by their code. */
export function notesHtml(id: string, notes: readonly Note[], level: number): string {
  if (notes.length === 0) return '';
  const codes = [...new Set(notes.map(({ code }) => code))];
  return lines([
    `<section id="${id}">`,
    `<h${level}>Notes <span class="dim">${notes.length}</span></h${level}>`,
    ...codes.map((code) =>
      foldHtml(
        code,
        notes.filter((note) => note.code === code),
      ),
    ),
    '</section>',
  ]);
}

function foldHtml(code: Note['code'], notes: readonly Note[]): string {
  const items = foldNotes(notes).map(
    ({ address, message }) => `<li><code>${forHtml(address)}</code> ${withCode(message)}</li>`,
  );
  return lines([
    `<details${items.length <= fewNotes ? ' open' : ''}>`,
    `<summary><code>${forHtml(code)}</code> <span class="dim">${notes.length}</span></summary>`,
    `<ul>${items.join('\n')}</ul>`,
    '</details>',
  ]);
}
