import { readWhole } from '../load/files.ts';
import { linesOf } from '../load/line-column.ts';
import { parseYaml } from '../load/yaml.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Project } from '../model/project.ts';
import type { WrittenFile } from '../model/pull.ts';
import { formatted, NoCanonicalForm } from '../write/format.ts';
import { at, byPlace, ofFile } from './validate/diagnostics.ts';
import { manifestFiles } from './validate/files.ts';

/** What the canonical form of the manifests of a project changes. */
export interface Formatting {
  /** Files that are not in canonical form, with the text that they would have. */
  readonly changes: readonly WrittenFile[];
  /** How many files were looked at. */
  readonly files: number;
  /** What could not be read, and paths that lead nowhere. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Looks at the manifests of these paths, or at all of a project, and writes nothing. Files that are no YAML are left alone. */
export function formatManifests(project: Project, kinds: readonly string[], paths: readonly string[]): Formatting {
  const found = manifestFiles(project, paths, kinds);
  const files = found.files.filter(found.isReported);
  // Queries and other files that manifests take text from have no canonical form.
  const texts = new Set(found.extra.filter((file) => !/\.(?:ya?ml|json)$/i.test(file)));
  const changes: WrittenFile[] = [];
  const diagnostics = [...found.diagnostics.filter((one) => one.severity === 'error'), ...found.ofPaths(texts)];
  for (const file of files) {
    const text = readWhole(project.root, file);
    if (typeof text !== 'string') {
      diagnostics.push(ofFile(text));
      continue;
    }
    const wrong = syntaxDiagnostics(file, text);
    for (const one of wrong) diagnostics.push(one);
    const canonical = wrong.length > 0 ? text : canonicalForm(text);
    if (canonical === undefined) diagnostics.push(unformatted(file));
    else if (canonical !== text) changes.push({ file, text: canonical, isNew: false });
  }
  return { changes, files: files.length, diagnostics: diagnostics.sort(byPlace) };
}

/** One text that cannot be laid out anew keeps no other from it. */
function canonicalForm(text: string): string | undefined {
  try {
    return formatted(text);
  } catch (error) {
    if (error instanceof NoCanonicalForm) return undefined;
    throw error;
  }
}

function unformatted(file: string): Diagnostic {
  const message = 'This file cannot be formatted without a change of what it says, so it was left as it is.';
  const hint = 'Write its unusual parts more simply, such as `? key` or anchors on keys, and please report the file.';
  return ofFile({ code: 'not-formatted', message, hint, file }, 'warning');
}

/** What keeps a text from being read at all; whatever else is wrong with a manifest is told by validating it. */
function syntaxDiagnostics(file: string, whole: string): Diagnostic[] {
  const text = whole.replace(/^\uFEFF/, '');
  const { documents, problems } = parseYaml(text);
  if (documents !== undefined) return [];
  const lines = linesOf(text);
  return problems.map((one) => at({ severity: 'error', ...one }, { file, ...lines(one.offset) }));
}
