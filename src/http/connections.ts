import type { HttpDispatcher } from './dispatcher.ts';

/** Connections that several clients use. */
export interface Connections {
  /** The connections of this name, made by `open` where nobody has any. Whoever takes them lets go of them once. */
  take(name: string, open: () => HttpDispatcher): Held;
}

export interface Held {
  readonly dispatcher: HttpDispatcher;
  /** Cuts off what is in flight, where nobody else holds them. Asked again it does nothing. */
  letGo(): Promise<void>;
}

export function connections(): Connections {
  const opened = new Map<string, { readonly dispatcher: HttpDispatcher; holders: number }>();
  return {
    take: (name, open) => {
      const pool = opened.get(name) ?? { dispatcher: open(), holders: 0 };
      opened.set(name, pool);
      pool.holders += 1;
      let isHeld = true;
      return {
        dispatcher: pool.dispatcher,
        letGo: async () => {
          if (!isHeld) return;
          isHeld = false;
          pool.holders -= 1;
          if (pool.holders > 0) return;
          opened.delete(name);
          await pool.dispatcher.destroy();
        },
      };
    },
  };
}
