import type { Dispatcher } from 'undici';

type Dispatch = Dispatcher.Dispatch;

/** A request that may be called back until the moment it is written. */
export interface Recallable {
  /** Why it must not be sent any more, if so. */
  readonly recalled?: () => Error | undefined;
  /** Once aborted, nobody waits for the answer: others may go on using the connections, and this request is cut off alone. */
  readonly cut?: AbortSignal | undefined;
}

/**
 * Asks once more, on the connection and right before the first byte is written: making a connection takes time, and a process
 * may be put to sleep meanwhile. For a dispatcher's `compose`.
 */
export function lastCheck(dispatch: Dispatch): Dispatch {
  return (options: Dispatcher.DispatchOptions & Recallable, handler) => dispatch(options, checked(handler, options));
}

function checked(handler: Dispatcher.DispatchHandler, { recalled, cut }: Recallable): Dispatcher.DispatchHandler {
  let over = (): void => undefined;
  function listen(controller: Dispatcher.DispatchController): void {
    over();
    const stop = () => controller.abort(new Error('nobody waits for it any more'));
    cut?.addEventListener('abort', stop, { once: true });
    over = () => cut?.removeEventListener('abort', stop);
  }
  return {
    onRequestStart: (controller, context) => {
      const reason = recalled?.();
      if (reason !== undefined) {
        controller.abort(reason);
        return;
      }
      listen(controller);
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => {
      over();
      handler.onResponseEnd?.(...args);
    },
    onResponseError: (...args) => {
      over();
      handler.onResponseError?.(...args);
    },
  };
}
