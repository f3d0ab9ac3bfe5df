import { describe, expect, test } from 'vitest';
import { withSchemas } from '../../src/cli/editor/settings.ts';

const schemas = { './a.json': ['syncs/**/*.yaml'], './b.json': ['syncline.yaml'] };

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
    const result = withSchemas(text, schemas) ?? '';
    const before = plain(text === '' ? '{}' : text);
    const after = plain(result);
    expect(after['yaml.schemas']).toEqual({ ...section(before), ...schemas });
    expect({ ...after, 'yaml.schemas': 0 }).toEqual({ ...before, 'yaml.schemas': 0 });
    for (const comment of text.match(/\/\/.*|\/\*.*?\*\//g) ?? []) expect(result).toContain(comment);
  });

  test('twice changes nothing', () => {
    const once = withSchemas('{\n  // x\n  "a": 1\n}\n', schemas) ?? '';
    expect(withSchemas(once, schemas)).toBe(once);
  });

  test('a schema that is mapped to other files stays so', () => {
    const text = '{ "yaml.schemas": { "./a.json": "mine.yaml", "./b.json": [] } }';
    expect(withSchemas(text, schemas)).toBe(text);
  });

  test.each(['[]', '"x"', '{ "a": }', '{ a: 1 }', '{ "yaml.schemas": [] }', '{'])('%s is refused', (text) => {
    expect(withSchemas(text, schemas)).toBeUndefined();
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
