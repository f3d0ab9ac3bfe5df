import { manifest, type Workspace, workspace } from './workspace.ts';

/** A project file whose targets have globs of their own and are all at one address. */
export function fleetFile(names: readonly string[], url = 'http://127.0.0.1:9'): string {
  const lines = names.map(
    (name) =>
      `  ${name}: { provider: census, api: v1, base_url: "${url}", token: "\${env.TOKEN}", manifests: ["${name}/*.yaml"] }\n`,
  );
  return `version: 1\ntargets:\n${lines.join('')}`;
}

/** A project with so many manifests of each target, all in one workspace. */
export async function fleet(counts: Readonly<Record<string, number>>): Promise<Workspace> {
  const here = await workspace();
  here.write('syncline.yaml', fleetFile(Object.keys(counts), here.emulator.url));
  for (const [name, count] of Object.entries(counts))
    for (let index = 0; index < count; index += 1) here.write(`${name}/s${index}.yaml`, manifest(`${name}-${index}`));
  return here;
}
