import type { Outline } from '../../core/references/outline.ts';
import { listOf, matching, orNull, type Shape, shape, tuple } from '../../ledger/shape.ts';
import { kindOf, nameOf } from '../../model/address.ts';
import { isObject, type Spec } from '../../model/json.ts';
import { defaultLifecycle } from '../../model/manifest.ts';
import type { FileFinding, FoundManifest } from './one-file.ts';

/**
 * What was found in files before, so that a file that has not changed need not be judged again. Enough for what is asked across
 * manifests, and for nothing else: of a manifest it holds too little to plan with.
 */
export interface FindingCache {
  /** What was found in a file of this text; undefined where nobody knows. */
  recall(file: string, text: string): FileFinding | undefined;
  keep(finding: FileFinding, text: string): void;
}

/**
 * A file in which nothing was wrong, as it is kept. Plain JSON, and lists in the place of objects: ten thousand of them are written and read
 * at once.
 */
export type CleanFile = readonly [count: number, documents: readonly CleanDocument[]];

type CleanDocument = readonly [
  address: string,
  targets: readonly string[],
  line: number,
  column: number,
  document: number,
  manifests: readonly CleanManifest[],
];

/** So much of a manifest as rules across manifests look at. `on`: its targets, where they are not all those of the document. */
type CleanManifest = readonly [
  spec: Spec,
  on: readonly string[] | null,
  movedFrom: readonly string[] | null,
  targets: readonly string[] | null,
];

const number: Shape<number> = shape('a whole number', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const name = matching('a name', /./s);
const names = listOf(name);
const spec: Shape<Spec> = shape('an object', isObject);
const manifest = tuple<CleanManifest>(spec, orNull(names), orNull(names), orNull(names));
const document = tuple<CleanDocument>(name, names, number, number, number, listOf(manifest));

/** What a file that was kept must look like when it is read back. */
export const cleanFile: Shape<CleanFile> = tuple<CleanFile>(number, listOf(document));

/**
 * A finding as it is kept; undefined where there is anything to complain of, where text of other files counts, and where values are
 * hidden. `outline` leaves of a spec what rules across manifests look at.
 */
export function cleanFileOf(finding: FileFinding, outline: Outline): CleanFile | undefined {
  const { complete, diagnostics, pending, uses } = finding;
  if (!complete || diagnostics.length > 0 || pending.length > 0 || uses.length > 0) return undefined;
  const documents: CleanDocument[] = [];
  for (const { address, targets, origin, document: number } of finding.documents) {
    const manifests: CleanManifest[] = [];
    for (const { targets: on, manifest: one, valid } of finding.manifests) {
      if (!valid || one.lifecycle.hide !== undefined) return undefined;
      if (one.document !== number) continue;
      const isOnAll = on.length === targets.length;
      manifests.push([outline(one.kind, one.spec), isOnAll ? null : on, one.moved_from ?? null, one.targets ?? null]);
    }
    documents.push([address, targets, origin.line, origin.column, number, manifests]);
  }
  return [finding.count, documents];
}

/** What was found in a file that was kept. */
export function findingOf(file: string, [count, kept]: CleanFile): FileFinding {
  const documents: FileFinding['documents'][number][] = [];
  const manifests: FoundManifest[] = [];
  for (const [address, targets, line, column, number, all] of kept) {
    const at = { address, origin: { file, line, column }, document: number };
    documents.push({ ...at, targets });
    const about = { ...at, kind: kindOf(address), name: nameOf(address), lifecycle: defaultLifecycle };
    for (const [outlined, on, movedFrom, own] of all) {
      const more = {
        ...(movedFrom === null ? {} : { moved_from: movedFrom }),
        ...(own === null ? {} : { targets: own }),
      };
      manifests.push({ targets: on ?? targets, manifest: { ...about, spec: outlined, ...more }, valid: true });
    }
  }
  return { file, complete: true, count, uses: [], diagnostics: [], pending: [], documents, manifests };
}
