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
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { outlinesOf } from '../core/references/outline.ts';
import { type CleanFile, cleanFile, cleanFileOf, type FindingCache, findingOf } from '../engine/validate/cache.ts';
import type { FileFinding } from '../engine/validate/one-file.ts';
import { fits } from '../ledger/shape.ts';
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

/** So many findings are written at once: one by one, between judging, they would take twice the time. */
const atOnce = 100;
/** What nobody has written for so long is removed, in milliseconds. */
const longest = 30 * 24 * 60 * 60 * 1000;

/**
 * What was found when these targets of a project were last checked. A file is known where its text is what it was, for the same project
 * and program: nothing else decides what is found in it. What cannot be read, or is not what this program writes, is not known.
 *
 * Keeping takes a twentieth of the time of checking, and whoever checks once, as most jobs do, never gets it back. So the first time leaves
 * a note alone, and the next one keeps.
 */
export function openCache({ folder, program }: CachePlace, project: Project, targets: readonly string[]): OpenCache {
  const path = join(folder, `${digestOf(JSON.stringify([project.file, ...targets]))}.jsonl`);
  const head = JSON.stringify({ checked: 1, by: digestOf(JSON.stringify([program, project], plain)) });
  const before = linesAt(path, head);
  const after = pileOf(head);
  const outline = outlinesOf(kinds.map((one) => one.traits));
  const waiting: [FileFinding, string][] = [];
  let isNew = before === undefined;
  const settle = () => {
    for (const [finding, text] of waiting.splice(0)) {
      const clean = cleanFileOf(finding, outline);
      if (clean === undefined) continue;
      after.add(JSON.stringify([finding.file, digestOf(text), clean]));
      isNew = true;
    }
  };
  return {
    recall: (file, text) => {
      const known = before?.get(file);
      if (known === undefined || known.digest !== digestOf(text)) return undefined;
      after.add(known.line);
      return findingOf(file, known.clean);
    },
    keep: (finding, text) => {
      if (before === undefined) return;
      waiting.push([finding, text]);
      if (waiting.length >= atOnce) settle();
    },
    save: () => {
      settle();
      if (!isNew && after.lines() === before?.size) return;
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
  /** Of its text. */
  readonly digest: string;
  readonly clean: CleanFile;
}

/** By file; undefined where another program has written them, or for another state of the project, or nobody has. */
function linesAt(path: string, head: string): ReadonlyMap<string, Kept> | undefined {
  const [first, ...lines] = textAt(path).split('\n');
  if (first !== head) return undefined;
  const kept = new Map<string, Kept>();
  for (const line of lines) {
    const [file, digest, clean] = listIn(line);
    if (typeof file !== 'string' || typeof digest !== 'string' || !fits(cleanFile, clean)) continue;
    kept.set(file, { line, digest, clean });
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

/** As Git names contents, and for what Git does so: it tells what has changed, and proves nothing to anybody. */
function digestOf(text: string): string {
  return hash('sha1', text, 'base64url');
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
    for (const one of bytes) writeFileSync(file, one);
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
