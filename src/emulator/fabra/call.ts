import type { Outcome } from '../exchange.ts';
import type { World } from './state.ts';

/** Who asks: an organisation by its key, or one of its end customers by a link token. */
export interface Caller {
  readonly organisation: number;
  /** The raw key; undefined with a link token. */
  readonly key: string | undefined;
  readonly link: { readonly customer: string; readonly destinations: readonly number[] | null } | undefined;
}

export interface Call {
  readonly world: World;
  readonly caller: Caller;
  /** What stood in the path where the route has `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The body as it came. */
  readonly text: string;
}

/** What a route wants: an API key, a key or a link token, a link token, nothing. */
type Needs = 'key' | 'either' | 'token' | 'nothing';

/** `METHOD /path/:param` and what answers it. A handler may throw Stopped and DecodeError. */
export interface Route {
  readonly on: string;
  readonly needs: Needs;
  readonly handle: (call: Call) => Outcome;
}

export function route(on: string, needs: Needs, handle: Route['handle']): Route {
  return { on, needs, handle };
}
