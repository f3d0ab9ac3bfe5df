import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FabraSeed } from '../../../src/emulator/fabra/seed.ts';
import { type FabraEmulator, startFabra } from '../../../src/emulator/fabra/server.ts';
import { isObject, type JsonObject, parseJson } from '../../../src/emulator/json.ts';
import { type Answer, type Asked, ask } from './support.ts';

interface Exchanged extends Asked {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly type?: string | null;
  readonly body?: string;
  /** Instead of a status, where the server closed the connection. */
  readonly answer?: string;
}

type Step = Exchanged | { readonly name: string; readonly scheduler: 'away' | 'back' };

const recording: { readonly world: FabraSeed; readonly steps: readonly Step[] } = JSON.parse(
  readFileSync(new URL('recorded.json', import.meta.url), 'utf8'),
);

/**
 * Everything in which an answer may differ from the recorded one: the two times in a link token. A token that was
 * recorded has run out by now, so later steps send the one that was given out in its place.
 */
const byNature = ['exp', 'iat'];

let emulator: FabraEmulator;
const tokens = new Map<string, string>();

beforeAll(async () => {
  emulator = await startFabra({ seed: recording.world });
});

afterAll(() => emulator.close());

test('the recording is all there', () => {
  const exchanges = recording.steps.filter((step) => !('scheduler' in step));
  expect([exchanges.length, recording.steps.length]).toEqual([197, 199]);
  expect(exchanges.filter((step) => 'answer' in step)).toHaveLength(10);
});

/** One sequence: every step stands on those before it. */
describe('as traced, the emulator answers like the server', () => {
  test.each(recording.steps.map((step, index) => [index, step.name, step] as const))('%i %s', async (_, __, step) => {
    if ('scheduler' in step) {
      const send = JSON.stringify({ state: step.scheduler === 'away' ? 'down' : 'up' });
      const answer = await ask(emulator.url, { method: 'POST', path: '/__emulator/scheduler', send });
      expect(answer).toMatchObject({ status: 200, text: send });
      return;
    }
    const headers = { ...step.headers };
    const token = tokens.get(headers['x-link-token'] ?? '');
    if (token !== undefined) headers['x-link-token'] = token;
    const answer = await ask(emulator.url, { ...step, headers });
    if (step.answer !== undefined) return expect(answer).toBe('closed');
    if (answer === 'closed') return expect(answer).toBe(step);
    if (step.path === '/link_token' && step.status === 200) return sameToken(answer, step);
    expect({ status: answer.status, type: answer.type, body: answer.text }).toEqual({
      status: step.status,
      type: step.type,
      body: step.body,
    });
  });
});

function sameToken(answer: Answer, { body = '', status, type }: Exchanged): void {
  const [given, recorded] = [linkToken(answer.text), linkToken(body)];
  expect([answer.status, answer.type, Object.keys(answer.body)]).toEqual([status, type, ['link_token']]);
  expect(answer.text).toBe(`{"link_token":"${given}"}\n`);
  const [parts, recordedParts] = [given.split('.'), recorded.split('.')];
  expect([parts.length, parts[0], parts[2]]).toEqual([recordedParts.length, recordedParts[0], recordedParts[2]]);
  const [claims, recordedClaims] = [claimsOf(given), claimsOf(recorded)];
  expect(Object.keys(claims)).toEqual(Object.keys(recordedClaims));
  expect(Number(claims.exp) - Number(claims.iat)).toBe(Number(recordedClaims.exp) - Number(recordedClaims.iat));
  expect(withoutTimes(claims)).toBe(withoutTimes(recordedClaims));
  tokens.set(recorded, given);
}

function linkToken(text: string): string {
  const body = parseJson(text);
  return isObject(body) ? String(body.link_token) : '';
}

function claimsOf(token: string): JsonObject {
  const claims = parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return isObject(claims) ? claims : {};
}

function withoutTimes(claims: JsonObject): string {
  return JSON.stringify(Object.fromEntries(Object.entries(claims).filter(([key]) => !byNature.includes(key))));
}
