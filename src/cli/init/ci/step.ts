import { version } from '../../../model/version.ts';
import type { Pipeline } from './pipeline.ts';
import { indented } from './text.ts';

/** A step of shell commands. `mark`: the id of the step, or a line that starts with `if:`. */
export function step(name: string, mark: string, env: string, script: readonly string[]): string {
  const line = mark === '' ? '' : `  ${mark.startsWith('if:') ? mark : `id: ${mark}`}\n`;
  return `- name: ${name}
${line}  env:
${indented(env, 4)}  run: |
${indented(script.join('\n'), 4)}
`;
}

/** Where no package.json says which version is meant, the file does: all jobs of a target move to another one together. */
export function program({ packaged }: Pipeline): string {
  return packaged ? 'npx syncline' : `npx --yes syncline@${version}`;
}

/** Lines below `env:`. The values of expressions never stand in scripts, where they would be code. */
export const matrixTarget = `TARGET: \${{ matrix.target }}\n`;
export const thisRun = `RUN: \${{ github.server_url }}/\${{ github.repository }}/actions/runs/\${{ github.run_id }}\n`;
export const mayAsk = `GH_TOKEN: \${{ github.token }}\n`;
