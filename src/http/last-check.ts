import type { Dispatcher } from 'undici';

type Dispatch = Dispatcher.Dispatch;

/** A request that may be called back until the moment it is written. */
export interface Recallable {
  /** Why it must not be sent any more, if so. */
  readonly recalled?: () => Error | undefined;
}

/**
 * Asks once more, on the connection and right before the first byte is written: making a connection takes time, and a process
 * may be put to sleep meanwhile. For a dispatcher's `compose`.
 */
export function lastCheck(dispatch: Dispatch): Dispatch {
  return (options: Dispatcher.DispatchOptions & Recallable, handler) =>
    dispatch(options, options.recalled === undefined ? handler : checked(handler, options.recalled));
}

function checked(handler: Dispatcher.DispatchHandler, recalled: () => Error | undefined): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      const reason = recalled();
      if (reason === undefined) handler.onRequestStart?.(controller, context);
      else controller.abort(reason);
    },
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (...args) => handler.onResponseData?.(...args),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}
