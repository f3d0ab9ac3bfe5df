import type { Service } from '../../model/service.ts';
import type { ConnectOptions } from '../connect-options.ts';
import { censusDataset } from './language/dataset/kind.ts';
import { censusSync } from './language/kind.ts';
import { kindsOfV2 } from './v2/kinds.ts';

/** Census (Fivetran Activations). */
export const census: Service<ConnectOptions> = {
  name: 'census',
  apis: {
    v1: {
      retires: { on: '2027-01-15', to: 'v2' },
      takes:
        'API v1 takes the key of a workspace as `token`; a personal access token stands under `personal_access_token`.',
      token: 'the API key of the workspace',
      kinds: [censusSync, censusDataset],
      connect: async (target, token, options) => {
        const { censusV1 } = await import('./v1/provider.ts');
        const credentials = target.token_variable === undefined ? { personalAccessToken: token } : { token };
        const { base_url: baseUrl, workspace, region, limits } = target;
        return censusV1({ ...options, ...credentials, baseUrl, workspace, region, concurrency: limits.concurrency });
      },
    },
    v2: {
      takes: 'API v2 takes a personal access token, and no key of a workspace.',
      token: 'a personal access token',
      kinds: kindsOfV2,
      connect: async ({ base_url: baseUrl, region, groups = [], limits }, token, options) => {
        const { censusV2 } = await import('./v2/provider.ts');
        return censusV2({ ...options, token, baseUrl, region, groups, concurrency: limits.concurrency });
      },
    },
  },
  emulators: {
    'census-v1': { start: async (wishes) => (await import('../../emulator/census-v1/start.ts')).start(wishes) },
    'census-v2': { start: async (wishes) => (await import('../../emulator/census-v2/start.ts')).start(wishes) },
  },
  importers: {
    terraform: async () => (await import('./import/terraform/importer.ts')).terraform,
    gitlink: async () => (await import('./import/gitlink/importer.ts')).gitlink,
  },
  migration: async () => (await import('./migration/migration.ts')).migration,
  scanner: async () => (await import('./scan/scanner.ts')).scanner,
  starter: async () => (await import('./starter.ts')).starter,
  chapter: async () => (await import('./chapter.ts')).chapter,
};
