import type { About, Endpoint } from '../../model/about.ts';
import type { Blocked, Change } from '../../model/plan.ts';
import { cut } from './value.ts';

/** Characters of one line; a name may be as long as somebody likes. */
const limit = 300;

/** What a thing is, for whom it comes or goes: one line, or none. An update is told by its fields. Not escaped. */
export function whatItIs({ action, release, about }: Pick<Change, 'action' | 'release' | 'about'>): readonly string[] {
  return action === 'update' && !release ? [] : lines(about);
}

/** The same of what is blocked. Not escaped. */
export function whatIsBlocked({ wanted, about }: Pick<Blocked, 'wanted' | 'about'>): readonly string[] {
  return wanted === 'update' ? [] : lines(about);
}

function lines(about: About | null): readonly string[] {
  const words = about === null ? '' : aboutWords(about);
  return words === '' ? [] : [cut(words, limit)];
}

/** `Snowflake Prod · PUBLIC.USERS → Salesforce · Contact, upsert, daily at 04:15`; what is not known is left out. */
function aboutWords({ source, destination, operation, schedule }: About): string {
  const when = schedule === 'never' ? 'runs by hand only' : schedule;
  return [way(endWords(source), endWords(destination)), operation, when].filter(isSaid).join(', ');
}

function way(from: string, to: string): string {
  if (from !== '' && to !== '') return `${from} → ${to}`;
  if (from !== '') return `from ${from}`;
  return to === '' ? '' : `into ${to}`;
}

/** What nobody knows the name of is called by its id. */
function endWords(end: Endpoint | null): string {
  if (end === null) return '';
  const { id, name, object } = end;
  return [name ?? (id === null ? null : `id ${id}`), object].filter(isSaid).join(' · ');
}

function isSaid(words: string | null): boolean {
  return words !== null && words !== '';
}
