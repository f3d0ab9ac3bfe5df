import { Exit, SynclineError } from '../../model/errors.ts';
import { tool } from '../../model/version.ts';
import type { Sources } from '../../render/diagnostics/frame.ts';
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
import { placeInRepository, repositoryOf } from '../repository.ts';
import { sourcesIn } from '../sources.ts';

/** A report, and the folder that its files are in as the repository sees it. */
interface Found {
  readonly report: DiagnosticReport;
  /** Absolute path of the folder that its files are seen from. */
  readonly root: string;
  /** Absolute path of the folder that all of them lie in. */
  readonly within: string;
  readonly base: string;
}

/** Checks project file and manifests. Never touches the network or the environment. */
export const execute: Execute<'validate'> = async (invocation) => {
  const { options, io, format, colour } = invocation;
  const { report, base, root, within } = await (options.flag('find')
    ? everyProject(invocation)
    : oneProject(invocation));
  io.told?.({ validate: report });
  io.stdout.write(renderers[format](report, { base, colour, sources: sourcesIn(root, within) }));
  return report.diagnostics.some((one) => one.severity === 'error') ? Exit.invalid : Exit.ok;
};

async function oneProject(invocation: InvocationOf<'validate'>): Promise<Found> {
  const { options, directory, positionals, io } = invocation;
  const paths = positionals.map((path) => pathFrom(invocation, path));
  const place = { directory, config: options.text('config') };
  const wanted = { paths, targets: options.texts('target'), cache: io.cache?.() };
  const { project: _, root, ...report } = await checkProject(place, wanted);
  return { report, root, within: root, base: placeInRepository(root) };
}

/** Loaded only here: no other way of validating asks Git. */
async function everyProject({ options, positionals, directory, io, format }: InvocationOf<'validate'>): Promise<Found> {
  const narrower = (['config', 'target'] as const).find((name) => options.given(name));
  const extra = narrower === undefined ? positionals.map((path) => `"${path}"`)[0] : dashed(narrower);
  if (extra !== undefined) throw notWithFind(extra);
  const { checkEveryProject } = await import('../every-project.ts');
  const seenFrom = format === 'github' || format === 'sarif' ? 'repository' : 'directory';
  const report = await checkEveryProject({ directory, env: io.env, seenFrom, cache: io.cache?.() });
  return { report, base: '', root: directory, within: repositoryOf(directory) ?? directory };
}

/** What narrows one project down says nothing about all of them. */
function notWithFind(extra: string): SynclineError {
  const hint = 'It checks every project of the repository whole: leave that out, or leave out --find.';
  return new SynclineError('usage', `\`validate --find\` does not take ${extra}.`, hint, Exit.invalid);
}

interface Shown {
  readonly base: string;
  readonly colour: boolean;
  readonly sources: Sources;
}

const renderers: Renderers<'validate', DiagnosticReport, Shown> = {
  text: diagnosticsText,
  json: diagnosticsJson,
  github: diagnosticsGithub,
  sarif: (report, { base }) => diagnosticsSarif(report, { base, tool }),
  junit: (report) => diagnosticsJunit(report, { tool, at: new Date() }),
};
