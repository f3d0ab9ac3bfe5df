import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { dirname, join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { type CensusV2Emulator, type CensusV2Options, startCensusV2 } from '../../../src/emulator/census-v2/server.ts';
import { isList, isObject, type JsonObject } from '../../../src/model/json.ts';
import type { Ledger } from '../../../src/model/ledger.ts';
import { cli, folder, type Said } from '../in-process.ts';

/** A project whose target uses v1, and the account that both versions show. */
export interface Scene {
  readonly emulator: CensusV2Emulator;
  readonly cwd: string;
  run(line: string, now?: Date): Promise<Said>;
  read(file: string): string;
  write(file: string, text: string): void;
  remove(file: string): void;
  ledger(): Ledger;
  /** The text of every manifest and query, by its file. */
  manifests(): Readonly<Record<string, string>>;
  picture(): Picture;
  /** Methods and paths of what has been sent and is no read. */
  writes(): readonly string[];
  /** Everything of a list, as a version of the API shows it to the owner of the personal token, or of the workspace's key. */
  items(version: 'v1' | 'v2', list: string): Promise<readonly JsonObject[]>;
}

const projectFile = `# Our project.
version: 1
manifests: [syncs/*.yaml] # all of them
ledger: file
targets:
  production:
    provider: census
    api: v1 # until January
    base_url: \${env.URL}
    token: \${env.KEY} # of the workspace
    workspace: 4321
`;

/** A project as it was at some time, and where its service was. */
export interface Picture {
  readonly port: number;
  /** Texts by file. */
  readonly files: Readonly<Record<string, string>>;
}

/** A project in a folder of its own, as in a picture of another one, and an account. Both are gone after the test. */
export async function scene(options: CensusV2Options = {}, picture?: Picture): Promise<Scene> {
  const emulator = await startCensusV2({ ...options, ...(picture !== undefined && { port: picture.port }) });
  onTestFinished(() => emulator.close());
  const cwd = folder();
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  };
  const read = (file: string) => readFileSync(join(cwd, file), 'utf8');
  for (const [file, text] of Object.entries(picture?.files ?? { 'syncline.yaml': projectFile })) write(file, text);
  const tokens = { KEY: emulator.workspaceTokens['4321'], PAT: emulator.token };
  const env = { PATH: process.env.PATH, HOME: cwd, URL: emulator.url, ...tokens };
  return {
    emulator,
    cwd,
    write,
    read,
    run: (line, now) => cli(line, { cwd, env, ...(now !== undefined && { now }) }),
    remove: (file) => rmSync(join(cwd, file)),
    ledger: () => JSON.parse(read('.syncline/ledger/production.json')),
    manifests: () => textsBelow(cwd, 'syncs'),
    picture: () => ({ port: Number(new URL(emulator.url).port), files: textsBelow(cwd, '.') }),
    writes: () => emulator.requests.filter((one) => one.method !== 'GET').map((one) => `${one.method} ${one.path}`),
    items: async (version, list) => {
      const headers = { authorization: `Bearer ${version === 'v1' ? tokens.KEY : tokens.PAT}` };
      const { data } = await answerTo(`${emulator.url}/api/${version}/${list}?per_page=100&order=asc`, headers);
      return isList(data) ? data.filter(isObject) : [];
    },
  };
}

function textsBelow(root: string, folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile()).map((one) => relative(root, join(one.parentPath, one.name)));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
}

/** One connection for each request: the next emulator at this port knows none of those of the one before. */
async function answerTo(url: string, headers: Readonly<Record<string, string>>): Promise<JsonObject> {
  const asked = get(url, { headers, agent: false });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return JSON.parse(await text(answer));
}
