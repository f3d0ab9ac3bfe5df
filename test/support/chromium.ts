import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A page as a person sees it, in a real browser. */
export interface Page {
  /** What the page has loaded, by address; the first is the page itself. */
  readonly requests: readonly string[];
  /** What stands in the console: messages, errors, and what the policy of the page refused. */
  readonly console: readonly string[];
  /** The value of an expression, which may be a promise. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** Clicks into the middle of what this selector finds, where a person would see it. */
  click(selector: string): Promise<void>;
  type(text: string): Promise<void>;
  /** Presses the key that leads to the next link or control. */
  tab(): Promise<void>;
  /** Waits until the expression is true. */
  until(expression: string): Promise<void>;
  /** How wide the window is, which colours are preferred, and whether it is printed. */
  look(looks: { readonly width?: number; readonly scheme?: 'light' | 'dark'; readonly media?: 'print' }): Promise<void>;
  /** Controls and other things by what they are called, as a screen reader says it: `checkbox ~ update 4`. */
  names(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Browser {
  open(url: string, options?: { readonly withoutScripts?: boolean }): Promise<Page>;
  close(): Promise<void>;
}

/** Starts the browser that the set-up installs. Nothing is waited for by the clock: it says when it is ready. */
export async function startChromium(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'syncline-chromium-'));
  const child = spawn('chromium', [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const wire = connect(child);
  await wire.send('Browser.getVersion');
  return {
    open: (url, options = {}) => openPage(wire, url, options.withoutScripts === true),
    close: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      await wire.send('Browser.close');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** CI runs as root, where there is no sandbox; the pages are our own. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
];

type Parameters = Readonly<Record<string, unknown>>;
type Listener = (method: string, parameters: Parameters) => void;

/** Messages to the browser and back: JSON, each ended by a zero byte. */
interface Wire {
  send(method: string, parameters?: Parameters, session?: string): Promise<Parameters>;
  /** Events of one page. */
  listen(session: string, listener: Listener): void;
}

function connect(child: ChildProcess): Wire {
  const [, , errors, input, output] = child.stdio as unknown as [null, null, Readable, Writable, Readable];
  const waiting = new Map<number, { resolve: (result: Parameters) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Listener>();
  let said = '';
  let count = 0;
  const fail = (why: string) => {
    for (const { reject } of waiting.values()) reject(new Error(`${why}\n${said}`));
    waiting.clear();
  };
  errors.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  // What cannot be written any more is told by the end of the process.
  input.on('error', () => undefined);
  child.once('error', (error) => fail(`Chromium cannot be started: ${error.message}`));
  child.once('exit', () => fail('Chromium has ended.'));
  messagesOf(output, (message) => {
    const { id, method, params = {}, sessionId, result = {}, error } = message;
    if (id === undefined) {
      listeners.get(sessionId ?? '')?.(method ?? '', params);
      return;
    }
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(error.message));
  });
  return {
    send: (method, parameters = {}, session) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        waiting.set(id, { resolve, reject });
        const to = session === undefined ? {} : { sessionId: session };
        input.write(`${JSON.stringify({ id, method, params: parameters, ...to })}\0`);
      }),
    listen: (session, listener) => listeners.set(session, listener),
  };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Parameters;
  readonly sessionId?: string;
  readonly result?: Parameters;
  readonly error?: { readonly message: string };
}

function messagesOf(output: Readable, receive: (message: Message) => void): void {
  let rest: Buffer[] = [];
  output.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      receive(JSON.parse(Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8')));
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  });
}

async function openPage(wire: Wire, url: string, withoutScripts: boolean): Promise<Page> {
  const { targetId } = await wire.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await wire.send('Target.attachToTarget', { targetId, flatten: true });
  const session = String(sessionId);
  const send = (method: string, parameters?: Parameters) => wire.send(method, parameters, session);
  const requests: string[] = [];
  const said: string[] = [];
  const loaded = new Promise<void>((done) => {
    wire.listen(session, (method, parameters) => {
      if (method === 'Network.requestWillBeSent') requests.push(requestOf(parameters));
      else if (method === 'Page.loadEventFired') done();
      else if (heard.has(method)) said.push(`${method} ${JSON.stringify(parameters)}`);
    });
  });
  for (const domain of ['Page', 'Network', 'Runtime', 'Log', 'Accessibility']) await send(`${domain}.enable`);
  await send('Emulation.setScriptExecutionDisabled', { value: withoutScripts });
  const page = pageOf(send, requests, said);
  await page.look({});
  await send('Page.navigate', { url });
  await loaded;
  const close = async () => {
    await wire.send('Target.closeTarget', { targetId });
  };
  return { ...page, close };
}

const heard = new Set(['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded']);

function requestOf({ request }: Parameters): string {
  return (request as { readonly url: string }).url;
}

type Send = (method: string, parameters?: Parameters) => Promise<Parameters>;

function pageOf(send: Send, requests: readonly string[], said: readonly string[]): Omit<Page, 'close'> {
  const evaluate = async <Value>(expression: string): Promise<Value> => {
    const done = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (done.exceptionDetails !== undefined) throw new Error(JSON.stringify(done.exceptionDetails));
    return (done.result as { readonly value: Value }).value;
  };
  const mouse = (type: string, place: Parameters) =>
    send('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 });
  return {
    requests,
    console: said,
    evaluate,
    click: async (selector) => {
      const place = await evaluate<Parameters>(middleOf(selector));
      await mouse('mousePressed', place);
      await mouse('mouseReleased', place);
    },
    type: async (text) => {
      await send('Input.insertText', { text });
    },
    tab: async () => {
      const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
      await send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
    },
    until: (expression) =>
      evaluate(
        `new Promise((done) => { const look = () => (${expression}) ? done() : requestAnimationFrame(look); look(); })`,
      ),
    look: async ({ width = 1280, scheme = 'light', media = '' }) => {
      await send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
      await send('Emulation.setEmulatedMedia', { media, features: [{ name: 'prefers-color-scheme', value: scheme }] });
    },
    names: async () => {
      const { nodes } = await send('Accessibility.getFullAXTree');
      return (nodes as readonly AccessibleNode[])
        .filter(({ ignored }) => !ignored)
        .map(({ role, name }) => `${role?.value ?? ''} ${name?.value ?? ''}`.trim());
    },
  };
}

interface AccessibleNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}

function middleOf(selector: string): string {
  return `(() => {
    const found = document.querySelector(${JSON.stringify(selector)});
    found.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { x, y, width, height } = found.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  })()`;
}
