import type { Problem } from '../../../../model/diagnostic.ts';
import type { Spec } from '../../../../model/json.ts';
import { error, isSet, warning } from './problem.ts';

/** Rules over what is read from the source: a table or a join, and from where on. */
export function checkReading(spec: Spec): readonly Problem[] {
  return [...checkTable(spec), ...checkIncremental(spec)];
}

function checkTable(spec: Spec): readonly Problem[] {
  const { namespace, table_name: table, custom_join: join } = spec;
  if (isSet(namespace) !== isSet(table)) {
    const [lone, missing] = isSet(namespace) ? ['namespace', 'table_name'] : ['table_name', 'namespace'];
    const message = `\`${lone}\` is given without \`${missing}\`, and the server drops it in silence.`;
    return [error('table-pair', [lone], message, isSet(join) ? 'Remove it, or add the other.' : 'Add the other.')];
  }
  if (isSet(namespace) || isSet(join)) return [];
  const hint = 'Add `namespace` and `table_name`, or a `custom_join`.';
  return [error('nothing-to-read', [], 'Nothing says which table or query is read.', hint)];
}

function checkIncremental(spec: Spec): readonly Problem[] {
  const { sync_mode: mode, custom_join: join } = spec;
  if (typeof mode !== 'string' || !mode.startsWith('incremental_')) return [];
  const problems: Problem[] = [];
  if (!isSet(spec.source_cursor_field) && !isSet(spec.cursor_field)) {
    const message = `\`${mode}\` is given without a cursor; every run fails unless the object brings one.`;
    problems.push(warning('no-cursor', ['sync_mode'], message, 'Add `source_cursor_field`.'));
  }
  return typeof join === 'string' ? [...problems, ...checkJoin(join, mode)] : problems;
}

/** In incremental modes the server appends its own condition to the text as it is. */
function checkJoin(join: string, mode: string): readonly Problem[] {
  const problems: Problem[] = [];
  if (/;\s*$/.test(join)) {
    const message = `The query ends in a semicolon, and in \`${mode}\` the server appends a condition to it.`;
    problems.push(warning('join-semicolon', ['custom_join'], message, 'Remove the semicolon.'));
  }
  if (hasWhere(join)) {
    const message = `The query has its own WHERE, and in \`${mode}\` the server appends a second one.`;
    const hint = 'Put the query with its WHERE into parentheses: `select * from (…) as rows`.';
    problems.push(warning('join-where', ['custom_join'], message, hint));
  }
  return problems;
}

/** Texts, quoted names and comments (of which nothing counts), parentheses, and the word itself. */
const lexemes = /'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|[()]|\bwhere\b/gi;

/** Is there a WHERE outside of parentheses? One inside belongs to a query of its own. */
function hasWhere(query: string): boolean {
  let depth = 0;
  for (const [found] of query.matchAll(lexemes)) {
    if (found === '(') depth += 1;
    else if (found === ')') depth -= 1;
    else if (depth === 0 && found.toLowerCase() === 'where') return true;
  }
  return false;
}
