import { type FaultAction, readAction } from './fault-action.ts';
import type { InputProblem } from './input-problem.ts';
import { everyService, type Service } from './service-traits.ts';

export interface FaultRule {
  /** As written. */
  readonly text: string;
  readonly methods: readonly string[];
  readonly path: RegExp;
  /** The pattern has a `?`, so it is compared with path and query. */
  readonly withQuery: boolean;
  readonly action: FaultAction;
  /** The first matching request it acts on, from 1. */
  readonly from: number;
  /** How many requests it acts on; Infinity where the rule names no end. */
  readonly count: number;
  /** Milliseconds from its first hit until it ends; Infinity where the rule names no end. */
  readonly span: number;
  /** How many in a hundred matching requests it acts on, and where their drawing begins. */
  readonly chance: { readonly percent: number; readonly seed: number };
}

const faultGrammar =
  'METHOD /path:KIND[=VALUE][:COUNT][@N] [for MS] [chance PERCENT[/SEED]], for example "POST /syncs:drop-response:1"';

const methods: readonly string[] = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];
const shape =
  /^(\S+)\s+(\S+?):([a-z0-9-]+)(?:=(.*?))?(?::(\d+|\*))?(?:@(\d+))?(?:\s+for\s+(\d{1,9})(?:ms)?)?(?:\s+chance\s+(\d{1,3})%?(?:\/(\d{1,9}))?)?$/u;

/**
 * Reads one rule: `METHOD /path:KIND[=VALUE][:COUNT][@N] [for MS] [chance PERCENT[/SEED]]`.
 *
 * METHOD may be `*`. The path is given with or without the API's prefix; `*` in it stands for any run of characters;
 * with a `?` it is compared with the query too. COUNT ends the rule after so many hits (`*`, the default: never), `@N`
 * starts it at the Nth matching request (and then COUNT defaults to 1), `for MS` ends it so long after its first hit (and
 * then COUNT defaults to `*`). `chance` has it act on a share of the requests, drawn from SEED in the same way each time.
 *
 * KIND is one of `FaultAction` or one of `manners/`.
 */
export function parseFaultRule(text: string, service: Service = everyService): FaultRule | InputProblem {
  const match = shape.exec(text.trim());
  if (match === null) {
    return { message: `Fault rule "${text}" is not understood.`, hint: `Write it as ${faultGrammar}.` };
  }
  const [, method = '', path = '', kind = '', value, count, from, span, percent, seed] = match;
  const problem = placeProblem(text, method, path);
  if (problem !== undefined) return problem;
  const read = readAction({ text, method: method.toUpperCase(), kind, value }, service);
  if ('message' in read) return read;
  const limits = {
    from: Number(from ?? 1),
    count: countOf(count, from !== undefined && span === undefined),
    span: span === undefined ? Infinity : Number(span),
    chance: { percent: Number(percent ?? 100), seed: Number(seed ?? 1) },
  };
  if (limits.from === 0 || limits.count === 0 || limits.span === 0 || limits.chance.percent === 0) {
    return { message: `Fault rule "${text}" would never act.`, hint: 'Count from 1.' };
  }
  if (limits.chance.percent > 100) {
    return { message: `Fault rule "${text}" has a chance above 100.`, hint: 'Write how many requests in a hundred.' };
  }
  const wanted = method === '*' ? methods : [method.toUpperCase()];
  const { action } = read;
  const allowed = wanted.filter((one) => read.methods === undefined || read.methods.includes(one));
  return { text, methods: allowed, path: pattern(path), withQuery: path.includes('?'), action, ...limits };
}

function placeProblem(text: string, method: string, path: string): InputProblem | undefined {
  if (method !== '*' && !methods.includes(method.toUpperCase())) {
    return {
      message: `Fault rule "${text}" has the unknown method "${method}".`,
      hint: 'Use GET, POST, PATCH, PUT, DELETE or *.',
    };
  }
  if (/^[/*]/u.test(path)) return undefined;
  return {
    message: `Fault rule "${text}" has the path "${path}".`,
    hint: 'Begin the path with / or use * for every path.',
  };
}

function countOf(count: string | undefined, onlyOne: boolean): number {
  if (count === undefined) return onlyOne ? 1 : Infinity;
  return count === '*' ? Infinity : Number(count);
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.+^${}()|[\]\\?]/gu, '\\$&').replaceAll('*', '.*')}$`, 'u');
}
