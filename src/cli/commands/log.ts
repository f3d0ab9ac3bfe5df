import { assertRemembers } from '../../engine/undo.ts';
import type { LedgerStore } from '../../ledger/store.ts';
import { Exit, SynclineError } from '../../model/errors.ts';
import { type LogEntry, logEntry } from '../../render/log/entry.ts';
import { logJson } from '../../render/log/json.ts';
import { logText } from '../../render/log/text.ts';
import type { Execute, FormatOf, InvocationOf, Renderers } from '../invocation.ts';
import { chooseTargets } from '../project.ts';
import { sessionOf } from '../session.ts';

/** How many runs are shown unless told otherwise. */
const usualLimit: Readonly<Record<FormatOf<'log'>, number>> = { text: 20, json: Number.POSITIVE_INFINITY };

const renderers: Renderers<'log', readonly LogEntry[], { readonly colour: boolean; readonly targets: boolean }> = {
  text: logText,
  json: logJson,
};

/** Prints the runs of the chosen targets, newest first. Reads ledgers only: no token is needed. */
export const execute: Execute<'log'> = async (invocation) => {
  const { io, options, colour, format } = invocation;
  const limit = limitOf(invocation);
  const session = sessionOf(invocation);
  const { project } = session;
  const targets = chooseTargets(project, invocation);
  const logs = [];
  for (const target of targets) logs.push(await newest(target.name, session.store(target), limit));
  const entries = merged(logs).slice(0, limit);
  const targetsNamed = project.targets.length > 1 && options.texts('target').length !== 1;
  io.stdout.write(renderers[format](entries, { colour, targets: targetsNamed }));
  return Exit.ok;
};

function limitOf({ options, format }: InvocationOf<'log'>): number {
  const limit = options.count('limit') ?? usualLimit[format];
  if (limit > 0) return limit;
  throw new SynclineError('usage', '`--limit 0` asks for no run at all.', 'Give 1 or more.', Exit.invalid);
}

async function newest(target: string, store: LedgerStore, limit: number): Promise<LogEntry[]> {
  assertRemembers(store);
  const entries: LogEntry[] = [];
  for await (const run of store.runs()) {
    entries.push(logEntry(target, run));
    if (entries.length >= limit) break;
  }
  return entries;
}

/** Several logs as one, newest first. Within a target the order of its runs holds, whatever clocks have said. */
function merged(logs: readonly (readonly LogEntry[])[]): LogEntry[] {
  const waiting = logs.map((log) => [...log]).filter((log) => log.length > 0);
  const entries: LogEntry[] = [];
  while (waiting.length > 0) {
    const next = waiting.reduce((best, log) => ((log[0]?.at ?? '') > (best[0]?.at ?? '') ? log : best));
    entries.push(...next.splice(0, 1));
    if (next.length === 0) waiting.splice(waiting.indexOf(next), 1);
  }
  return entries;
}
