import type { ToldFailure } from '../../model/failed.ts';
import type { Blocked, Change, FieldChange, Note, Plan } from '../../model/plan.ts';
import { forHtml } from '../escape.ts';
import { failedHtml } from '../failed.ts';
import { partWords } from '../part.ts';
import { compare, htmlRows } from '../rows.ts';
import { foldNotes } from './notes.ts';
import { outline, showAt } from './value.ts';
import {
  arranged,
  called,
  costs,
  counts,
  foreignWords,
  impactWords,
  nothingWords,
  place,
  rank,
  reasons,
  recordedWords,
  remarks,
  signs,
  whereabouts,
  worstImpact,
} from './words.ts';

/** Characters of one line of a text of several lines. */
const lineLimit = 500;

/** Plans as one page that needs nothing else: no script, no font, no request. Targets that failed come first. */
export function planHtml(plans: readonly Plan[], failed: readonly ToldFailure[] = []): string {
  const targets = [...new Set([...plans, ...failed].map((one) => one.target))];
  const name = plans.some((plan) => called(plan) !== 'Plan') ? 'Partial plan' : 'Plan';
  const title = `${name} for ${targets.join(', ')}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${forHtml(title)}</title>
<style>${sheet}</style>
</head>
<body>
${failedHtml(failed)}${plans.map(planSection).join('\n')}
</body>
</html>
`;
}

const sheet = `
:root { color-scheme: light dark; --dim: #777; --line: #8884; --good: #2a8a3e; --warn: #b07a00; --bad: #c8362f; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
code, td, pre { font-family: ui-monospace, monospace; font-size: 13px; overflow-wrap: anywhere; }
pre { margin: 0.2rem 0; white-space: pre-wrap; } ins, del { text-decoration: none; } ins { color: var(--good); } del { color: var(--bad); }
h2 { margin: 2rem 0 0.2rem; } h3 { margin: 1.5rem 0 0.3rem; }
p { margin: 0.2rem 0; } .dim { color: var(--dim); }
article { border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 4px; padding: 0.5rem 0.8rem; margin: 0.5rem 0; }
article.create { border-left-color: var(--good); } article.update, article.adopt { border-left-color: var(--warn); }
article.delete, article.replace { border-left-color: var(--bad); }
.bad { color: var(--bad); font-weight: 600; } .good { color: var(--good); }
table { border-collapse: collapse; width: 100%; } td, th { border-top: 1px solid var(--line); padding: 0.2rem 0.5rem; text-align: left; vertical-align: top; }
summary { cursor: pointer; }
`;

function planSection(plan: Plan): string {
  const { blocked, deletions, changes, recorded } = arranged(plan);
  const nothing = plan.changes.length === 0 ? `<p>${nothingWords(plan)}</p>` : '';
  const part = partWords(plan.selection);
  return [
    '<section>',
    `<h2>${called(plan)} for ${forHtml(plan.target)}: ${counts(plan.summary)}</h2>`,
    part === '' ? '' : `<p><b>${forHtml(part)}</b></p>`,
    `<p class="dim">${forHtml(whereabouts(plan))}, made ${forHtml(plan.created_at)} by ${forHtml(plan.tool)}</p>`,
    ...[costs(plan.changes), foreignWords(plan.summary)].map((words) => (words === '' ? '' : `<p>${words}.</p>`)),
    plan.blocked.length === 0 ? nothing : '',
    group('Blocked', blocked.map(blockedArticle)),
    group('Deletes', deletions.map(changeArticle)),
    group('Changes', changes.map(changeArticle)),
    recorded.length === 0 ? '' : group('Recorded only', [`<p>${forHtml(recordedWords(recorded))}</p>`]),
    group('Notes', foldNotes(plan.notes).map(noteArticle)),
    `<p class="dim">digest <code>${forHtml(plan.digest)}</code></p>`,
    '</section>',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function group(title: string, articles: readonly string[]): string {
  return articles.length === 0 ? '' : `<h3>${title}</h3>\n${articles.join('\n')}`;
}

function changeArticle(change: Change): string {
  const impact = worstImpact(change.fields);
  const words = impactWords[impact];
  const level = rank(impact) >= rank('full_resync') ? ' class="bad"' : '';
  const fields = change.action === 'create' ? newFields(change) : fieldTable(change.fields);
  return article(change.action, `${signs[change.action]} ${change.action}`, change, [
    words === '' ? '' : `<p${level}>${words}</p>`,
    ...remarks(change).map((remark) => `<p class="dim">${forHtml(remark)}</p>`),
    verdict(change),
    fields,
  ]);
}

function verdict({ validation }: Change): string {
  if (validation === null) return '';
  const level = { valid: 'good', invalid: 'bad', unchecked: 'dim' }[validation.status];
  return `<p class="${level}">${validation.status}: ${forHtml(validation.message)}</p>`;
}

function blockedArticle(blocked: Blocked): string {
  return article('blocked', `! ${blocked.wanted}`, blocked, [
    `<p><b>${blocked.reason}</b>: ${forHtml(blocked.hint)}</p>`,
    fieldTable(blocked.fields),
  ]);
}

function noteArticle(note: Note): string {
  return `<p><code>${forHtml(note.address)}</code> ${note.code}: ${forHtml(note.message)}</p>`;
}

function article(kind: string, head: string, one: Change | Blocked, body: readonly string[]): string {
  const label = one.label === null ? '' : ` ${forHtml(one.label)}`;
  const facts = [one.id === null ? '' : `id ${one.id}`, place(one.origin)].filter((part) => part !== '');
  const dim = facts.length === 0 ? '' : ` <span class="dim">${facts.map(forHtml).join(' · ')}</span>`;
  return [
    `<article class="${kind}">`,
    `<p><b>${head}</b> <code>${forHtml(one.address)}</code>${label}${dim}</p>`,
    ...body.filter((line) => line !== ''),
    '</article>',
  ].join('\n');
}

function fieldTable(fields: readonly FieldChange[]): string {
  const rows = fields.map((field) => {
    const { path, from, to } = field;
    const { words, rows: lines } = compare(path, from, to, lineLimit);
    const values =
      lines.length === 0
        ? [from, to].map((value) => cell(showAt(path, value))).join('')
        : `<td colspan="2">${forHtml(words)}${htmlRows(lines)}</td>`;
    return `<tr>${cell(path)}${values}<td>${reasons(field)}</td></tr>`;
  });
  if (rows.length === 0) return '';
  return `<table>\n<tr><th>field</th><th>from</th><th>to</th><th></th></tr>\n${rows.join('\n')}\n</table>`;
}

function newFields(change: Change): string {
  const rows = outline(change.desired ?? {}).map(([path, value]) => {
    const { sides, rows: lines } = compare(path, null, value, lineLimit);
    const shown = lines.length === 0 ? cell(showAt(path, value)) : `<td>${forHtml(sides[1])}${htmlRows(lines)}</td>`;
    return `<tr>${cell(path)}${shown}</tr>`;
  });
  if (rows.length === 0) return '';
  return `<details><summary>what it says</summary>\n<table>\n${rows.join('\n')}\n</table>\n</details>`;
}

function cell(text: string): string {
  return `<td>${forHtml(text)}</td>`;
}
