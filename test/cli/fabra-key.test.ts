import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startFabra } from '../../src/emulator/fabra/server.ts';
import { root } from '../support/processes.ts';
import { workspace } from './workspace.ts';

test.each(['server', 'documented'])(
  'a wrong key at Fabra (%s): host, target and variable are named, and that it looks like a fault',
  async (api) => {
    const emulator = await startFabra();
    onTestFinished(() => emulator.close());
    const { run, write } = await workspace();
    const target = `{ provider: fabra, api: ${api}, base_url: "${emulator.url}", token: "\${env.FABRA_KEY}" }`;
    write('syncline.yaml', `version: 1\nmanifests: [fabra/*.yaml]\nledger: file\ntargets:\n  acme: ${target}\n`);
    write('fabra/one.yaml', readFileSync(join(root, 'examples/fabra/syncs/event-sync.yaml'), 'utf8'));
    const { code, err } = await run('plan', { env: { FABRA_KEY: 'a-wrong-key-indeed' } });
    expect(code).toBe(1);
    expect(err).toContain('Target "acme"');
    expect(err).toContain(new URL(emulator.url).host);
    expect(err).toContain('Check the key in FABRA_KEY first: a wrong key looks like this');
    expect(err).not.toContain('a-wrong-key-indeed');
  },
);
