import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { manifest, workspace } from './cli/workspace.ts';
import { startEditor } from './support/language-server.ts';

test('after `schema --install`, an editor proposes what the catalogue has, and underlines no other name', async () => {
  const space = await workspace();
  await space.run('pull --catalogue');
  await space.run('schema --install');
  const settings = JSON.parse(readFileSync(join(space.folder, '.vscode/settings.json'), 'utf8'));
  const editor = await startEditor({ folder: space.folder, schemas: settings['yaml.schemas'] });
  onTestFinished(() => editor.close());

  // Block style: in braces, the server proposes no values.
  const text = manifest('users')
    .replace(/object: \{ type: table, (.*), (.*), (.*) \}/, 'object:\n      type: table\n      $1\n      $2\n      $3')
    .replace(/destination_attributes: \{ (.*), (.*) \}/, 'destination_attributes:\n    $1\n    $2')
    .replace(/- \{ (.*), (.*), (.*) \}/, '- $1\n      $2\n      $3');
  const others = text
    .replace('from: email', 'from: other')
    .replace('Salesforce', 'Another')
    .replace('to: Email', 'to: Nothing');
  expect(await editor.open('syncs/others.yaml', others)).toEqual([]);

  const proposed = async (written: string, instead: string) => {
    const path = `syncs/${written.replace(/\W/g, '')}.yaml`;
    const [before = '', after = ''] = text.replace(written, `${instead}¦`).split('¦');
    editor.show(path, before + after);
    const lines = before.split('\n');
    const found = await editor.complete(path, { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 });
    return found.map((one) => one.label.replaceAll('"', ''));
  };
  expect(await proposed('connection: Snowflake Prod', 'connection: ')).toEqual(
    expect.arrayContaining(['Snowflake Prod', 'BigQuery EU']),
  );
  expect(await proposed('table_name: users', 'table_name: ')).toEqual(expect.arrayContaining(['users', 'orders']));
  expect(await proposed('object: Contact', 'object: ')).toEqual(expect.arrayContaining(['Contact', 'Lead', 'Account']));
  expect(await proposed('from: email', 'from: ')).toEqual(expect.arrayContaining(['email', 'lifetime_value', 'gclid']));
  expect(await proposed('to: Email', 'to: ')).toEqual(expect.arrayContaining(['External_Id__c', 'FirstName']));
});

test('without a catalogue the installed schema is the published one', async () => {
  const space = await workspace();
  await space.run('schema --install');
  const printed = await space.run('schema manifest');
  expect(readFileSync(join(space.folder, '.vscode/syncline/manifest.schema.json'), 'utf8')).toBe(printed.out);
});
