import type { Outline } from '../../core/references/outline.ts';
import { listOf, matching, record, type Shape, shape } from '../../ledger/shape.ts';
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

/** A file in which nothing was wrong, as it is kept. Plain JSON. */
export interface CleanFile {
  readonly count: number;
  /** Other files that its manifests take text from. */
  readonly uses: readonly string[];
  readonly documents: readonly CleanDocument[];
  readonly manifests: readonly CleanManifest[];
}

interface CleanDocument {
  readonly address: string;
  readonly targets: readonly string[];
  readonly line: number;
  readonly column: number;
  readonly document: number;
}

interface CleanManifest {
  /** Index of its document. */
  readonly of: number;
  /** Its targets; absent where they are all those of the document. */
  readonly on?: readonly string[];
  /** So much of it as rules across manifests look at. */
  readonly spec: Spec;
  readonly moved_from?: readonly string[];
  readonly targets?: readonly string[];
}

const number: Shape<number> = shape('a whole number', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const name = matching('a name', /./s);
const names = listOf(name);

/** What a file that was kept must look like when it is read back. */
export const cleanFile: Shape<CleanFile> = record<CleanFile>({
  count: number,
  uses: names,
  documents: listOf(
    record<CleanDocument>({ address: name, targets: names, line: number, column: number, document: number }),
  ),
  manifests: listOf(
    record<CleanManifest>(
      { of: number, on: names, spec: shape('an object', isObject), moved_from: names, targets: names },
      ['on', 'moved_from', 'targets'],
    ),
  ),
});

/**
 * A finding as it is kept; undefined where there is anything to complain of, and where values are hidden. `outline` leaves of a spec
 * what rules across manifests look at.
 */
export function cleanFileOf(finding: FileFinding, outline: Outline): CleanFile | undefined {
  if (!finding.complete || finding.diagnostics.length > 0 || finding.pending.length > 0) return undefined;
  if (finding.manifests.some(({ valid, manifest }) => !valid || manifest.lifecycle.hide !== undefined))
    return undefined;
  const documents = finding.documents.map(({ address, targets, origin: { line, column }, document }) => {
    return { address, targets, line, column, document };
  });
  const manifests = finding.manifests.map(({ targets, manifest }): CleanManifest => {
    const of = documents.findIndex((one) => one.document === manifest.document);
    return {
      of,
      ...(documents[of]?.targets.length === targets.length ? {} : { on: targets }),
      spec: outline(manifest.kind, manifest.spec),
      ...(manifest.moved_from === undefined ? {} : { moved_from: manifest.moved_from }),
      ...(manifest.targets === undefined ? {} : { targets: manifest.targets }),
    };
  });
  return { count: finding.count, uses: finding.uses, documents, manifests };
}

/** What was found in a file that was kept; undefined where it does not fit together. */
export function findingOf(file: string, { count, uses, documents, manifests }: CleanFile): FileFinding | undefined {
  const found: FoundManifest[] = [];
  for (const { of, on, ...manifest } of manifests) {
    const at = documents[of];
    if (at === undefined) return undefined;
    const { address: where, targets, line, column, document } = at;
    const about = {
      address: where,
      kind: kindOf(where),
      name: nameOf(where),
      origin: { file, line, column },
      document,
    };
    found.push({
      targets: on ?? targets,
      manifest: { ...about, lifecycle: defaultLifecycle, ...manifest },
      valid: true,
    });
  }
  const known = documents.map(({ line, column, ...one }) => ({ ...one, origin: { file, line, column } }));
  return { file, complete: true, count, uses, diagnostics: [], pending: [], documents: known, manifests: found };
}
