import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/table.ts';
import { parse } from '../../src/cli/parse.ts';
import { Exit } from '../../src/model/errors.ts';
import { cli } from './in-process.ts';

describe('a wrong command line ends with 3, one fact and one help', () => {
  test.each([
    ['an unknown command', 'pln', 'There is no command "pln".', 'Did you mean `plan`?'],
    ['a command like no other', 'frobnicate', 'There is no command "frobnicate".', '`syncline --help` lists'],
    ['an unknown option', 'plan --prnue', 'There is no option --prnue of `plan`.', 'Did you mean --prune?'],
    ['an option with swapped letters', 'plan --fomrat json', 'There is no option --fomrat', 'Did you mean --format?'],
    ['a short one', 'plan -x', 'There is no option -x', 'lists the options'],
    [
      'an option that takes the command for its value',
      '--nonsense plan',
      'There is no option --nonsense.',
      'lists the options',
    ],
    ['a negated option', 'plan --no-prune', 'There is no option --no-prune', 'lists the options'],
    ['an option of another command', 'apply --out x', '--out is not an option of `apply`.', 'It belongs to `plan`.'],
    ['an option without its command', '--prune', '--prune is not an option without a command.', 'It belongs to'],
    ['a value that is missing', 'plan --out', '--out needs a value.', 'Write --out FILE.'],
    ['a value that is empty', ['plan', '--out='], '--out needs a value.', 'Write --out FILE.'],
    ['a flag with a value', 'apply --dry-run=yes', '--dry-run takes no value.', 'Write --dry-run alone'],
    ['a flag that is denied', 'apply --dry-run false', '--dry-run takes no value.', 'or leave it out.'],
    ['a number that is none', 'emulate --port x', '--port needs a whole number, not "x".', 'Write --port N.'],
    ['a number below zero', 'emulate --port=-1', '--port needs a whole number, not "-1".', 'Write --port N.'],
    ['an option given twice', 'plan --out a --out b', '--out is given 2 times.', 'Give it once.'],
    ['an unknown format', 'plan --format jsn', '`plan` has no format "jsn".', 'Did you mean json?'],
    [
      'a format of another command',
      'apply --format html',
      '`apply` has no format "html".',
      'It has text, json, ndjson.',
    ],
    ['a word too many', 'plan production', '`plan` does not take "production".', 'Write `syncline plan`.'],
    ['a second plan file', 'apply a b', '`apply` does not take "b".', 'Write `syncline apply [PLANFILE]`.'],
    ['the prototype as an option', 'plan --__proto__ x', 'There is no option', 'lists the options'],
  ])('%s', async (_name, line, fact, help) => {
    const said = await cli(line);
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    const [first, second, third] = said.err.split('\n');
    expect(first).toBe('error usage');
    expect(second).toContain(fact);
    expect(third).toContain(help);
  });

  test('nothing at all shows what there is', async () => {
    const said = await cli('');
    expect(said).toMatchObject({ code: Exit.invalid, out: '' });
    expect(said.err).toContain('Commands:');
  });
});

describe('a right command line', () => {
  test.each([
    ['options before the command', '--target a -C dir --no-color apply --target b'],
    ['options after it', 'apply --target a --target b --no-color -C dir'],
    ['a flag right before the command', '--no-color -C dir --target a --target b apply'],
  ])('may have %s', (_name, line) => {
    const request = parse(line.split(' '));
    if (request.ask !== 'run') throw new Error(request.ask);
    expect(request.command.name).toBe('apply');
    expect(request.options.texts('target')).toEqual(['a', 'b']);
    expect(request.options.text('C')).toBe('dir');
    expect(request.options.flag('no-color')).toBe(true);
    expect(request.options.flag('prune')).toBe(false);
    expect(request.positionals).toEqual([]);
  });

  test.each([
    ['after options', 'apply --target a plan.json', ['plan.json']],
    ['behind a double dash', 'apply -- plan.json', ['plan.json']],
    ['that look like numbers', 'apply 007', ['007']],
    ['as many as one likes', 'validate a b c', ['a', 'b', 'c']],
  ])('keeps positionals %s', (_name, line, positionals) => {
    const request = parse(line.split(' '));
    expect(request.ask === 'run' && request.positionals).toEqual(positionals);
  });

  test('numbers and values that begin with a dash arrive as they are', () => {
    const request = parse(['apply', '--force-deletes', '0012', '--only=-x*']);
    if (request.ask !== 'run') throw new Error(request.ask);
    expect(request.options.count('force-deletes')).toBe(12);
    expect(request.options.text('only')).toBe('-x*');
  });
});

describe('help', () => {
  test('names every command', async () => {
    const said = await cli('--help');
    expect(said).toMatchObject({ code: Exit.ok, err: '' });
    for (const command of commands) expect(said.out).toContain(`  ${command.name} `);
  });

  test('of all says what exit codes mean', async () => {
    const said = (await cli('--help')).out.replaceAll(/\s+/g, ' ');
    expect(said).toContain(' 2 changes exist: plan --exit-code, drift; scan found something 3 ');
    expect(said).toMatch(/ 4 refused, .*a held lock.*a ledger that cannot be read or written.* 5 /);
  });

  test.each(commands.map((command) => [command.name, command] as const))(
    'of %s has its options, formats and examples',
    async (name, command) => {
      const said = await cli(`${name} --help`);
      expect(said).toMatchObject({ code: Exit.ok, err: '' });
      for (const option of command.options) expect(said.out).toContain(`--${option.name}`);
      for (const format of command.formats) expect(said.out).toContain(format);
      for (const [line] of command.examples) expect(said.out).toContain(line);
      expect(said.out.split('\n').filter((line) => line.length > 100)).toEqual([]);
      expect((await cli(`help ${name}`)).out).toBe(said.out);
      expect((await cli(`-h ${name}`)).out).toBe(said.out);
    },
  );

  test.each(commands.flatMap((command) => command.examples.map(([line]) => [line])))(
    'the example "%s" is a line that parses',
    (line) => {
      const words = line
        .replace(/ > .*$/, '')
        .replaceAll("'", '')
        .split(' ')
        .slice(1);
      expect(parse(words).ask).toBe('run');
    },
  );

  test('wins over what is wrong elsewhere on the line', async () => {
    expect((await cli('plan --nonsense --help')).code).toBe(Exit.ok);
  });

  test('--version prints one line', async () => {
    expect(await cli('--version')).toMatchObject({ code: Exit.ok, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});
