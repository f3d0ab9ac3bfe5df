import { placeInRepository } from '../cli/repository.ts';
import type { ExitCode } from '../model/errors.ts';
import type { Target } from '../model/project.ts';
import { diagnosticsGithub } from '../render/diagnostics/github.ts';
import { diagnosticsMarkdown } from '../render/diagnostics/markdown.ts';
import { counted, countOf } from '../render/diagnostics/report.ts';
import { failureMarkdown } from './failure.ts';
import { targetArguments } from './place.ts';
import { perform } from './product.ts';
import type { Stage } from './scene.ts';

/** What a check of the files alone has come to. */
export interface Checked {
  readonly code: ExitCode;
  readonly markdown: string;
}

/** Validates the manifests of these targets, and annotates them. No token is needed. */
export async function checkFiles({ place, runner }: Stage, targets: readonly Target[]): Promise<Checked> {
  const done = await perform([...place.argv, 'validate', ...targetArguments(targets)], runner.io);
  const report = done.told.validate;
  if (report === undefined) return { code: done.code, markdown: failureMarkdown(done) };
  runner.log(diagnosticsGithub(report, { base: placeInRepository(place.project.root) }));
  const errors = countOf(report, 'error');
  const head = errors > 0 ? counted(errors, 'error') : `${counted(report.manifests, 'manifest')}, all of them valid`;
  const list = report.diagnostics.length === 0 ? '' : `\n${diagnosticsMarkdown(report)}`;
  return { code: done.code, markdown: `**Checked: ${head}.**\n${list}` };
}
