import type { Ending } from './fault-action.ts';
import { type FaultRule, parseFaultRule } from './fault-rule.ts';
import { EmulatorInputError } from './input-problem.ts';
import type { Manner } from './manners/manner.ts';
import type { Service } from './service-traits.ts';

/** What befalls one request: a wait first, then manners around the work, and at most one fault that ends it. */
export interface Befalls {
  readonly delay: number;
  /** In the order of their rules; the first stands outermost. */
  readonly manners: readonly { readonly manner: Manner; readonly hit: number }[];
  readonly action: Ending | undefined;
}

/** The rules in force, with their counts. */
export interface FaultBook {
  /** Adds rules, or puts them in place of those in force. Throws EmulatorInputError, and then changes nothing. */
  add(rules: readonly string[], instead?: boolean): void;
  clear(): void;
  /** The rules that can still act, as written. */
  list(): readonly string[];
  /** Some rule in force shows what was there before the last writes. */
  remembers(): boolean;
  /** Counts the request and says what happens to it: all due delays and manners, and the first due rule that ends it. */
  take(method: string, path: string, search: string): Befalls;
}

interface Entry {
  readonly rule: FaultRule;
  readonly manner: Manner | undefined;
  seen: number;
  fired: number;
  /** When it first acted. */
  since: number | undefined;
  /** Where the drawing of chances has got to. */
  drawn: number;
}

export interface FaultBookOptions {
  /** The API's base paths, which rules may leave out. */
  readonly prefixes: readonly string[];
  readonly service: Service;
  readonly now: () => number;
}

export function faultBook({ prefixes, service, now }: FaultBookOptions): FaultBook {
  let entries: Entry[] = [];
  return {
    add: (rules, instead = false) => {
      const added = rules.map((rule) => entryOf(parsed(rule, service)));
      entries = instead ? added : [...entries, ...added];
    },
    clear: () => {
      entries = [];
    },
    list: () => entries.filter((entry) => !isOver(entry, now())).map((entry) => entry.rule.text),
    remembers: () => entries.some(({ rule: { action } }) => action.kind === 'manner' && action.remembers),
    take: (method, path, search) =>
      choose(
        entries.filter((entry) => applies(entry.rule, method, path, search, prefixes)),
        now(),
      ),
  };
}

function parsed(text: string, service: Service): FaultRule {
  const rule = parseFaultRule(text, service);
  if ('message' in rule) throw new EmulatorInputError(rule);
  return rule;
}

function entryOf(rule: FaultRule): Entry {
  const manner = rule.action.kind === 'manner' ? rule.action.make() : undefined;
  return { rule, manner, seen: 0, fired: 0, since: undefined, drawn: rule.chance.seed };
}

function choose(entries: readonly Entry[], now: number): Befalls {
  let delay = 0;
  let action: Befalls['action'];
  const manners: Befalls['manners'][number][] = [];
  for (const entry of entries) {
    if (!isDue(entry, now)) continue;
    const { rule, manner } = entry;
    if (manner !== undefined) manners.push({ manner, hit: entry.fired + 1 });
    else if (rule.action.kind === 'delay') delay += rule.action.milliseconds;
    else if (action === undefined && rule.action.kind !== 'manner') action = rule.action;
    else continue;
    entry.fired += 1;
    entry.since ??= now;
  }
  return { delay, manners, action };
}

/** Counts the request. */
function isDue(entry: Entry, now: number): boolean {
  entry.seen += 1;
  return entry.seen >= entry.rule.from && !isOver(entry, now) && isDrawn(entry);
}

function isOver({ rule, fired, since }: Entry, now: number): boolean {
  return fired >= rule.count || (since !== undefined && now >= since + rule.span);
}

/** Draws the next number of the rule's own sequence (mulberry32). */
function isDrawn(entry: Entry): boolean {
  const { percent } = entry.rule.chance;
  if (percent === 100) return true;
  entry.drawn = (entry.drawn + 0x6d2b79f5) | 0;
  let mixed = Math.imul(entry.drawn ^ (entry.drawn >>> 15), 1 | entry.drawn);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 < percent / 100;
}

function applies(rule: FaultRule, method: string, path: string, search: string, prefixes: readonly string[]): boolean {
  if (!rule.methods.includes(method)) return false;
  const full = rule.withQuery ? path + search : path;
  return (
    rule.path.test(full) ||
    prefixes.some((prefix) => full.startsWith(prefix) && rule.path.test(full.slice(prefix.length)))
  );
}
