import { expect, test } from 'vitest';
import { strayNotes } from '../../src/engine/strays.ts';
import { loadProject } from '../../src/load/project.ts';
import { entry, manifest as known, ledger } from '../support/world.ts';
import { folder, manifest, twoTargets } from '../validate/workspace.ts';

/** The notes of a project with these files beside its manifests, for a ledger that binds a, b and c. */
function notes(files: Readonly<Record<string, string>>, declared: readonly string[], memory = true) {
  const directory = folder({ 'syncline.yaml': twoTargets, ...files });
  const { project } = loadProject({ directory });
  if (project === undefined) throw new Error('The project does not load.');
  const bound = ledger({ a: entry('1'), b: entry('2'), c: entry('3') });
  return strayNotes(
    project,
    declared.map((name) => known(name)),
    memory ? bound : null,
  );
}

test('an address that a file declares which no glob matches is noted, with the file', () => {
  const files = { 'syncs/a.yaml': manifest('a'), 'syncs/more/b.yml': manifest('b'), 'syncs/new.yml': manifest('new') };
  expect(notes(files, ['a'])).toEqual([
    { address: 'CensusSync/b', code: 'unmatched-file', message: expect.stringContaining('syncs/more/b.yml') },
  ]);
});

test('a folder that no glob reaches is looked through too, but not the packages of others, nor another project', () => {
  const files = {
    'syncs/a.yaml': manifest('a'),
    'moved/away/b.yaml': manifest('b'),
    'other/syncline.yaml': twoTargets,
    'other/moved/c.yaml': manifest('c'),
    'node_modules/package/c.yaml': manifest('c'),
    '.cache/c.yaml': manifest('c'),
  };
  expect(notes(files, ['a'])).toEqual([
    { address: 'CensusSync/b', code: 'unmatched-file', message: expect.stringContaining('moved/away/b.yaml') },
  ]);
});

test.each([
  ['an address that a manifest declares too', { 'syncs/b.yml': manifest('b') }, ['a', 'b', 'c'], true],
  ['a file that declares nothing', { 'syncs/b.yml': 'kind: Other\nname: b\n', 'syncs/c.yml': 'a: [' }, ['a'], true],
  ['a project without a memory', { 'syncs/b.yml': manifest('b') }, ['a'], false],
  ['no file at all', {}, ['a'], true],
])('nothing is noted of %s', (_title, files, declared, memory) => {
  expect(notes(files, declared, memory)).toEqual([]);
});

test('a mistake elsewhere in such a file does not hide what it declares', () => {
  expect(notes({ 'syncs/b.yml': manifest('b', 'b', '  pausd: no\n') }, ['a']).map((one) => one.address)).toEqual([
    'CensusSync/b',
  ]);
});
