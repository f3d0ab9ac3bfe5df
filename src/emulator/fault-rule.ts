import type { InputProblem } from './input-problem.ts';

/** What happens to a request; `status` kinds answer with that HTTP status. */
export type FaultAction =
  | { readonly kind: 'drop-request' | 'hang' }
  | { readonly kind: 'drop-response' | 'hang-response' | 'truncate' | 'empty' | 'html' }
  | { readonly kind: 'commit-later'; readonly milliseconds: number }
  | { readonly kind: 'delay'; readonly milliseconds: number }
  | { readonly kind: 'status'; readonly status: number; readonly value: string | undefined }
  | { readonly kind: 'commit-status'; readonly status: number; readonly value: string | undefined };

export interface FaultRule {
  /** As written. */
  readonly text: string;
  /** Upper case, or `*`. */
  readonly method: string;
  readonly path: RegExp;
  /** The pattern has a `?`, so it is compared with path and query. */
  readonly withQuery: boolean;
  readonly action: FaultAction;
  /** The first matching request it acts on, from 1. */
  readonly from: number;
  /** How many requests it acts on; Infinity where the rule names no end. */
  readonly count: number;
}

const faultGrammar = 'METHOD /path:KIND[=VALUE][:COUNT][@N], for example "POST /syncs:drop-response:1"';

const kinds =
  'drop-request, drop-response, commit-later=MS, hang, hang-response, truncate, empty, html, delay=MS, a status such as 500 or 429=SECONDS, commit-504';
const methods = new Set(['GET', 'POST', 'PATCH', 'PUT', 'DELETE', '*']);
const shape = /^(\S+)\s+(\S+?):([a-z0-9-]+)(?:=(.*?))?(?::(\d+))?(?:@(\d+))?$/u;

/**
 * Reads one rule: `METHOD /path:KIND[=VALUE][:COUNT][@N]`.
 *
 * METHOD may be `*`. The path is given with or without the API's prefix; `*` in it stands for any run of characters;
 * with a `?` it is compared with the query too. COUNT ends the rule after so many hits (default: never), `@N` starts it
 * at the Nth matching request (and then COUNT defaults to 1).
 *
 * KIND: `drop-request` closes the connection and does nothing; `drop-response` does the work, then closes;
 * `commit-later=MS` closes now and does the work later; `hang` does nothing and never answers; `hang-response` does the
 * work and never answers; `truncate` does the work, sends half of the answer and closes; `empty` does the work and
 * answers without a body; `html` does the work and answers with a page; `delay=MS` waits first and adds to the other
 * kinds; `500` answers so and does nothing, `429=2` with `Retry-After: 2`, `302=URL` with a `Location`; `commit-504`
 * does the work and answers 504 all the same.
 */
export function parseFaultRule(text: string): FaultRule | InputProblem {
  const match = shape.exec(text.trim());
  if (match === null) {
    return { message: `Fault rule "${text}" is not understood.`, hint: `Write it as ${faultGrammar}.` };
  }
  const [, method = '', path = '', kind = '', value, count, from] = match;
  if (!methods.has(method.toUpperCase())) {
    return {
      message: `Fault rule "${text}" has the unknown method "${method}".`,
      hint: 'Use GET, POST, PATCH, PUT, DELETE or *.',
    };
  }
  if (!/^[/*]/u.test(path)) {
    return {
      message: `Fault rule "${text}" has the path "${path}".`,
      hint: 'Begin the path with / or use * for every path.',
    };
  }
  const action = parseAction(text, kind, value);
  if ('message' in action) return action;
  const limits = {
    from: Number(from ?? 1),
    count: count === undefined ? (from === undefined ? Infinity : 1) : Number(count),
  };
  if (limits.from === 0 || limits.count === 0) {
    return { message: `Fault rule "${text}" would never act.`, hint: 'Count requests from 1.' };
  }
  return { text, method: method.toUpperCase(), path: pattern(path), withQuery: path.includes('?'), action, ...limits };
}

function parseAction(text: string, kind: string, value: string | undefined): FaultAction | InputProblem {
  switch (kind) {
    case 'drop-request':
    case 'drop-response':
    case 'hang':
    case 'hang-response':
    case 'truncate':
    case 'empty':
    case 'html':
      return value === undefined
        ? { kind }
        : { message: `Fault rule "${text}": ${kind} takes no value.`, hint: `Leave "=${value}" out.` };
    case 'commit-later':
    case 'delay':
      return /^\d{1,9}$/u.test(value ?? '')
        ? { kind, milliseconds: Number(value) }
        : {
            message: `Fault rule "${text}": ${kind} needs a time.`,
            hint: `Write milliseconds, for example ${kind}=3000.`,
          };
    default: {
      const status = /^(commit-)?([345]\d\d)$/u.exec(kind);
      if (status === null)
        return { message: `Fault rule "${text}" has the unknown kind "${kind}".`, hint: `Kinds are ${kinds}.` };
      return { kind: status[1] === undefined ? 'status' : 'commit-status', status: Number(status[2]), value };
    }
  }
}

function pattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.+^${}()|[\]\\?]/gu, '\\$&').replaceAll('*', '.*')}$`, 'u');
}
