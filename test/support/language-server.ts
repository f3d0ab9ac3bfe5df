import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './processes.ts';

const server = join(root, '.tools/yaml-language-server/node_modules/yaml-language-server/bin/yaml-language-server');

export interface EditorDiagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

export interface Editor {
  /** Opens text as if it stood at `path` and resolves with what the editor would underline. */
  open(path: string, text: string): Promise<readonly EditorDiagnostic[]>;
  /** Labels that completion offers at a place of an open file; lines and characters start at 0. */
  complete(path: string, line: number, character: number): Promise<readonly string[]>;
  /** The text of the hover at a place; empty where there is none. */
  hover(path: string, line: number, character: number): Promise<string>;
  close(): void;
}

type Message = Readonly<Record<string, unknown>>;

/** The YAML language server that editors use, spoken to over its own protocol. It fetches nothing: the schema store is off. */
export async function startEditor(): Promise<Editor> {
  if (!existsSync(server)) throw new Error('The YAML language server is not installed yet: `npm test` installs it.');
  const child = spawn(process.execPath, [server, '--stdio'], { cwd: root });
  const talk = conversation(child);
  await talk.ask('initialize', { processId: null, rootUri: pathToFileURL(root).href, capabilities: {} });
  talk.tell('initialized', {});
  const place = (path: string, line: number, character: number) => ({
    textDocument: { uri: uriOf(path) },
    position: { line, character },
  });
  return {
    open: (path, text) => {
      const document = { uri: uriOf(path), languageId: 'yaml', version: 1, text };
      talk.tell('textDocument/didOpen', { textDocument: document });
      return talk.diagnosticsOf(document.uri);
    },
    complete: async (path, line, character) => {
      const answer = await talk.ask('textDocument/completion', place(path, line, character));
      return listIn(answer, 'items').map((item) => String(field(item, 'label')));
    },
    hover: async (path, line, character) => {
      const answer = await talk.ask('textDocument/hover', place(path, line, character));
      return String(field(field(answer, 'contents'), 'value') ?? '');
    },
    close: () => child.kill(),
  };
}

function conversation(child: ChildProcessWithoutNullStreams) {
  const answers = new Map<number, (result: unknown) => void>();
  const waiting = new Map<string, (found: readonly EditorDiagnostic[]) => void>();
  let last = 0;
  const send = (message: Message) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const hear = (message: Message) => {
    const { id, method, params } = message;
    if (method === 'textDocument/publishDiagnostics') published(waiting, params);
    else if (typeof method === 'string' && id !== undefined) send({ id, result: reply(method) });
    else if (typeof id === 'number') answers.get(id)?.(message.result);
  };
  listen(child, hear);
  return {
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

/** What the server asks of an editor: one settings object per section that it wants; nothing for the rest. */
function reply(method: string): unknown {
  if (method !== 'workspace/configuration') return null;
  const yaml = { validate: true, hover: true, completion: true, schemaStore: { enable: false, url: '' } };
  return [yaml, {}, {}, {}, {}];
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

function uriOf(path: string): string {
  return pathToFileURL(join(root, path)).href;
}
