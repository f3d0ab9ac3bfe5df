import type { Address } from '../../model/address.ts';
import { address, kindOf, nameOf } from '../../model/address.ts';
import type { Origin, Problem } from '../../model/diagnostic.ts';
import { isObject, type Json, type JsonObject, pointer, tokens } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { KindTraits, TraitsOf } from '../../model/traits.ts';
import { appearance, spelt, toldApart } from '../look-alike.ts';
import { labelOf } from '../spec/label.ts';
import { byCodePoint } from '../stable.ts';
import { suggester } from '../suggest.ts';
import { disagreements } from './agree.ts';
import { movedProblems } from './moved.ts';

/** A declared manifest, valid or not. */
export interface Subject {
  readonly address: Address;
  readonly origin: Origin;
  /** Which document of its file it is, from 0. */
  readonly document: number;
}

/** A mistake that no manifest makes alone. */
export interface LinkProblem extends Problem {
  /** Whose mistake it is; `path` leads into it. */
  readonly subject: Subject;
  /** The same mistake as the other one sees it, where two make it together. */
  readonly twin: LinkProblem | undefined;
}

/** What is declared beyond the manifests at hand: those with mistakes, and those of other targets. */
export interface Declared {
  /** Addresses on this target, valid or not. */
  readonly here: ReadonlySet<Address>;
  /** Addresses on any target, valid or not. */
  readonly anywhere: ReadonlySet<Address>;
  /** Was every document understood well enough to know its address? If not, a name may stand in what was not. */
  readonly complete: boolean;
}

/** Every address that the manifests of one target declare more than once; the first declaration is taken to be right. */
export function duplicateNames(subjects: readonly Subject[]): LinkProblem[] {
  const first = new Map<Address, Subject>();
  const problems: LinkProblem[] = [];
  for (const subject of subjects) {
    const other = first.get(subject.address);
    if (other === undefined) first.set(subject.address, subject);
    else problems.push({ ...duplicateName(subject, other), twin: duplicateName(other, subject) });
  }
  return problems;
}

function duplicateName(subject: Subject, other: Subject): LinkProblem {
  return {
    ...error('duplicate-name', '/name'),
    message: `${subject.address} is declared twice: here and at ${placeOf(other.origin)}.`,
    hint: 'Rename one of the two; names are unique among the manifests of a kind on a target.',
    subject,
    twin: undefined,
  };
}

/** What is wrong between the manifests of one target: labels used twice, links that lead nowhere or in a circle. */
export function linkProblems(
  manifests: readonly Manifest[],
  traitsOf: ReadonlyMap<string, KindTraits>,
  declared: Declared,
): LinkProblem[] {
  const byAddress = new Map(manifests.map((one) => [one.address, one]));
  const links = linksIn(manifests, traitsOf);
  const dangling = danglingLinks(
    links.filter((link) => !byAddress.has(link.to)),
    declared,
  );
  const known = manifests.filter(({ kind }) => traitsOf.has(kind));
  const of: TraitsOf = (kind) => traitsOf.get(kind) ?? unknownKind(kind);
  const apart = disagreements(known, of);
  return [
    ...sharedLabels(manifests, traitsOf),
    ...movedProblems(manifests),
    ...dangling,
    ...cycles(links.filter((link) => byAddress.has(link.to))),
    ...apart.map(({ manifest, problem }) => ({ ...problem, subject: manifest, twin: undefined })),
  ];
}

function unknownKind(kind: string): never {
  throw new Error(`There is no kind ${kind}.`);
}

/** Two labels that are the same are an error, and two that only look the same a warning. */
function sharedLabels(manifests: readonly Manifest[], traitsOf: ReadonlyMap<string, KindTraits>): LinkProblem[] {
  const first = new Map<string, Labelled>();
  const firstLook = new Map<string, Labelled>();
  const problems: LinkProblem[] = [];
  for (const manifest of manifests) {
    const traits = traitsOf.get(manifest.kind);
    const label = traits === undefined ? undefined : labelOf(traits, manifest.spec);
    if (traits === undefined || label === undefined) continue;
    const own = { manifest, label, traits };
    const same = once(first, `${manifest.kind} ${label}`, own);
    const alike = once(firstLook, `${manifest.kind} ${appearance(label)}`, own);
    if (same !== undefined) problems.push({ ...sameLabel(own, same), twin: sameLabel(same, own) });
    else if (alike !== undefined) problems.push({ ...similarLabel(own, alike), twin: similarLabel(alike, own) });
  }
  return problems;
}

interface Labelled {
  readonly manifest: Manifest;
  readonly label: string;
  readonly traits: KindTraits;
}

/** What stands under the key already; where there is nothing yet, `value` does from now on. */
function once<Value>(map: Map<string, Value>, key: string, value: Value): Value | undefined {
  const before = map.get(key);
  if (before === undefined) map.set(key, value);
  return before;
}

function sameLabel({ manifest, label, traits }: Labelled, { manifest: other }: Labelled): LinkProblem {
  return {
    ...error('duplicate-label', `/spec/${traits.label[0] ?? ''}`),
    message: `The label "${spelt(label)}" is also that of ${other.address} at ${placeOf(other.origin)}.`,
    hint: `Change one of the two: Syncline finds a ${traits.noun} by its label, so it must be unique on a target.`,
    subject: manifest,
    twin: undefined,
  };
}

