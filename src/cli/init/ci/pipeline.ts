import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject } from '../../../model/json.ts';
import type { Project, Target } from '../../../model/project.ts';
import { readIfThere } from '../../files.ts';
import { placeInRepository, repositoryOf } from '../../repository.ts';

/** All that the files for CI are written from. */
export interface Pipeline {
  /** Where the project lies in its repository, with `/`; empty at the root. */
  readonly folder: string;
  /** What tells the project from others of its repository; undefined where it has no name and lies at the root. */
  readonly name: string | undefined;
  /** What is merged to this branch is applied. */
  readonly branch: string;
  readonly targets: readonly PipelineTarget[];
  /** Does a package.json bring Syncline? Then its lock file says which version. */
  readonly packaged: boolean;
  /** Has the project a ledger? Without one nothing drifts and nothing is pruned. */
  readonly remembers: boolean;
}

export interface PipelineTarget {
  readonly name: string;
  /** Environment variables that hold something secret. */
  readonly secrets: readonly string[];
  /** Environment variables that hold an address. */
  readonly settings: readonly string[];
}

/** What the files for CI of a project say. `branch`: the default one of its repository. */
export function pipelineOf(project: Project, branch: string): Pipeline {
  const folder = placeInRepository(project.root);
  return {
    folder,
    name: project.name ?? (slug(folder) || undefined),
    branch,
    targets: project.targets.map(needs),
    packaged: isPackaged(project.root),
    remembers: project.ledger !== 'none',
  };
}

function needs({ name, token_variable, personal_access_token_variable, base_url }: Target): PipelineTarget {
  const secrets = [token_variable, personal_access_token_variable].filter((one) => one !== undefined);
  const address = /^\$\{env\.(\w+)\}$/.exec(base_url ?? '')?.[1];
  return { name, secrets, settings: address === undefined ? [] : [address] };
}

/** A path as part of a file's or a job's name: `data/crm` becomes `data-crm`. */
export function slug(path: string): string {
  return path.replaceAll(/[^\w-]+/g, '-');
}

/** `syncline`, with what tells this project from others: the beginning of what has to be unique in a repository. */
export function prefixOf({ name }: Pick<Pipeline, 'name'>): string {
  return name === undefined ? 'syncline' : `syncline-${name}`;
}

/** npm works in the nearest folder that has a package.json; what lies above the repository is no part of it. */
function isPackaged(root: string): boolean {
  const top = repositoryOf(root) ?? root;
  for (let here = root; ; here = dirname(here)) {
    const file = join(here, 'package.json');
    if (existsSync(file)) return dependsOnSyncline(readIfThere(file) ?? '');
    if (here === top || here === dirname(here)) return false;
  }
}

function dependsOnSyncline(text: string): boolean {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return false;
  }
  if (!isObject(manifest)) return false;
  return [manifest.dependencies, manifest.devDependencies].some((one) => isObject(one) && 'syncline' in one);
}
