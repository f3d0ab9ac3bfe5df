import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Editor, startEditor } from './support/language-server.ts';
import { root } from './support/processes.ts';

const examples = ['syncline.yaml', ...manifestsIn('datasets'), ...manifestsIn('syncs')];

const manifest = `# yaml-language-server: $schema=../../schemas/census/sync.schema.json
kind: CensusSync
name: probe
spec:
  operation: upserted
  source_attributes: { connection: A, object: { type: model, name: B } }
  destination_attributes: { connection: C, object: D }
  mappings: [{ from: EMAIL, to: Email, primary: true }]
  lable: Probe
`;

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor();
});
afterAll(() => editor.close());

describe('in an editor', () => {
  test.each(examples)('examples/%s has nothing underlined', async (name) => {
    const path = `examples/${name}`;
    expect(await editor.open(path, readFileSync(join(root, path), 'utf8'))).toEqual([]);
  });

  test('a wrong value and an unknown key are underlined where they stand', async () => {
    const found = await editor.open('examples/syncs/probe.yaml', manifest);
    const lines = found.map((one) => one.range.start.line);
    expect(lines).toContain(lineOf('upserted'));
    expect(lines).toContain(lineOf('lable'));
  });

  test('completion offers the values of an enum and the keys of a spec', async () => {
    const path = 'examples/syncs/completion.yaml';
    const text = `${manifest.replace('upserted', '').replace('  lable: Probe\n', '')}  \n`;
    await editor.open(path, text);
    const values = await editor.complete(path, lineOf('upserted'), '  operation: '.length);
    expect(values).toEqual(expect.arrayContaining(['append', 'insert', 'mirror', 'update', 'upsert']));
    const keys = await editor.complete(path, text.split('\n').length - 2, 2);
    expect(keys).toEqual(expect.arrayContaining(['label', 'paused', 'alert_attributes', 'mode']));
  });

  test('hover explains a field', async () => {
    const path = 'examples/syncs/hover.yaml';
    await editor.open(path, manifest);
    const text = await editor.hover(path, lineOf('operation'), 4);
    expect(text.length).toBeGreaterThan(20);
    expect(text).toMatch(/record/i);
  });
});

function manifestsIn(folder: string): readonly string[] {
  const names = readdirSync(join(root, 'examples', folder)).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => `${folder}/${name}`);
}

function lineOf(part: string): number {
  return manifest.split('\n').findIndex((line) => line.includes(part));
}
