import { describe, expect, test } from 'vitest';
import { type SchemaMap, withSchemas } from '../../src/cli/editor/settings.ts';

const schemas = { './ours/a.json': ['syncs/**/*.yaml'], './ours/b.json': ['syncline.yaml'] };

function extended(text: string, wanted: SchemaMap = schemas): string | undefined {
  return withSchemas(text, wanted, (path) => path.startsWith('./ours/'));
}

describe('settings with schemas', () => {
  test.each([
    ['nothing', ''],
    ['an empty object', '{}'],
    ['an empty object on two lines', '{\n}\n'],
    ['other settings', '{\n  "editor.tabSize": 2\n}\n'],
    ['tabs', '{\n\t"editor.tabSize": 2\n}\n'],
    ['comments and trailing commas', '// mine\n{\n  /* { */ "a": "// no, \\" ,}", // yes\n  "b": [1, 2,],\n}\n'],
    ['an empty section', '{ "yaml.schemas": {} }'],
    ['a section with another schema', '{\n  "yaml.schemas": {\n    "./c.json": "c.yaml", // keep\n  },\n  "x": 1\n}'],
    [
      'the name of the section elsewhere',
      '{ "x": { "yaml.schemas": 1 }, "y": "yaml.schemas", "yaml.schemas": { "./c.json": [] } }',
    ],
  ])('are added to %s, and all that was there stays', (_name, text) => {
    const result = extended(text) ?? '';
    const before = plain(text === '' ? '{}' : text);
    const after = plain(result);
    expect(after['yaml.schemas']).toEqual({ ...section(before), ...schemas });
    expect({ ...after, 'yaml.schemas': 0 }).toEqual({ ...before, 'yaml.schemas': 0 });
    for (const comment of text.match(/\/\/.*|\/\*.*?\*\//g) ?? []) expect(result).toContain(comment);
  });

  test('twice changes nothing', () => {
    const once = extended('{\n  // x\n  "a": 1\n}\n') ?? '';
    expect(extended(once)).toBe(once);
  });

  test('what an older version has added goes, and what others have added stays', () => {
    const older = '"./ours/old.json": ["syncs/**/*.yaml"]';
    const other = '"./c.json": ["c.yaml"]';
    for (const members of [
      [older],
      [older, other],
      [other, older],
      [older.replace('old', 'x'), other, older],
      [older, older.replace('old', 'x')],
    ])
      for (const end of ['', ','])
        for (const between of [', ', ',\n    ', ', // mine\n    ']) {
          const text = `{\n  "yaml.schemas": {\n    ${members.join(between)}${end}\n  },\n  "x": 1\n}\n`;
          const result = extended(text) ?? '';
          const others = members.includes(other) ? { './c.json': ['c.yaml'] } : {};
          expect(plain(result), text).toEqual({ 'yaml.schemas': { ...others, ...schemas }, x: 1 });
          expect(result.split('// mine').length).toBe(text.split('// mine').length);
          expect(extended(result)).toBe(result);
        }
  });

  test('globs of ours follow the project, and nothing else of the file changes', () => {
    const text =
      '{\n  "yaml.schemas": {\n    // ours\n    "./ours/b.json": ["old.yaml"], /* b */\n    "./ours/a.json": [] }\n}\n';
    expect(extended(text)).toBe(
      text.replace('["old.yaml"]', '["syncline.yaml"]').replace('[] }', '["syncs/**/*.yaml"] }'),
    );
  });

  test('an entry of ours is left where its line was, without an empty line', () => {
    const text = '{\n  "yaml.schemas": {\n    "./ours/old.json": "a.yaml",\n    "./c.json": "c.yaml"\n  }\n}\n';
    expect(extended(text, {})).toBe('{\n  "yaml.schemas": {\n    "./c.json": "c.yaml"\n  }\n}\n');
  });

  test.each(['[]', '"x"', '{ "a": }', '{ a: 1 }', '{ "yaml.schemas": [] }', '{'])('%s is refused', (text) => {
    expect(extended(text)).toBeUndefined();
  });
});

/** Evaluated as JavaScript, which knows comments and trailing commas: an opinion independent of ours. */
function plain(text: string): Record<string, unknown> {
  return new Function(`return (${text.replace(/^(\s*\/\/.*\n)+/, '')})`)();
}

function section(settings: Record<string, unknown>): object {
  const value = settings['yaml.schemas'];
  return typeof value === 'object' && value !== null ? value : {};
}
