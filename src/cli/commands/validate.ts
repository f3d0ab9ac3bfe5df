import { Exit } from '../../model/errors.ts';
import type { Project } from '../../model/project.ts';
import { tool } from '../../model/version.ts';
import { diagnosticsGithub } from '../../render/diagnostics/github.ts';
import { diagnosticsJson } from '../../render/diagnostics/json.ts';
import { diagnosticsJunit } from '../../render/diagnostics/junit.ts';
import type { DiagnosticReport } from '../../render/diagnostics/report.ts';
import { diagnosticsSarif } from '../../render/diagnostics/sarif.ts';
import { diagnosticsText } from '../../render/diagnostics/text.ts';
import { checkProject } from '../../session/check.ts';
import { pathFrom } from '../files.ts';
import type { Execute, InvocationOf } from '../invocation.ts';
import { placeInRepository } from '../repository.ts';

/** Checks project file and manifests. Never touches the network or the environment. */
export const execute: Execute<'validate'> = async (invocation) => {
  const { options, directory, io, positionals } = invocation;
  const paths = positionals.map((path) => pathFrom(invocation, path));
  const place = { directory, config: options.text('config') };
  const { project, ...report } = await checkProject(place, { paths, targets: options.texts('target') });
  io.stdout.write(render(report, project, invocation));
  return report.diagnostics.some((one) => one.severity === 'error') ? Exit.invalid : Exit.ok;
};

function render(
  report: DiagnosticReport,
  project: Project | undefined,
  { format, colour }: InvocationOf<'validate'>,
): string {
  const base = project === undefined ? '' : placeInRepository(project.root);
  switch (format) {
    case 'json':
      return diagnosticsJson(report);
    case 'github':
      return diagnosticsGithub(report, { base });
    case 'sarif':
      return diagnosticsSarif(report, { base, tool });
    case 'junit':
      return diagnosticsJunit(report);
    default:
      return diagnosticsText(report, { colour });
  }
}
