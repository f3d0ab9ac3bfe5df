import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lintDockerfile, lintScript } from './support/linters.ts';
import { root } from './support/processes.ts';

/** No test has a daemon: CI builds the image and runs it (`scripts/check-image.sh`); here is judged what can be read. */
const file = join(root, 'Dockerfile');
const text = readFileSync(file, 'utf8');

describe('the image', () => {
  test('is described without a fault, and faults are found', async () => {
    expect(await lintDockerfile(file)).toEqual({ code: 0, stdout: '', stderr: '' });
    const place = mkdtempSync(join(tmpdir(), 'syncline-image-'));
    onTestFinished(() => rmSync(place, { recursive: true }));
    const careless = join(place, 'Dockerfile');
    writeFileSync(careless, text.replace(/^FROM gcr\.io.*$/m, 'FROM debian:latest').replace(/^USER .*$/m, 'USER root'));
    const said = await lintDockerfile(careless);
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(/DL3007[\s\S]*DL3002/);
  });

  test('is made of images that are named by their digests, and runs as nobody', () => {
    const from = text.match(/^FROM .*$/gm) ?? [];
    expect(from).toHaveLength(3);
    expect(from.filter((line) => !/@sha256:[0-9a-f]{64}( AS \w+)?$/.test(line))).toEqual([]);
    expect(from.at(-1)).toContain('gcr.io/distroless/nodejs24-debian13:nonroot@');
    expect(text.split(/^FROM /m).at(-1)).toMatch(/^USER 65532:65532$[\s\S]*^ENTRYPOINT \["syncline"\]$/m);
  });

  test('has scripts without a fault', async () => {
    const scripts = readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.sh'));
    expect(scripts).toEqual(['check-image.sh', 'image-git.sh']);
    const paths = scripts.map((name) => join(root, 'scripts', name));
    expect(await lintScript(...paths)).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('is run before it is pushed', () => {
    const release = load(readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')) as {
      readonly on: object;
      readonly jobs: { readonly image: { readonly steps: readonly { readonly run?: string }[] } };
    };
    expect(release.on).toEqual({ push: { tags: ['v*'] } });
    const steps = release.jobs.image.steps.map(({ run = '' }) => run);
    const [run, push] = ['scripts/check-image.sh', '--push'].map((what) =>
      steps.findIndex((one) => one.includes(what)),
    );
    expect(run).toBeGreaterThan(0);
    expect(push).toBeGreaterThan(run ?? 0);
  });
});
