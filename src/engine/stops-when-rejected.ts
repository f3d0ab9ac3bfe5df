import { Exit, ProviderError, SynclineError } from '../model/errors.ts';
import type { Provider } from '../model/provider.ts';

/** The provider, which says so once the service rejects the token: nothing that comes after could succeed. */
export function stopsWhenRejected(provider: Provider, stop: (reason: SynclineError) => void): Provider {
  const watched =
    <Arguments extends readonly unknown[], Result>(call: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      try {
        return await call(...given);
      } catch (error) {
        if (error instanceof ProviderError && error.status === 401) stop(rejected(provider));
        throw error;
      }
    };
  const { read, newest, create, update, delete: remove, probe } = provider;
  return {
    ...provider,
    read: watched(read),
    newest: watched(newest),
    create: watched(create),
    update: watched(update),
    delete: watched(remove),
    probe: watched(probe),
  };
}

function rejected({ host }: Provider): SynclineError {
  const message = `The token was rejected by ${host} (401), so this change was not begun.`;
  return new SynclineError('token-rejected', message, 'Set a token that is valid and run again.', Exit.failed);
}
