import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/set-up.mjs',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: '100%',
  },
});
