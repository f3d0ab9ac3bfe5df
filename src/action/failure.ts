import { reportFailure } from '../cli/failure.ts';
import { placeInRepository } from '../cli/repository.ts';
import { type ExitCode, InvalidInput, SynclineError } from '../model/errors.ts';
import { diagnosticsGithub } from '../render/diagnostics/github.ts';
import { diagnosticsMarkdown } from '../render/diagnostics/markdown.ts';
import { forWorkflow, forWorkflowProperty, markdownFence } from '../render/escape.ts';
import type { Done } from './product.ts';
import type { Runner } from './runner.ts';
import { within } from './within.ts';

/** Annotations of what went wrong: at its line where it has one. `base`: where the project lies in its repository. */
export function failuresGithub(failures: readonly unknown[], base: string): string {
  return failures.map((error) => failureGithub(error, base)).join('');
}

function failureGithub(error: unknown, base: string): string {
  if (error instanceof InvalidInput) {
    return diagnosticsGithub({ diagnostics: error.diagnostics, manifests: 0 }, { base });
  }
  const title = error instanceof SynclineError ? error.code : 'Syncline';
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof SynclineError ? `%0A${forWorkflow(`hint: ${error.hint}`)}` : '';
  return `::error title=${forWorkflowProperty(title)}::${forWorkflow(message)}${hint}\n`;
}

/** What went wrong, for a comment or a summary: problems in files as a list, the rest in the words of the log. */
export function failureMarkdown({ failures, said }: Pick<Done, 'failures' | 'said'>): string {
  const invalid = failures.filter((error) => error instanceof InvalidInput);
  if (invalid.length > 0 && invalid.length === failures.length) {
    const diagnostics = invalid.flatMap((error) => error.diagnostics);
    return diagnosticsMarkdown({ diagnostics, manifests: 0 });
  }
  const lines = within(said.trimEnd(), mostSaid).split('\n');
  return `${markdownFence('text', lines).join('\n')}\n`;
}

const mostSaid = 20_000;

/** Says why a step ended before it came to its command, and gives its exit code. */
export async function endStep(runner: Runner, error: unknown, root: string): Promise<ExitCode> {
  let said = '';
  const stderr = {
    write: (text: string) => {
      said += text;
      return runner.io.stderr.write(text);
    },
  };
  const exit = reportFailure(error, { stderr }, { colour: false, verbose: false });
  runner.log(failuresGithub([error], placeInRepository(root)));
  await runner.summary(`## Syncline\n\n**Failed (exit ${exit}).**\n\n${failureMarkdown({ failures: [error], said })}`);
  return exit;
}
