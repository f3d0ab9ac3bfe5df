import type { ExitCode } from '../model/errors.ts';
import { checkFiles } from './checked.ts';
import type { Stage } from './scene.ts';

/** `command: validate`: annotations at the lines that are wrong, and a summary. */
export async function validate(stage: Stage): Promise<ExitCode> {
  const { code, markdown } = await checkFiles(stage, stage.place.targets);
  await stage.runner.summary(`## Syncline validate\n\n${markdown}`);
  return code;
}
