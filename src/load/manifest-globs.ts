import { type Pointer, pointer } from '../model/json.ts';
import type { Project, Target } from '../model/project.ts';
import { advance, compileGlobs, type GlobState, isMatch, isMatched } from './glob.ts';

/** Globs that stand in one list, and the targets that read what they find. */
export interface GlobList {
  readonly patterns: readonly string[];
  /** In the order of the project. Empty where every target has globs of its own, and these are the project's. */
  readonly targets: readonly Target[];
  /** Where the list stands, as a pointer in the project file. */
  readonly path: Pointer;
}

/** Every list of globs of a project, that of the project first. Lists that say the same are one. */
export function globLists({ manifests, targets }: Project): readonly GlobList[] {
  const lists = new Map<string, { patterns: readonly string[]; targets: Target[]; path: Pointer }>();
  lists.set(JSON.stringify(manifests), { patterns: manifests, targets: [], path: '/manifests' });
  for (const target of targets) {
    const patterns = target.manifests ?? manifests;
    const known = lists.get(JSON.stringify(patterns));
    if (known !== undefined) known.targets.push(target);
    else {
      const path = pointer(['targets', target.name, 'manifests']);
      lists.set(JSON.stringify(patterns), { patterns, targets: [target], path });
    }
  }
  return [...lists.values()];
}

/** The lists that targets with these names read; all of them where there is no name. */
export function listsRead(project: Project, names: readonly string[]): readonly GlobList[] {
  const lists = globLists(project);
  if (names.length === 0) return lists;
  const asked = new Set(names);
  return lists.filter(({ targets }) => targets.some(({ name }) => asked.has(name)));
}

/** The globs that find the manifests of a target. */
export function globsOf({ manifests }: Project, target: Target): readonly string[] {
  return target.manifests ?? manifests;
}

/** Would any target of the project read a file at this path? */
export function isManifestFile(project: Project, file: string): boolean {
  if (isMatched(project.manifests, file)) return true;
  return project.targets.some(({ manifests }) => manifests !== undefined && isMatched(manifests, file));
}

/** Whose a file is. */
export interface Finders {
  /** The targets whose globs find it. */
  readonly targets: readonly Target[];
  /** Do lists find it that have no glob for it in common? Then nobody can tell by the globs alone whose it is meant to be. */
  readonly isContested: boolean;
}

/** Says whose files are, by the globs alone: nothing is read. A file that no glob finds may be anybody's. */
export function findersOf(project: Project): (file: string) => Finders {
  const everybody = { targets: project.targets, isContested: false };
  if (project.targets.every((one) => one.manifests === undefined)) return () => everybody;
  const near = index(globLists(project));
  return (file) => {
    const found = [...near(file)].flatMap((one) => {
      const patterns = patternsFor(one, file);
      return patterns.length === 0 ? [] : [{ list: one.list, patterns }];
    });
    const [only] = found;
    if (only === undefined) return everybody;
    if (found.length === 1) return { targets: only.list.targets, isContested: false };
    const names = new Set(found.flatMap(({ list }) => list.targets.map((one) => one.name)));
    const common = only.patterns.filter((one) => found.every(({ patterns }) => patterns.includes(one)));
    return { targets: project.targets.filter((one) => names.has(one.name)), isContested: common.length === 0 };
  };
}

interface Compiled {
  readonly list: GlobList;
  /** Compiled when it is first needed: with many targets, only a few lists can find what is read. */
  readonly states: () => readonly GlobState[];
}

/** The lists that may find a file, by the folders that their patterns begin with. */
function index(lists: readonly GlobList[]): (file: string) => Iterable<Compiled> {
  const byFolder = new Map<string, Compiled[]>();
  for (const list of lists) {
    let compiled: readonly GlobState[] | undefined;
    const one = { list, states: () => (compiled ??= compileGlobs(list.patterns)) };
    const folders = list.patterns.filter((pattern) => !pattern.startsWith('!')).map(fixedFolder);
    for (const folder of new Set(folders)) byFolder.set(folder, [...(byFolder.get(folder) ?? []), one]);
  }
  return (file) => {
    const found = new Set<Compiled>(byFolder.get(''));
    for (let end = file.indexOf('/'); end !== -1; end = file.indexOf('/', end + 1))
      for (const one of byFolder.get(file.slice(0, end)) ?? []) found.add(one);
    return found;
  };
}

/** The folders that a pattern names before anything in it is open. */
function fixedFolder(pattern: string): string {
  const steps = pattern.split('/').filter((step) => step !== '' && step !== '.');
  const open = steps.findIndex((step) => /[*?[\]{}]/.test(step));
  return steps.slice(0, open === -1 ? -1 : open).join('/');
}

/** The patterns of a list that find a file; none where one of them leaves it out. */
function patternsFor({ list, states }: Compiled, file: string): readonly string[] {
  const matches = file
    .split('/')
    .reduce(advance, [...states()])
    .filter(isMatch);
  if (matches.some(({ glob }) => glob.negative)) return [];
  return [...new Set(matches.map(({ glob }) => list.patterns[glob.source] ?? ''))];
}

/** The globs by which an editor knows manifests: what any list finds, without what every list leaves out. */
export function globsOfAll(project: Project): readonly string[] {
  const all = globLists(project).map((one) => one.patterns);
  const isMeant = (pattern: string) => !pattern.startsWith('!') || all.every((patterns) => patterns.includes(pattern));
  return [...new Set(all.flat())].filter(isMeant);
}
