import { type IncomingMessage, request } from 'node:http';
import { onTestFinished } from 'vitest';
import { type FabraEmulator, type FabraOptions, startFabra } from '../../../src/emulator/fabra/server.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../../../src/emulator/json.ts';

/** An answer as it came; `closed` where the connection went away without one. */
export interface Answer {
  readonly status: number;
  /** Null where the answer has no content type. */
  readonly type: string | null;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  /** Empty where the answer is no JSON object. */
  readonly body: JsonObject;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly send?: string | undefined;
}

/** Sends a request byte for byte, so that no client library puts a path or a header right. */
export function ask(url: string, { method, path, headers = {}, send }: Asked): Promise<Answer | 'closed'> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks).toString('utf8'))));
    });
    asked.on('error', (error) => {
      if ('code' in error && error.code === 'ECONNRESET') resolve('closed');
      else reject(error);
    });
    asked.end(send);
  });
}

function answerOf(response: IncomingMessage, text: string): Answer {
  const { statusCode: status = 0, headers } = response;
  return { status, type: headers['content-type'] ?? null, headers, text, body: objectOf(text) };
}

function objectOf(text: string): JsonObject {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export interface Client {
  readonly emulator: FabraEmulator;
  /** Throws where the connection closes without an answer. */
  call(method: string, path: string, body?: Json, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** Starts an emulator that ends with the test. */
export async function fabra(options: FabraOptions = {}): Promise<Client> {
  const emulator = await startFabra(options);
  onTestFinished(() => emulator.close());
  return {
    emulator,
    call: async (method, path, body, headers = { 'x-api-key': emulator.token }) => {
      const send = body === undefined ? undefined : JSON.stringify(body);
      const answer = await ask(emulator.url, { method, path, headers, send });
      if (answer === 'closed') throw new Error('The connection was closed without an answer.');
      return answer;
    },
  };
}

/** A body that the default seed takes. */
export function syncBody(more: JsonObject = {}): JsonObject {
  return {
    display_name: 'orders',
    end_customer_id: 'globex',
    source_id: 3,
    object_id: 2,
    namespace: 'SHOP',
    table_name: 'ORDERS',
    recurring: true,
    frequency: 1,
    frequency_units: 'hours',
    field_mappings: [
      { source_field_name: 'ID', source_field_type: 'INTEGER', destination_field_id: 11 },
      { source_field_name: 'UPDATED_AT', source_field_type: 'TIMESTAMP', destination_field_id: 12 },
    ],
    ...more,
  };
}
