import type { Execute } from '../invocation.ts';
import type { CommandName } from './table.ts';

/** How each command is loaded. Apart from the table, for what the table says types the commands themselves. */
export const load: { readonly [Name in CommandName]: () => Promise<{ readonly execute: Execute<Name> }> } = {
  init: () => import('./init.ts'),
  validate: () => import('./validate.ts'),
  plan: () => import('./plan.ts'),
  apply: () => import('./apply.ts'),
  drift: () => import('./drift.ts'),
  status: () => import('./status.ts'),
  pull: () => import('./pull.ts'),
  import: () => import('./import.ts'),
  migrate: () => import('./migrate.ts'),
  scan: () => import('./scan.ts'),
  fleet: () => import('./fleet.ts'),
  report: () => import('./report.ts'),
  fmt: () => import('./fmt.ts'),
  adopt: () => import('./adopt.ts'),
  forget: () => import('./forget.ts'),
  unlock: () => import('./unlock.ts'),
  log: () => import('./log.ts'),
  undo: () => import('./undo.ts'),
  schema: () => import('./schema.ts'),
  emulate: () => import('./emulate.ts'),
  completion: () => import('./completion.ts'),
  demo: () => import('./demo.ts'),
};
