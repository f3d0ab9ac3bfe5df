import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './processes.ts';

const server =
  process.env.YLS ??
  join(root, '.tools/yaml-language-server/node_modules/yaml-language-server/bin/yaml-language-server');

/** A place in a file; lines and characters start at 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface EditorDiagnostic {
  readonly message: string;
  readonly range: { readonly start: Position; readonly end: Position };
}

/** What completion offers. */
export interface Proposal {
  readonly label: string;
  /** What it puts into the text, as a snippet: with `${1:…}` where something is to be filled in. */
  readonly text: string;
  readonly words: string;
}

export interface Editor {
  /** Opens text as if it stood at `path`. */
  show(path: string, text: string): void;
  /** The same; resolves with what the editor would underline. */
  open(path: string, text: string): Promise<readonly EditorDiagnostic[]>;
  /** What completion offers at a place of an open file. */
  complete(path: string, at: Position): Promise<readonly Proposal[]>;
  /** The text of the hover at a place; empty where there is none. */
  hover(path: string, at: Position): Promise<string>;
  close(): void;
}

export interface Workspace {
  /** The folder that is open; paths are seen from it. */
  readonly folder: string;
  /** `yaml.schemas` of its settings. */
  readonly schemas?: Readonly<Record<string, unknown>> | undefined;
}

type Message = Readonly<Record<string, unknown>>;

/** The YAML language server that editors use, spoken to over its own protocol. It fetches nothing: the schema store is off. */
export async function startEditor({ folder, schemas = {} }: Workspace = { folder: root }): Promise<Editor> {
  if (!existsSync(server)) throw new Error('The YAML language server is not installed yet: `npm test` installs it.');
  const child = spawn(process.execPath, [server, '--stdio'], { cwd: folder });
  const talk = conversation(child, schemas);
  const uriOf = (path: string) => pathToFileURL(join(folder, path)).href;
  const uri = pathToFileURL(folder).href;
  await talk.ask('initialize', {
    processId: null,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'project' }],
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
  });
  talk.tell('initialized', {});
  await talk.configured;
  const place = (path: string, position: Position) => ({ textDocument: { uri: uriOf(path) }, position });
  const show = (path: string, text: string) => {
    talk.tell('textDocument/didOpen', { textDocument: { uri: uriOf(path), languageId: 'yaml', version: 1, text } });
  };
  return {
    show,
    open: (path, text) => {
      const found = talk.diagnosticsOf(uriOf(path));
      show(path, text);
      return found;
    },
    complete: async (path, at) => {
      const answer = await talk.ask('textDocument/completion', place(path, at));
      return listIn(answer, 'items').map((item) => ({
        label: String(field(item, 'label')),
        text: String(field(field(item, 'textEdit'), 'newText') ?? field(item, 'insertText')),
        words: wordsIn(field(item, 'documentation')),
      }));
    },
    hover: async (path, at) => wordsIn(field(await talk.ask('textDocument/hover', place(path, at)), 'contents')),
    close: () => child.kill(),
  };
}

function conversation(child: ChildProcessWithoutNullStreams, schemas: Readonly<Record<string, unknown>>) {
  const answers = new Map<number, (result: unknown) => void>();
  const waiting = new Map<string, (found: readonly EditorDiagnostic[]) => void>();
  let last = 0;
  let configure = () => {};
  const configured = new Promise<void>((resolve) => {
    configure = resolve;
  });
  const send = (message: Message) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const hear = (message: Message) => {
    const { id, method, params } = message;
    if (method === 'textDocument/publishDiagnostics') published(waiting, params);
    else if (method === 'workspace/configuration') {
      send({ id, result: settings(schemas) });
      configure();
    } else if (typeof method === 'string' && id !== undefined) send({ id, result: null });
    else if (typeof id === 'number') answers.get(id)?.(message.result);
  };
  listen(child, hear);
  return {
    configured,
    tell: (method: string, params: Message) => send({ method, params }),
    ask: (method: string, params: Message) =>
      new Promise<unknown>((resolve) => {
        last += 1;
        answers.set(last, resolve);
        send({ id: last, method, params });
      }),
    diagnosticsOf: (uri: string) =>
      new Promise<readonly EditorDiagnostic[]>((resolve) => {
        waiting.set(uri, resolve);
      }),
  };
}

/** Cuts the stream into messages: a header with the length in bytes, an empty line, the body. */
function listen(child: ChildProcessWithoutNullStreams, hear: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('latin1', 0, Math.max(end, 0)))?.[1]);
      if (end < 0 || buffer.length < end + 4 + length) return;
      const body = buffer.toString('utf8', end + 4, end + 4 + length);
      buffer = buffer.subarray(end + 4 + length);
      hear(JSON.parse(body));
    }
  });
}

function published(waiting: Map<string, (found: readonly EditorDiagnostic[]) => void>, params: unknown): void {
  const uri = String(field(params, 'uri'));
  const found = listIn(params, 'diagnostics').flatMap((one) => (isDiagnostic(one) ? [one] : []));
  waiting.get(uri)?.(found);
  waiting.delete(uri);
}

/** One settings object per section that the server asks for. */
function settings(schemas: Readonly<Record<string, unknown>>): unknown {
  const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false, url: '' }, schemas };
  return [yaml, {}, {}, {}];
}

/** Text, or text with what it is written in. */
function wordsIn(value: unknown): string {
  return typeof value === 'string' ? value : String(field(value, 'value') ?? '');
}

function isDiagnostic(value: unknown): value is EditorDiagnostic {
  const line = field(field(field(value, 'range'), 'start'), 'line');
  return typeof field(value, 'message') === 'string' && typeof line === 'number';
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = Array.isArray(value) ? value : field(value, key);
  return Array.isArray(list) ? list : [];
}
