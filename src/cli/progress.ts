import type { Progress } from '../engine/request.ts';
import { forTerminal } from '../render/escape.ts';
import { progressLine, type Reading, type Tracked, type Working } from '../render/progress.ts';
import type { Invocation } from './invocation.ts';
import { wipe } from './notice.ts';

/** Shows what is going on, on one line of a terminal, once it takes longer than half a second. */
export interface Board {
  /** Work on a target begins. The line goes when the last of them has ended. `stage`: what follows the reading; default applying. */
  of(target: string, stage?: Working['name']): Ticker;
}

export interface Ticker {
  readonly progress: Progress;
  end(): void;
}

const patience = 500;
const pace = 200;

/** A board for this command: silent where stderr is no terminal, or where nobody wants to see it. */
export function openBoard({ io, options }: Invocation): Board {
  const isSeen = io.stderr.isTTY === true && io.env.TERM !== 'dumb' && !options.flag('quiet');
  // With --verbose each request is a line.
  if (!isSeen || options.flag('verbose')) return { of: () => ({ progress: {}, end: () => undefined }) };
  const tracked = new Map<symbol, Tracked>();
  let timer: NodeJS.Timeout | undefined;
  let shown = false;

  function draw(): void {
    const line = progressLine([...tracked.values()], Date.now(), io.stderr.columns ?? 80);
    io.stderr.write(`${wipe}${forTerminal(line)}`);
    shown = true;
    timer = later(draw, pace);
  }
  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    if (shown) io.stderr.write(wipe);
    shown = false;
  }
  return {
    of: (target, name = 'applying') => {
      const key = Symbol(target);
      const set = (stage: Tracked['stage'], since = Date.now()) => tracked.set(key, { target, since, stage });
      set({ name: 'reading', pages: 0, things: 0, of: undefined });
      timer ??= later(draw, patience);
      return {
        progress: watch(name, () => tracked.get(key), set),
        end: () => {
          tracked.delete(key);
          if (tracked.size === 0) stop();
        },
      };
    },
  };
}

/** Nothing waits for what only shows. */
function later(act: () => void, milliseconds: number): NodeJS.Timeout {
  return setTimeout(act, milliseconds).unref();
}

function watch(
  name: Working['name'],
  get: () => Tracked | undefined,
  set: (stage: Tracked['stage'], since?: number) => void,
): Progress {
  const totals = new Map<string, number | undefined>();
  return {
    page: (kind, things, of) => {
      const now = get();
      if (now?.stage.name !== 'reading') return;
      const { stage, since } = now;
      totals.set(kind, of);
      set({ name: 'reading', pages: stage.pages + 1, things: stage.things + things, of: sum(totals) }, since);
    },
    begun: ({ changes }) => {
      if (get() !== undefined) set({ name, done: 0, of: changes.length });
    },
    outcome: () => {
      const now = get();
      if (now === undefined || now.stage.name === 'reading') return;
      set({ ...now.stage, done: now.stage.done + 1 }, now.since);
    },
  };
}

/** How many things of all kinds there are; undefined as long as one is not known. */
function sum(totals: ReadonlyMap<string, number | undefined>): Reading['of'] {
  let all = 0;
  for (const one of totals.values()) {
    if (one === undefined) return undefined;
    all += one;
  }
  return all;
}

/** Tells both of everything. */
export function both(first: Progress, second: Progress): Progress {
  return {
    page: (...told) => {
      first.page?.(...told);
      second.page?.(...told);
    },
    begun: (...told) => {
      first.begun?.(...told);
      second.begun?.(...told);
    },
    started: (...told) => {
      first.started?.(...told);
      second.started?.(...told);
    },
    outcome: (...told) => {
      first.outcome?.(...told);
      second.outcome?.(...told);
    },
    wait: (...told) => {
      first.wait?.(...told);
      second.wait?.(...told);
    },
  };
}
