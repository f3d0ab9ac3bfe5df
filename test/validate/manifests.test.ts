import { expect, test } from 'vitest';
import { manifestOf, manifestRows, warningRows } from './rows.ts';
import { folder, manifest, twoTargets, validated } from './workspace.ts';

const project = `${twoTargets}  fabra: { provider: fabra, api: server, token: "\${env.FABRA}" }\n`;

test.each(manifestRows)('%s', async (_title, text, code, line, column, message, hint) => {
  const files = { 'syncline.yaml': project, 'syncs/a.yaml': text, 'syncs/b.yaml': manifest('other') };
  const { diagnostics } = await validated(folder(files));
  expect(diagnostics.map((one) => [one.code, one.line, one.column])).toEqual([[code, line, column]]);
  expect(diagnostics[0]).toMatchObject({ severity: 'error', file: 'syncs/a.yaml' });
  expect(diagnostics[0]?.message).toContain(message);
  expect(diagnostics[0]?.hint).toContain(hint);
});

test.each(warningRows)('a warning: %s', async (_title, text, code, line, column, message, hint) => {
  const { diagnostics } = await validated(folder({ 'syncline.yaml': project, 'syncs/a.yaml': text }));
  expect(diagnostics.map((one) => [one.severity, one.code, one.line, one.column])).toEqual([
    ['warning', code, line, column],
  ]);
  expect(diagnostics[0]?.message).toContain(message);
  expect(diagnostics[0]?.hint).toContain(hint);
});

test('the manifest that these are made of is valid', async () => {
  const { diagnostics, count } = await validated(folder({ 'syncline.yaml': project, 'syncs/a.yaml': manifestOf() }));
  expect({ diagnostics, count }).toEqual({ diagnostics: [], count: 1 });
});

test('no message is a validator talking, and no sentence is left unended', async () => {
  const files = Object.fromEntries(
    manifestRows.map(([, text], index) => [`syncs/${index}.yaml`, text.replace('name: users', `name: users-${index}`)]),
  );
  const { diagnostics } = await validated(folder({ 'syncline.yaml': project, ...files }));
  expect(diagnostics.length).toBeGreaterThan(40);
  for (const { message, hint } of diagnostics) {
    expect(`${message} ${hint}`).not.toMatch(/\bmust (have|match|NOT)\b.*propert|undefined|\[object|\^\[|#\/|\/then/);
    expect(message).toMatch(/^\S.*\.$/);
    expect(hint).toMatch(/^\S.*[.?]$/);
  }
});
