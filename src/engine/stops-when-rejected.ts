import { Exit, ProviderError, SynclineError } from '../model/errors.ts';
import type { Provider, Resource } from '../model/provider.ts';

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
  const guarded = (resource: Resource): Resource => ({
    ...resource,
    read: watched(resource.read),
    newest: watched(resource.newest),
    create: watched(resource.create),
    update: watched(resource.update),
    delete: watched(resource.delete),
    probe: watched(resource.probe),
  });
  const resources = new Map([...provider.resources].map(([kind, resource]) => [kind, guarded(resource)]));
  return { ...provider, resources };
}

function rejected({ host }: Provider): SynclineError {
  const message = `The token was rejected by ${host} (401), so this change was not started.`;
  return new SynclineError('token-rejected', message, 'Set a token that is valid and run again.', Exit.failed);
}
