import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/table.ts';
import { Exit } from '../../src/model/errors.ts';
import { cli } from './in-process.ts';
import { manifest, workspace } from './workspace.ts';

const ask = (words: readonly string[], cwd?: string) =>
  cli(['--get-completions', ...words], cwd === undefined ? {} : { cwd });
const values = (out: string) => out.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));

describe('what may stand under the cursor', () => {
  test('is each command with its summary, and help', async () => {
    const { out } = await ask(['']);
    expect(values(out)).toEqual([...commands.map((one) => one.name), 'help']);
    expect(out).toContain('plan\tShow what apply would do; only reads\n');
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['the formats of the command', ['plan', '--format', ''], ['text', 'json', 'markdown', 'github', 'html']],
    ['after options too', ['--quiet', 'drift', '--format', 'j'], ['json']],
    ['the end of a word that holds the option', ['apply', '--format=nd'], ['--format=ndjson']],
    ['the same as bash cuts it', ['apply', '--format', '=', 'nd'], ['--format=ndjson']],
    ['the same before the value', ['undo', 'x', '--format', '='], ['--format=text', '--format=json']],
    ['no option twice', ['plan', '--prune', '--pr'], []],
    ['one that may be given again, again', ['plan', '--only', 'x', '--on'], ['--only']],
    ['a flag after a value that may be left out', ['init', '--ci', '--con'], ['--config']],
    ['a command to be helped with', ['help', 'dem'], ['demo']],
    ['files', ['apply', ''], [':file']],
    ['folders', ['-C', ''], [':dir']],
    ['what a command can do', ['fleet', ''], ['matrix']],
    ['each thing that it can do', ['import', ''], ['terraform', 'gitlink']],
    ['what follows that', ['import', 'terraform', ''], [':file']],
    ['what follows another', ['import', 'gitlink', ''], [':dir']],
    ['one of several words', ['completion', 'f'], ['fish']],
    ['nothing after what is full', ['apply', 'plan.json', ''], []],
    ['nothing where anything may stand', ['log', '--limit', ''], []],
    ['nothing of a command that there is not', ['nonsense', ''], []],
    ['nothing of an option that there is not', ['plan', '--nonsense='], []],
  ])('is %s', async (_what, words, expected) => {
    const { code, out, err } = await ask(words);
    expect({ code, err }).toEqual({ code: Exit.ok, err: '' });
    expect(values(out)).toEqual(expected);
  });

  test('is what the project declares, wherever it is, and nothing is sent', async () => {
    const { folder, write, emulator } = await workspace();
    write('syncs/two.yaml', `${manifest('orders')}---\n${manifest('leads')}`);
    write('syncs/broken.yaml', 'kind: CensusSync\nname: [\n');
    expect(values((await ask(['adopt', ''], folder)).out)).toEqual(
      ['leads', 'orders', 'users'].map((one) => `CensusSync/${one}`),
    );
    const away = await ask(['-C', folder, 'plan', '--target', 'p']);
    expect(values(away.out)).toEqual(['production']);
    expect(values((await ask(['--target', 'production', 'plan', '--target', ''], folder)).out)).toEqual([]);
    expect(emulator.requests).toEqual([]);
  });
});

describe('completion', () => {
  test.each(['bash', 'zsh', 'fish'])('prints a script for %s', async (shell) => {
    const said = await cli(`completion ${shell}`);
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    expect(said.out).toContain('--get-completions');
  });

  test('has none for another shell', async () => {
    const said = await cli('completion fsh');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('Did you mean fish?');
  });
});