function similarLabel(
  { manifest, label, traits }: Labelled,
  { manifest: other, label: theirs }: Labelled,
): LinkProblem {
  const [own, alike] = toldApart(label, theirs);
  return {
    ...error('similar-label', `/spec/${traits.label[0] ?? ''}`),
    severity: 'warning',
    message: `The label "${own}" looks like "${alike}", that of ${other.address} at ${placeOf(other.origin)}.`,
    hint: 'Change one of the two; nobody can tell them apart.',
    subject: manifest,
    twin: undefined,
  };
}

interface Link {
  readonly from: Manifest;
  readonly to: Address;
  readonly path: string;
  /** The key that an id would stand at. */
  readonly instead: string;
}

function linksIn(manifests: readonly Manifest[], traitsOf: ReadonlyMap<string, KindTraits>): Link[] {
  const places = new Map([...traitsOf].map(([kind, traits]) => [kind, onlyManifests(traits)]));
  const found: Link[] = [];
  for (const from of manifests) {
    for (const { kind, into, steps } of places.get(from.kind) ?? []) {
      const name = textAt(from.spec, steps);
      if (name === undefined) continue;
      found.push({ from, to: address(kind, name), path: pointer(['spec', ...steps]), instead: into });
    }
  }
  return found;
}

interface ManifestPlace {
  readonly kind: string;
  /** The key that an id would stand at. */
  readonly into: string;
  readonly steps: readonly string[];
}

/** The references of a kind that can name nothing but a manifest. */
function onlyManifests({ references }: KindTraits): readonly ManifestPlace[] {
  return references.flatMap(({ manifest: kind, collection, path, into }) =>
    kind === undefined || collection !== undefined
      ? []
      : [{ kind, into: tokens(into).at(-1) ?? '', steps: tokens(path) }],
  );
}

function textAt(spec: JsonObject, steps: readonly string[]): string | undefined {
  let here: Json | undefined = spec;
  for (const step of steps) here = isObject(here) ? here[step] : undefined;
  return typeof here === 'string' ? here : undefined;
}

function danglingLinks(links: readonly Link[], declared: Declared): LinkProblem[] {
  const similar = similarIn(declared);
  return links.flatMap((link) => {
    if (declared.here.has(link.to)) return [];
    if (declared.anywhere.has(link.to)) return [elsewhere(link)];
    if (!declared.complete) return [];
    const message = `There is no manifest "${nameOf(link.to)}".`;
    const hint = `${similar(link)} Or write its id (${link.instead}) in place of its name, or remove the trigger.`;
    return [{ ...error('unknown-sync', link.path), message, hint, subject: link.from, twin: undefined }];
  });
}

function elsewhere(link: Link): LinkProblem {
  return {
    ...error('link-elsewhere', link.path),
    message: `The manifest "${nameOf(link.to)}" is not on the same target.`,
    hint: `Add the target to ${link.to}, or change the trigger.`,
    subject: link.from,
    twin: undefined,
  };
}

/** The names of the link's kind that come close to the one it gives; a sync that waits for itself is no way out. */
function similarIn({ here }: Declared): (link: Link) => string {
  const byKind = new Map<string, ReturnType<typeof suggester>>();
  return ({ from, to }) => {
    const kind = kindOf(to);
    const known = byKind.get(kind);
    const prefix = `${kind}/`;
    const names = known === undefined ? [...here].filter((one) => one.startsWith(prefix)).map(nameOf) : [];
    const suggest = known ?? suggester(names, 'Declare it.');
    byKind.set(kind, suggest);
    return suggest(nameOf(to), from.name);
  };
}

/** Each circle once, at the first of its manifests by address. Of several links of one manifest the last is followed. */
function cycles(links: readonly Link[]): LinkProblem[] {
  const next = new Map<Address, Link>(links.map((link) => [link.from.address, link]));
  const seen = new Set<Address>();
  const problems: LinkProblem[] = [];
  for (const start of [...next.keys()].sort(byCodePoint)) {
    const round = walk(start, next, seen);
    const first = next.get(round[0] ?? '');
    if (first !== undefined) problems.push(cycle(first, round));
  }
  return problems;
}

/** Follows links until a manifest comes again; the circle from its smallest address on, or nothing where it was seen before. */
function walk(start: Address, next: ReadonlyMap<Address, Link>, seen: Set<Address>): Address[] {
  const path: Address[] = [];
  let here: Address | undefined = start;
  while (here !== undefined && !seen.has(here)) {
    seen.add(here);
    path.push(here);
    here = next.get(here)?.to;
  }
  const begin = here === undefined ? -1 : path.indexOf(here);
  const round = begin < 0 ? [] : path.slice(begin);
  const smallest = round.indexOf([...round].sort(byCodePoint)[0] ?? '');
  return [...round.slice(smallest), ...round.slice(0, smallest)];
}

function cycle(link: Link, round: readonly Address[]): LinkProblem {
  const names = [...round, link.from.address].map(nameOf).join(' → ');
  return {
    ...error('sync-cycle', link.path),
    message: `These syncs wait for each other: ${names}.`,
    hint: 'Remove one of these triggers.',
    subject: link.from,
    twin: undefined,
  };
}

function placeOf({ file, line, column }: Origin): string {
  return `${file}:${line}:${column}`;
}

function error(code: string, path: string) {
  return { severity: 'error', code, path, at: 'value' } as const;
}
