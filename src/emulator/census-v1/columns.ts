import type { Column, Dataset, Source, Workspace } from './state.ts';

/**
 * The columns that a query yields, read off its text: enough for `select a, b as c from t`, `select * from` a known table, and
 * such a select behind `with`. Empty where that is not enough.
 */
export function columnsOfQuery(query: string, source: Source): readonly Column[] {
  const match = /\bselect\s+(?:distinct\s+)?(.+?)\s+from\s+([\w".-]+)/isu.exec(outermost(query));
  if (match === null) return [];
  const [, list = '', from = ''] = match;
  if (list.trim() === '*') return tableColumns(from.replaceAll('"', ''), source);
  const names = list.split(',').map((item) => /([A-Za-z_]\w*)"?\s*$/u.exec(item)?.[1]);
  return names.every((name) => name !== undefined) ? names.map((name) => ({ name, type: 'text' })) : [];
}

/** What the service checks of a query before it takes it. */
export function queryProblem(query: unknown): string | undefined {
  if (typeof query !== 'string' || query.trim() === '') return 'query is required';
  return /^\s*(select|with)\b/iu.test(withoutComments(query))
    ? undefined
    : 'query is invalid: it must be a SELECT statement';
}

function withoutComments(query: string): string {
  return query.replace(/('(?:[^']|'')*')|--[^\n]*|\/\*[\s\S]*?\*\//gu, (_all, text: string | undefined) => text ?? ' ');
}

/** A query without comments, texts and whatever stands in brackets: its own select alone. */
function outermost(query: string): string {
  let rest = withoutComments(query).replace(/'(?:[^']|'')*'/gu, ' ');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/\([^()]*\)/gu, ' ');
  }
  return rest;
}

/** Fills in the columns of a dataset that has none yet. */
export function discovered(dataset: Dataset, workspace: Workspace): Dataset {
  const source = workspace.sources.get(dataset.source_id);
  if (dataset.columns.length > 0 || source === undefined) return dataset;
  return { ...dataset, columns: columnsOfQuery(dataset.query, source) };
}

function tableColumns(name: string, source: Source): readonly Column[] {
  const wanted = name.toLowerCase();
  const table = source.tables.find(({ table_catalog, table_schema, table_name }) => {
    const full = `${table_catalog}.${table_schema}.${table_name}`.toLowerCase();
    return full === wanted || full.endsWith(`.${wanted}`);
  });
  return table?.columns ?? [];
}
