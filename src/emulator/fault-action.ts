import type { InputProblem } from './input-problem.ts';
import { mannerKinds } from './manners/kinds.ts';
import type { Manner } from './manners/manner.ts';
import { nearest } from './nearest.ts';
import type { Service } from './service-traits.ts';

/**
 * What happens to a request. `drop-request` closes the connection and does nothing; `drop-response` does the work, then
 * closes; `commit-later` closes now and does the work later; `hang` does nothing and never answers; `hang-response` does
 * the work and never answers; `truncate` does the work, sends half of the answer and closes; `empty` does the work and
 * answers without a body; `html` does the work and answers with a page. These end a request, so at most one befalls it.
 * A `status` answers so and does nothing (429=2 with `Retry-After: 2`, 302=URL with a `Location`); a `commit-status`
 * does the work and answers so all the same. Delays and manners add up.
 */
export type FaultAction = Ending | Delay | Manners;

export type Ending =
  | { readonly kind: 'drop-request' | 'hang' }
  | { readonly kind: 'drop-response' | 'hang-response' | 'truncate' | 'empty' | 'html' }
  | { readonly kind: 'commit-later'; readonly milliseconds: number }
  | { readonly kind: 'status'; readonly status: number; readonly value: string | undefined }
  | { readonly kind: 'commit-status'; readonly status: number; readonly value: string | undefined };

interface Delay {
  readonly kind: 'delay';
  readonly milliseconds: number;
}

interface Manners {
  readonly kind: 'manner';
  /** Each rule in force has its own. */
  readonly make: () => Manner;
  /** It shows what was there before the last writes. */
  readonly remembers: boolean;
}

const bare = ['drop-request', 'drop-response', 'hang', 'hang-response', 'truncate', 'empty', 'html'] as const;
const timed = ['commit-later', 'delay'] as const;
const kinds = `${[...bare, ...timed].join(', ')}, ${[...mannerKinds.keys()].join(', ')}, a status such as 500 or 429=SECONDS, commit-504`;

interface Written {
  readonly text: string;
  readonly method: string;
  readonly kind: string;
  readonly value: string | undefined;
}

interface Read {
  readonly action: FaultAction;
  /** The methods it can befall; all where it is undefined. */
  readonly methods?: readonly string[];
}

/** What a rule's KIND and VALUE mean for this service. */
export function readAction(written: Written, service: Service): Read | InputProblem {
  const { text, kind, value } = written;
  const manner = mannerKinds.get(kind);
  if (manner !== undefined) return readManner(written, manner, service);
  const plain = bare.find((one) => one === kind);
  if (plain !== undefined) {
    return value === undefined
      ? { action: { kind: plain } }
      : { message: `Fault rule "${text}": ${kind} takes no value.`, hint: `Leave "=${value}" out.` };
  }
  const time = timed.find((one) => one === kind);
  if (time === undefined) return readStatus(written);
  return /^\d{1,9}$/u.test(value ?? '')
    ? { action: { kind: time, milliseconds: Number(value) } }
    : {
        message: `Fault rule "${text}": ${kind} needs a time.`,
        hint: `Write milliseconds, for example ${kind}=3000.`,
      };
}

function readStatus({ text, kind, value }: Written): Read | InputProblem {
  const status = /^(commit-)?([345]\d\d)$/u.exec(kind);
  if (status === null) {
    const meant = nearest(kind, [...bare, ...timed, ...mannerKinds.keys()]);
    return {
      message: `Fault rule "${text}" has the unknown kind "${kind}".`,
      hint: meant === undefined ? `Kinds are ${kinds}.` : `Did you mean "${meant}"? Kinds are ${kinds}.`,
    };
  }
  const number = Number(status[2]);
  if (number >= 400 && value !== undefined && !isRetryAfter(value)) {
    const hint = `Write seconds or a date of HTTP, for example ${kind}=2.`;
    return { message: `Fault rule "${text}": ${kind} cannot be "${value}".`, hint };
  }
  return { action: { kind: status[1] === undefined ? 'status' : 'commit-status', status: number, value } };
}

/** What a `Retry-After` may say. */
function isRetryAfter(value: string): boolean {
  return /^\d{1,9}$/u.test(value) || !Number.isNaN(Date.parse(value));
}

function readManner(
  { text, method, kind, value }: Written,
  { methods, wants, remembers = false, read }: NonNullable<ReturnType<typeof mannerKinds.get>>,
  service: Service,
): Read | InputProblem {
  if (wants !== undefined && !service[wants]) {
    const lacks = wants === 'pages' ? 'answers its lists whole, without pages' : 'has no validate_only';
    return { message: `Fault rule "${text}": ${service.name} ${lacks}.`, hint: `Leave ${kind} out.` };
  }
  if (method !== '*' && !methods.includes(method)) {
    return {
      message: `Fault rule "${text}": ${kind} cannot befall a ${method}.`,
      hint: `Write ${methods.join(', ')} or * as its method.`,
    };
  }
  const made = read(value);
  if (typeof made === 'function') return { action: { kind: 'manner', make: made, remembers }, methods };
  const given = value === undefined ? 'needs a value' : `cannot be "${value}"`;
  return { message: `Fault rule "${text}": ${kind} ${given}.`, hint: made.hint };
}
