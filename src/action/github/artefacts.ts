import { atLeast, flag, orNull, text } from '../../ledger/shape.ts';
import { isObject } from '../../model/json.ts';
import { id } from './comments.ts';
import type { GitHub } from './request.ts';

/** An artefact as the list has it: anybody whose workflow runs here may have made it. */
export interface Artefact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  readonly created_at: string | null;
  readonly workflow_run: { readonly id: number } | null;
}

const run = atLeast<{ readonly id: number }>({ id });
const artefact = atLeast<Artefact>(
  { id, name: text, expired: flag, created_at: orNull(text), workflow_run: orNull(run) },
  ['created_at', 'workflow_run'],
);

/** All artefacts of this name, the newest first. */
export async function artefactsNamed(github: GitHub, name: string): Promise<readonly Artefact[]> {
  const path = `/actions/artifacts?name=${encodeURIComponent(name)}`;
  const all = await github.list(path, (page) => (isObject(page) ? page.artifacts : undefined), artefact);
  return all.filter((one) => one.name === name).toSorted((first, second) => second.id - first.id);
}

/** The zip archive that an artefact is. */
export async function archiveOf(github: GitHub, { id: number }: Artefact): Promise<Buffer> {
  return github.bytes(`/actions/artifacts/${number}/zip`, mostBytes);
}

/** More than any plan, packed. */
const mostBytes = 64 * 1024 * 1024;

/** A run of a workflow. */
export interface Run {
  readonly id: number;
  /** What set it off: `pull_request`. */
  readonly event: string;
  /** null while it goes on. */
  readonly conclusion: string | null;
  readonly head_sha: string;
  /** The file of the workflow, `.github/workflows/syncs.yml`, with `@` and a ref behind it or not. */
  readonly path: string;
  readonly html_url: string;
  readonly repository: { readonly full_name: string };
  /** Where its head lies; null where a fork was deleted. */
  readonly head_repository: { readonly full_name: string } | null;
}

const named = atLeast<{ readonly full_name: string }>({ full_name: text });
const workflowRun = atLeast<Run>(
  {
    id,
    event: text,
    conclusion: orNull(text),
    head_sha: text,
    path: text,
    html_url: text,
    repository: named,
    head_repository: orNull(named),
  },
  ['conclusion', 'head_repository'],
);

export async function runOf(github: GitHub, number: number): Promise<Run> {
  return github.get(`/actions/runs/${number}`, workflowRun);
}
