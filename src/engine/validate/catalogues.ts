import { knownOf } from '../../core/catalogue/known.ts';
import { daysOf, mostDays } from '../../core/catalogue/text.ts';
import { labelOf } from '../../core/spec/label.ts';
import { cataloguePath, readCatalogue } from '../../load/catalogue.ts';
import type { Declaration, Known } from '../../model/catalogue.ts';
import type { Diagnostic, Problem } from '../../model/diagnostic.ts';
import { isList, isObject, type Json, type Spec } from '../../model/json.ts';
import type { KindDefinition, KindRules } from '../../model/kind.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Project, Target } from '../../model/project.ts';
import { ofFile, onTargets } from './diagnostics.ts';

/** A catalogue to judge by. */
export interface Shelf {
  readonly known: Known;
  /** A sentence for the help of everything that is found: `The catalogue is 3 days old.` */
  readonly age: string;
}

export interface Catalogues {
  /** By target; those that have none are missing. */
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The catalogues of the targets, where there are any, and what is to be said of them. */
export async function cataloguesOf({ root, targets }: Project, now: Date): Promise<Catalogues> {
  const shelves = new Map<string, Shelf>();
  const diagnostics: Diagnostic[] = [];
  for (const { name } of targets) {
    const read = await readCatalogue(root, name);
    if (read === undefined) continue;
    if ('code' in read) {
      diagnostics.push(ofFile(read, 'warning'));
      continue;
    }
    const days = daysOf(read, now.toISOString());
    shelves.set(name, { known: knownOf(read), age: `The catalogue is ${ageText(days)} old.` });
    if (days > mostDays) diagnostics.push(old(name, days));
  }
  return { shelves, diagnostics };
}

function ageText(days: number): string {
  return days === 0 ? 'less than a day' : days === 1 ? 'a day' : `${days} days`;
}

function old(target: string, days: number): Diagnostic {
  const message = `This catalogue is ${days} days old, so what it says may hold no more.`;
  const hint = 'Write it anew with `syncline pull --catalogue`.';
  return ofFile({ code: 'old-catalogue', message, hint, file: cataloguePath(target) }, 'warning');
}

/** What the catalogue of one target does not have. */
export interface TargetFinding {
  readonly target: Target;
  readonly problem: Problem;
  readonly unless: Declaration | undefined;
}

/** What a valid spec names on each of these targets, and the catalogue there does not have. */
export function findingsOf(
  { look }: KindRules,
  spec: Spec,
  targets: readonly Target[],
  shelves: ReadonlyMap<string, Shelf>,
): readonly TargetFinding[] {
  if (look === undefined || shelves.size === 0) return [];
  return targets.flatMap((target) => {
    const shelf = shelves.get(target.name);
    if (shelf === undefined) return [];
    return look(spec, shelf.known).map(({ unless, ...problem }) => ({
      target,
      problem: { ...problem, hint: `${problem.hint} ${shelf.age}` },
      unless,
    }));
  });
}

/** A finding whose truth shows once every manifest has been read. */
export interface Pending {
  readonly found: Diagnostic;
  readonly unless: Declaration;
  /** Names of the targets on which it was found. */
  readonly targets: readonly string[];
  /** On how many targets the manifest is. */
  readonly of: number;
}

/** Those that are true: on at least one target no manifest declares what is missing. A target is named only where that is not so on all. */
export function settled(
  pending: readonly Pending[],
  declared: ReadonlyMap<string, readonly Manifest[]>,
  kinds: ReadonlyMap<string, KindDefinition>,
): readonly Diagnostic[] {
  if (pending.length === 0) return [];
  const specs = new Map([...declared].map(([target, manifests]) => [target, byDeclaration(manifests, kinds)]));
  return pending.flatMap(({ found, unless, targets, of }) => {
    const on = targets.filter((target) => !isDeclared(unless, specs.get(target)));
    return on.length === 0 ? [] : [onTargets(found, on.length < of ? on : [])];
  });
}

type Specs = ReadonlyMap<string, readonly Spec[]>;

function byDeclaration(manifests: readonly Manifest[], kinds: ReadonlyMap<string, KindDefinition>): Specs {
  const specs = new Map<string, Spec[]>();
  for (const { kind, spec } of manifests) {
    const traits = kinds.get(kind)?.traits;
    const label = traits === undefined ? undefined : labelOf(traits, spec);
    if (label === undefined) continue;
    const key = keyOf({ kind, label });
    const all = specs.get(key);
    if (all === undefined) specs.set(key, [spec]);
    else all.push(spec);
  }
  return specs;
}

function isDeclared(unless: Declaration, specs: Specs | undefined): boolean {
  const { word } = unless;
  const found = specs?.get(keyOf(unless)) ?? [];
  return word === undefined ? found.length > 0 : found.some((spec) => says(spec, word.toLowerCase()));
}

function keyOf({ kind, label }: Declaration): string {
  return `${kind} ${label}`;
}

/** Does the word stand in a text of the spec, in letters of either case? Part of a longer word is another one. */
function says(value: Json | undefined, word: string): boolean {
  if (typeof value === 'string') return wordsAt(value.toLowerCase(), word);
  if (isList(value)) return value.some((one) => says(one, word));
  return isObject(value) && Object.values(value).some((one) => says(one, word));
}

function wordsAt(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + word.length]];
    if (!isLetter(before) && !isLetter(after)) return true;
  }
  return false;
}

function isLetter(sign: string): boolean {
  return /[\p{L}\p{N}_]/u.test(sign);
}
