import { expect, test } from 'vitest';
import { approve } from '../../src/cli/approve.ts';
import type { Command } from '../../src/cli/command.ts';
import { load } from '../../src/cli/commands/load.ts';
import type { Execute, Invocation, InvocationOf, Renderers } from '../../src/cli/invocation.ts';
import { parse } from '../../src/cli/parse.ts';
import { wishesOf } from '../../src/cli/wishes.ts';

// Most of this is for the compiler: `tsc -p .` fails where a line below an expectation compiles.

function optionsOf(line: string) {
  const request = parse(line.split(' '));
  if (request.ask !== 'run') throw new Error(request.ask);
  return request.options;
}

test('a command reads what its row has, and as what the row says', () => {
  const options: InvocationOf<'plan'>['options'] = optionsOf(
    'plan --prune --out a --only b --force-deletes 2 --target t',
  );
  expect(options.flag('prune')).toBe(true);
  expect(options.text('out')).toBe('a');
  expect(options.texts('only')).toEqual(['b']);
  expect(options.count('force-deletes')).toBe(2);
  expect(options.texts('target')).toEqual(['t']);
  expect(options.given('only')).toBe(true);
  expect(options.given('force-creates')).toBe(false);

  // Nobody would notice these while the program runs.
  // @ts-expect-error misspelt
  expect(options.flag('prnue')).toBe(false);
  // @ts-expect-error misspelt
  expect(options.given('prnue')).toBe(false);
  // @ts-expect-error of another command
  expect(options.flag('auto-approve')).toBe(false);
  // @ts-expect-error a text
  expect(options.flag('out')).toBe(false);
  // @ts-expect-error a flag
  expect(options.text('prune')).toBe('true');
  // @ts-expect-error a text
  expect(options.count('out')).toBe(Number.NaN);
  // @ts-expect-error a count
  expect(options.text('force-deletes')).toBe('2');
  // @ts-expect-error may be given again
  expect(options.text('target')).toBe('t');
});

test('a helper is called by commands alone that have the options it reads', () => {
  const calls = (drift: InvocationOf<'drift'>, undo: InvocationOf<'undo'>, apply: InvocationOf<'apply'>) => [
    approve('', apply),
    approve('', undo),
    // @ts-expect-error drift has no --auto-approve
    approve('', drift),
    wishesOf(apply, { root: '' }, []),
    // @ts-expect-error undo has no --prune
    wishesOf(undo, { root: '' }, []),
  ];
  expect(calls).toBeTypeOf('function');
});

test('a helper names options that exist', () => {
  const helper = ({ options }: Invocation<'only'>) => options.texts('only');
  // @ts-expect-error misspelt
  const other = (invocation: Invocation<'olny'>) => invocation;
  expect([helper, other]).toHaveLength(2);
});

test('every command has a handler of its own', () => {
  const planned: Execute<'plan'> = async ({ options }) => (options.given('out') ? 0 : 1);
  const full: typeof load = { ...load, plan: async () => ({ execute: planned }) };
  // @ts-expect-error drift has no --out
  const wrong: typeof load = { ...load, drift: async () => ({ execute: planned }) };
  const { plan, ...others } = load;
  // @ts-expect-error one is missing
  const fewer: typeof load = others;
  expect([full, wrong, fewer, plan]).toHaveLength(4);
});

test('a command writes every format of its row and no other', () => {
  const said = (value: string) => value;
  const full: Renderers<'drift', string> = { text: said, json: said, markdown: said, github: said, sarif: said };
  // @ts-expect-error github is missing
  const fewer: Renderers<'drift', string> = { text: said, json: said, markdown: said, sarif: said };
  // @ts-expect-error drift has no html
  const more: Renderers<'drift', string> = { ...full, html: said };
  // @ts-expect-error misspelt
  const inFormat = ({ format }: InvocationOf<'log'>) => format === 'jsno';
  // @ts-expect-error the first is what a command writes unasked
  const none: Command['formats'] = [];
  expect([full, fewer, more, inFormat, none]).toHaveLength(5);
});
