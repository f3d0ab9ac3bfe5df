import type { FaultAction, FaultRule } from './fault-rule.ts';

/** What befalls one request: a wait first, then at most one fault. */
export interface Befalls {
  readonly delay: number;
  readonly action: Exclude<FaultAction, { readonly kind: 'delay' }> | undefined;
}

/** The rules in force, with their counts. */
export interface FaultBook {
  add(rules: readonly FaultRule[]): void;
  clear(): void;
  /** The rules that can still act, as written. */
  list(): readonly string[];
  /** Counts the request and says what happens to it: all due delays, and the first due rule of another kind. */
  take(method: string, path: string, search: string): Befalls;
}

interface Entry {
  readonly rule: FaultRule;
  seen: number;
  fired: number;
}

/** `prefix` is the API's base path, which rules may leave out. */
export function faultBook(prefix: string): FaultBook {
  let entries: Entry[] = [];
  return {
    add: (rules) => {
      entries.push(...rules.map((rule) => ({ rule, seen: 0, fired: 0 })));
    },
    clear: () => {
      entries = [];
    },
    list: () => entries.filter((entry) => entry.fired < entry.rule.count).map((entry) => entry.rule.text),
    take: (method, path, search) =>
      choose(entries.filter((entry) => applies(entry.rule, method, path, search, prefix))),
  };
}

function choose(entries: readonly Entry[]): Befalls {
  let delay = 0;
  let action: Befalls['action'];
  for (const entry of entries) {
    entry.seen += 1;
    const { rule } = entry;
    if (entry.seen < rule.from || entry.fired >= rule.count) continue;
    if (rule.action.kind === 'delay') delay += rule.action.milliseconds;
    else if (action === undefined) action = rule.action;
    else continue;
    entry.fired += 1;
  }
  return { delay, action };
}

function applies(rule: FaultRule, method: string, path: string, search: string, prefix: string): boolean {
  if (rule.method !== '*' && rule.method !== method) return false;
  const full = rule.withQuery ? path + search : path;
  return rule.path.test(full) || (full.startsWith(prefix) && rule.path.test(full.slice(prefix.length)));
}
