import type { Api, Service } from '../../model/service.ts';
import type { ConnectOptions } from '../connect-options.ts';
import type { Dialect } from './api.ts';
import { fabraSync, fabraSyncDocumented } from './language/kind.ts';

/** Fabra, an open-source service; each of its dialects counts as an API. */
export const fabra: Service<ConnectOptions> = {
  name: 'fabra',
  apis: {
    server: { kinds: [fabraSync], connect: connector('server') },
    documented: { kinds: [fabraSyncDocumented], connect: connector('documented') },
  },
  emulators: { fabra: { start: async (wishes) => (await import('../../emulator/fabra/start.ts')).start(wishes) } },
  chapter: async () => (await import('./chapter.ts')).chapter,
};

function connector(dialect: Dialect): Api<ConnectOptions>['connect'] {
  return async ({ base_url: baseUrl, limits }, token, options) => {
    const { fabra: open } = await import('./fabra.ts');
    return open({ ...options, token, dialect, baseUrl, concurrency: limits.concurrency });
  };
}
