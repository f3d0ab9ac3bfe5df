import type { Details, Protection, Thing, Wanted } from '../../model/status.ts';
import { forTerminal } from '../escape.ts';
import { cut, outline, showAt } from '../plan/value.ts';
import { place } from '../plan/words.ts';
import type { Style } from '../style.ts';
import { marksOf, stateWords } from './words.ts';

/** Characters of one value. */
const valueLimit = 160;
/** Fields of a spec, and entries of a list, that are shown. */
const mostFields = 60;
const mostEntries = 12;

type Line = readonly [name: string, value: string];

/** Everything that is known of one address, a line for each fact. */
export function detailsText(thing: Thing, details: Details, paint: Style): string {
  const { address, state } = thing;
  const head = `  ${paint.bold(forTerminal(address ?? ''))}  ${forTerminal(stateWords[state])}`;
  const facts = [...factsOf(thing), ...relationsOf(details), ...historyOf(details)];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `    ${paint.dim(name.padEnd(width))}  ${forTerminal(value)}`);
  return [head, ...lines, ...specLines(details, paint)].join('\n');
}

function factsOf(thing: Thing): readonly Line[] {
  const { id, url, origin, health, details } = thing;
  const marks = marksOf(thing);
  const { declared = null, live = null, applied = null } = details?.labels ?? {};
  return [
    ['id', id ?? '(none)'],
    ...(url === null ? [] : [['page', url] as const]),
    ['manifest', origin === null ? '(none)' : `${place(origin)}`],
    ...labelLines({ declared, live, applied }),
    ['health', health],
    ...(marks.length === 0 ? [] : [['marks', marks.join(', ')] as const]),
  ];
}

/** One line where all sides say the same. */
function labelLines({ declared, live, applied }: Details['labels']): readonly Line[] {
  const said = [declared, live, applied].filter((one) => one !== null);
  const [only] = said;
  if (only === undefined) return [['label', '(none)']];
  if (new Set(said).size === 1) return [['label', quoted(only)]];
  const sides = [
    ['declared', declared],
    ['live', live],
    ['as applied last', applied],
  ] as const;
  return [['label', sides.flatMap(([side, text]) => (text === null ? [] : [`${side} ${quoted(text)}`])).join(', ')]];
}

function quoted(text: string): string {
  return cut(JSON.stringify(text), valueLimit);
}

function relationsOf({ protection, refers_to: referred, referred_by: referrers }: Details): readonly Line[] {
  const uses = referred.map(({ path, name, address }) => {
    const known = address === null || address.endsWith(`/${name}`) ? '' : `, which is ${address}`;
    return `${path} ${quoted(name)}${known}`;
  });
  return [
    ['protected by', protection.length === 0 ? 'nothing' : protection.map(shieldWords).join(', ')],
    ['refers to', listed(uses)],
    ['referred to by', listed(referrers)],
  ];
}

function shieldWords({ by, glob }: Protection): string {
  if (by === 'manifest') return 'its manifest (lifecycle.protect)';
  return by === 'ledger' ? 'the ledger, as applied last' : `${glob} in syncline.yaml`;
}

function listed(all: readonly string[]): string {
  const more = all.length - mostEntries;
  if (all.length === 0) return 'nothing';
  return `${all.slice(0, mostEntries).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function historyOf({ plan, pending, retires, runs }: Details): readonly Line[] {
  return [
    ...(pending === null ? [] : [['create', pendingWords(pending)] as const]),
    ...(retires === null ? [] : [['replaces', `${retires}, which is still to go`] as const]),
    ...(plan === null ? [] : [['plan', planWords(plan)] as const]),
    ...(runs.length === 0 ? [['runs', 'none has touched it'] as const] : []),
    ...runs.map(
      ({ run, at, actor, action, status }, index) =>
        [index === 0 ? 'runs' : '', `${at}  ${action} ${status}, by ${actor} (${run})`] as const,
    ),
  ];
}

function pendingWords({ label, sent_at }: NonNullable<Details['pending']>): string {
  const when = sent_at === null ? 'was to be sent' : `was sent at ${sent_at}`;
  return `one of the label ${quoted(label)} ${when}; its outcome is not known`;
}

/** What `syncline plan` says of it, in a line. */
function planWords({ action, blocked, fields }: Wanted): string {
  if (action === 'none') return 'nothing to do';
  const where = listed(fields.map(({ path, cause }) => `${path}${causes[cause]}`));
  const what = fields.length === 0 ? action : `${action} of ${where}`;
  return blocked === null ? what : `${what}: blocked (${blocked.reason}). ${blocked.hint}`;
}

const causes = { git: ' (Git)', drift: ' (outside Git)', conflict: ' (both)', unknown: '' } as const;

function specLines({ spec }: Details, paint: Style): readonly string[] {
  if (spec === null) return [];
  const fields = outline(spec);
  const shown = fields.slice(0, mostFields).map(([path, value]) => {
    const words = cut(showAt(path, value), valueLimit);
    return `      ${forTerminal(`${path}: ${words}`)}`;
  });
  const more = fields.length - shown.length;
  const rest = more > 0 ? [`      … and ${more} more; \`--format json\` has all of them`] : [];
  return [`    ${paint.dim('spec, as declared')}`, ...shown, ...rest];
}
