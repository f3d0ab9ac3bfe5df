import { Exit } from '../../model/errors.ts';
import { tool } from '../../model/version.ts';
import { diagnosticsGithub } from '../../render/diagnostics/github.ts';
import { diagnosticsJson } from '../../render/diagnostics/json.ts';
import { diagnosticsJunit } from '../../render/diagnostics/junit.ts';
import type { DiagnosticReport } from '../../render/diagnostics/report.ts';
import { diagnosticsSarif } from '../../render/diagnostics/sarif.ts';
import { diagnosticsText } from '../../render/diagnostics/text.ts';
import { checkProject } from '../../session/check.ts';
import { pathFrom } from '../files.ts';
import type { Execute, Renderers } from '../invocation.ts';
import { placeInRepository } from '../repository.ts';

/** Checks project file and manifests. Never touches the network or the environment. */
export const execute: Execute<'validate'> = async (invocation) => {
  const { options, directory, io, positionals, format, colour } = invocation;
  const paths = positionals.map((path) => pathFrom(invocation, path));
  const place = { directory, config: options.text('config') };
  const { project, ...report } = await checkProject(place, { paths, targets: options.texts('target') });
  const base = project === undefined ? '' : placeInRepository(project.root);
  io.stdout.write(renderers[format](report, { base, colour }));
  return report.diagnostics.some((one) => one.severity === 'error') ? Exit.invalid : Exit.ok;
};

const renderers: Renderers<'validate', DiagnosticReport, { readonly base: string; readonly colour: boolean }> = {
  text: diagnosticsText,
  json: diagnosticsJson,
  github: diagnosticsGithub,
  sarif: (report, { base }) => diagnosticsSarif(report, { base, tool }),
  junit: diagnosticsJunit,
};
