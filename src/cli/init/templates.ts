import type { Starter } from '../../model/service.ts';

// What `init` writes. Kept as text, comments and all: this is the first thing a new user reads.

/**
 * The project file. `globs`: where its manifests lie. `name`: of one that lies in a folder of a repository, where others may lie too.
 */
export function projectFile({ target, protect }: Starter, globs: readonly string[], name?: string): string {
  const named =
    name === undefined
      ? '# name: crm                       # needed only where one repository holds several projects'
      : `name: ${name.padEnd(28)}# keeps its ledger apart from those of other projects of this repository`;
  return `# Syncline: which manifests belong to which workspace.
version: 1
${named}

manifests: [${globs.map((glob) => JSON.stringify(glob)).join(', ')}]    # globs, relative to this file; what lies elsewhere is not seen
# manifests: ["syncs/**/*.yaml", "datasets/**/*.yaml"]   # with datasets; a glob that finds no file is an error

targets:
  production:
${target.replace(/^/gm, '    ')}
    # protect: ["${protect}"]   # never deleted, whatever the manifests say
    # limits: { max_deletes: 5, concurrency: 8 }

# ledger: git                      # where Syncline remembers what it has applied: git (here, in a Git repository), file, none
`;
}
