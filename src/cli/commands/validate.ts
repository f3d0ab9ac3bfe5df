import { Exit, SynclineError } from '../../model/errors.ts';
import { tool } from '../../model/version.ts';
import { diagnosticsGithub } from '../../render/diagnostics/github.ts';
import { diagnosticsJson } from '../../render/diagnostics/json.ts';
import { diagnosticsJunit } from '../../render/diagnostics/junit.ts';
import type { DiagnosticReport } from '../../render/diagnostics/report.ts';
import { diagnosticsSarif } from '../../render/diagnostics/sarif.ts';
import { diagnosticsText } from '../../render/diagnostics/text.ts';
import { checkProject } from '../../session/check.ts';
import { pathFrom } from '../files.ts';
import type { Execute, InvocationOf, Renderers } from '../invocation.ts';
import { dashed } from '../options.ts';
import { placeInRepository } from '../repository.ts';

/** A report, and the folder that its files are in as the repository sees it. */
interface Found {
  readonly report: DiagnosticReport;
  readonly base: string;
}

/** Checks project file and manifests. Never touches the network or the environment. */
export const execute: Execute<'validate'> = async (invocation) => {
  const { options, io, format, colour } = invocation;
  const { report, base } = await (options.flag('find') ? everyProject(invocation) : oneProject(invocation));
  io.told?.({ validate: report });
  io.stdout.write(renderers[format](report, { base, colour }));
  return report.diagnostics.some((one) => one.severity === 'error') ? Exit.invalid : Exit.ok;
};

async function oneProject(invocation: InvocationOf<'validate'>): Promise<Found> {
  const { options, directory, positionals } = invocation;
  const paths = positionals.map((path) => pathFrom(invocation, path));
  const place = { directory, config: options.text('config') };
  const { project, ...report } = await checkProject(place, { paths, targets: options.texts('target') });
  return { report, base: project === undefined ? '' : placeInRepository(project.root) };
}

/** Loaded only here: no other way of validating asks Git. */
async function everyProject({ options, positionals, directory, io, format }: InvocationOf<'validate'>): Promise<Found> {
  const narrower = (['config', 'target'] as const).find((name) => options.given(name));
  const extra = narrower === undefined ? positionals.map((path) => `"${path}"`)[0] : dashed(narrower);
  if (extra !== undefined) throw notWithFind(extra);
  const { checkEveryProject } = await import('../every-project.ts');
  const seenFrom = format === 'github' || format === 'sarif' ? 'repository' : 'directory';
  return { report: await checkEveryProject({ directory, env: io.env, seenFrom }), base: '' };
}

/** What narrows one project down says nothing about all of them. */
function notWithFind(extra: string): SynclineError {
  const hint = 'It checks every project of the repository whole: leave that out, or leave out --find.';
  return new SynclineError('usage', `\`validate --find\` does not take ${extra}.`, hint, Exit.invalid);
}

const renderers: Renderers<'validate', DiagnosticReport, { readonly base: string; readonly colour: boolean }> = {
  text: diagnosticsText,
  json: diagnosticsJson,
  github: diagnosticsGithub,
  sarif: (report, { base }) => diagnosticsSarif(report, { base, tool }),
  junit: diagnosticsJunit,
};
