import { Exit } from '../../model/errors.ts';
import type { ScanReport } from '../../model/scan.ts';
import { tool } from '../../model/version.ts';
import { diagnosticsSarif } from '../../render/diagnostics/sarif.ts';
import { scanDiagnostics } from '../../render/scan/diagnostics.ts';
import { scanGithub } from '../../render/scan/github.ts';
import { scanJson } from '../../render/scan/json.ts';
import { scanText } from '../../render/scan/text.ts';
import { scanRepository } from '../../session/scan/scan.ts';
import type { Execute, Renderers } from '../invocation.ts';

/** Finds what else in a repository speaks an API that ends. Reads what Git tracks; needs no project and no token, and sends nothing. */
export const execute: Execute<'scan'> = async ({ directory, positionals, format, io, colour }) => {
  const seenFrom = format === 'github' || format === 'sarif' ? 'repository' : 'directory';
  const report = await scanRepository({ directory, env: io.env, paths: positionals, seenFrom, signal: io.signal });
  io.stdout.write(renderers[format](report, { colour }));
  return report.findings.length > 0 ? Exit.changes : Exit.ok;
};

const renderers: Renderers<'scan', ScanReport, { readonly colour: boolean }> = {
  text: scanText,
  json: scanJson,
  github: scanGithub,
  sarif: (report) => diagnosticsSarif({ diagnostics: scanDiagnostics(report), manifests: 0 }, { tool }),
};
