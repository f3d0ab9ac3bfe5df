import { hash, randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { outlinesOf } from '../core/references/outline.ts';
import { type CleanFile, cleanFile, cleanFileOf, type FindingCache, findingOf } from '../engine/validate/cache.ts';
import { fits } from '../ledger/shape.ts';
import { textFiles } from '../load/text-files.ts';
import type { Project } from '../model/project.ts';
import { kinds } from '../providers/index.ts';

/** Where findings may be kept, and who finds them. */
export interface CachePlace {
  /** Absolute path of a folder that can be made, and that nobody misses. */
  readonly folder: string;
  /** Tells this program from every other one that might judge otherwise. */
  readonly program: string;
}

/** A cache that is written back once all is judged. */
export interface OpenCache extends FindingCache {
  /** Never throws: what cannot be written is judged again next time. */
  save(): void;
}

/** So few files take no time worth saving. */
const fewest = 50;
/** What nobody has written for so long is removed, in milliseconds. */
const longest = 30 * 24 * 60 * 60 * 1000;

/**
 * What was found when these targets of a project were last checked. A file is known where its text and that of the files that it names
 * are what they were, for the same project and program: nothing else decides what is found in it. What cannot be read, or is not what
 * this program writes, is not known.
 */
export function openCache({ folder, program }: CachePlace, project: Project, targets: readonly string[]): OpenCache {
  const path = join(folder, `${digestOf(JSON.stringify([project.file, ...targets]))}.jsonl`);
  const head = JSON.stringify({ checked: 1, by: digestOf(JSON.stringify([program, project], plain)) });
  const before = linesAt(path, head);
  const after = pileOf(head);
  const outline = outlinesOf(kinds.map((one) => one.traits));
  let kept = 0;
  return {
    recall: (file, text) => {
      const known = before.get(file);
      if (known === undefined || known.state !== stateOf(project.root, known.clean.uses, text)) return undefined;
      const finding = findingOf(file, known.clean);
      if (finding !== undefined) after.add(known.line);
      return finding;
    },
    keep: (finding, text) => {
      const clean = cleanFileOf(finding, outline);
      const state = clean === undefined ? undefined : stateOf(project.root, clean.uses, text);
      if (state === undefined) return;
      after.add(JSON.stringify([finding.file, state, clean]));
      kept += 1;
    },
    save: () => {
      if (after.lines() < fewest || (kept === 0 && after.lines() === before.size)) return;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        write(path, after.bytes());
        removeOld(folder);
      } catch {
        // A full disk, or a folder that nobody may write to.
      }
    },
  };
}

/** Lines below a head, outside of the heap: ten thousand small texts would be copied there again and again. */
function pileOf(head: string) {
  const pieces: Buffer[] = [];
  let lines = [head];
  let count = 0;
  const bytes = () => {
    pieces.push(Buffer.from(`${lines.join('\n')}\n`));
    lines = [];
    return pieces;
  };
  return {
    add: (line: string) => {
      count += 1;
      lines.push(line);
      if (lines.length >= 100) bytes();
    },
    lines: () => count,
    bytes,
  };
}

/** A file as it was kept. */
interface Kept {
  /** Its whole line, to be written again. */
  readonly line: string;
  readonly state: string;
  readonly clean: CleanFile;
}

/** By file; nothing where another program has written them, or for another state of the project. */
function linesAt(path: string, head: string): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>();
  const [first, ...lines] = textAt(path).split('\n');
  if (first !== head) return kept;
  for (const line of lines) {
    const [file, state, clean] = listIn(line);
    if (typeof file === 'string' && typeof state === 'string' && fits(cleanFile, clean))
      kept.set(file, { line, state, clean });
  }
  return kept;
}

function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function listIn(line: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(line);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** What a finding depends on besides project and program; undefined where a file that is used cannot be read any more. */
function stateOf(root: string, uses: readonly string[], text: string): string | undefined {
  if (uses.length === 0) return digestOf(text);
  const read = textFiles(root, '');
  const contents = uses.map((one) => read.read(one).content);
  // A link may lead to another file of the same text.
  const asBefore = read.files.size === uses.length && contents.every((one) => typeof one === 'string');
  return asBefore ? digestOf(JSON.stringify([text, uses, contents])) : undefined;
}

function digestOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** Maps are no JSON. */
function plain(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}

/** Whole or not at all: two may write at the same time. */
function write(path: string, bytes: readonly Buffer[]): void {
  const draft = `${path}.${randomUUID()}`;
  const file = openSync(draft, 'w', 0o600);
  try {
    for (const one of bytes) writeSync(file, one);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > longest) rmSync(path, { force: true });
  }
}
