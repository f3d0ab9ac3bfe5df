import { expect } from 'vitest';
import { activationSlug } from '../../../src/emulator/census-v2/slug.ts';
import { isObject, type Json, type JsonObject } from '../../../src/model/json.ts';
import type { Said } from '../in-process.ts';
import type { Scene } from './scene.ts';

export const there = 'migrate api --to v2 --token-env PAT';

interface Paired {
  readonly kind: string;
  readonly v1: string | null;
  readonly v2: string | null;
  readonly grade: string;
}

/** A move, with `--accept` for everything of which a proof says that names alone tell it. */
export async function vouched(one: Scene, line: string): Promise<string> {
  const { pairs, from } = JSON.parse((await one.run(`${line} --check --format json`)).out);
  const doubtful = (pairs as Paired[]).filter(({ grade }) => grade === 'by-name');
  return line + doubtful.map((pair) => ` --accept ${pair.kind}/${from === 'v1' ? pair.v1 : pair.v2}`).join('');
}

/** Moves to v2 and shows that nothing is different there. */
export async function moved(one: Scene, { line = there, code = 0 } = {}): Promise<Said> {
  const before = [await one.items('v1', 'syncs'), one.manifests()];
  const sent = one.writes().length;
  const done = await one.run(line);
  expect(done.err).not.toMatch(/error/);
  expect(done).toMatchObject({ code, out: expect.stringContaining('Moved: production uses v2') });
  expect(one.ledger().meta).toMatchObject({ format: 3, api: 'v2', migration: { state: 'done' } });
  expect([await one.items('v1', 'syncs'), one.manifests()]).toEqual(before);
  expect(one.writes()).toHaveLength(sent);
  return done;
}

/** Shows that a plan has nothing to do. */
export async function settled(one: Scene): Promise<void> {
  const planned = await one.run('plan --exit-code');
  expect(planned.err).not.toMatch(/error/);
  expect(planned).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to do') });
}

/** Shows that neither a drift report nor a pull finds anything. */
export async function unchanged(one: Scene): Promise<void> {
  const manifests = one.manifests();
  expect(await one.run('drift')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing has changed') });
  expect((await one.run('pull')).code).toBe(0);
  expect(one.manifests()).toEqual(manifests);
}

/** A sync of the second warehouse into a destination. */
export function freshInto(connection: string): string {
  return `kind: CensusSync
name: fresh
spec:
  label: Fresh
  operation: upsert
  source_attributes:
    connection: Redshift
    object: { type: table, table_catalog: analytics, table_schema: public, table_name: people }
  destination_attributes: { connection: ${connection}, object: Contact }
  mappings:
    - { from: email, to: Email, primary: true }
`;
}

const fresh = `${freshInto('CRM')}  mode: { type: triggered, triggers: { sync_sequence: { sync: sync-1 } } }\n`;

/** At v2 makes a sync and changes one; v1 shows both as it shows its own, and everything else as it was. */
export async function madeThere(one: Scene): Promise<void> {
  const before = await one.items('v1', 'syncs');
  const activation = /^ {2}activation: /m.test(one.read('syncs/sync-2.yaml')) ? activationSlug(502, 601) : undefined;
  one.write('syncs/fresh.yaml', activation === undefined ? fresh : `${fresh}  activation: ${activation}\n`);
  one.write('syncs/sync-1.yaml', `${one.read('syncs/sync-1.yaml')}  paused: true\n`);
  const applied = await one.run('apply --auto-approve');
  expect(applied.err).not.toMatch(/error/);
  expect(applied).toMatchObject({ code: 0, out: expect.stringContaining('Everything live is as planned') });
  await settled(one);
  const after = await one.items('v1', 'syncs');
  const made = after.find(({ label }) => label === 'Fresh');
  expect(made).toMatchObject({
    operation: 'upsert',
    source_attributes: { connection_id: 502, object: { type: 'table', table_name: 'people' } },
    destination_attributes: { connection_id: 601, object: 'Contact' },
    mode: { type: 'triggered', triggers: { sync_sequence: { sync_id: 90_001 } } },
  });
  expect(made).not.toHaveProperty('activation_id');
  expect(new Set(Object.keys(made ?? {}))).toEqual(new Set(Object.keys(before[0] ?? {})));
  const rest = after.filter((one) => one !== made).map((one) => (one.id === 90_001 ? touched(one) : one));
  expect(rest).toEqual(before.map((one) => (one.id === 90_001 ? touched(one) : one)));
  expect(after.find(({ id }) => id === 90_001)).toMatchObject({ paused: true });
}

function touched({ paused: _, updated_at: __, ...rest }: JsonObject): JsonObject {
  return rest;
}

/** Takes it back to v1, where nothing is different either. */
export async function wayBack(one: Scene, line = 'migrate api --to v1'): Promise<void> {
  const sent = one.writes().length;
  const back = await one.run(line);
  expect(back.err).not.toMatch(/error/);
  expect(back).toMatchObject({ code: 0, out: expect.stringContaining('Moved: production uses v1') });
  expect(one.read('syncline.yaml')).toMatch(/api: v1[\s\S]*env\.KEY[\s\S]*workspace: 4321/);
  expect(one.ledger().meta).toMatchObject({ format: 2, workspace: 4321, migration: { state: 'done', to: 'v1' } });
  await settled(one);
  expect(one.writes()).toHaveLength(sent);
}

/** Has every manifest of a sync say its activation beside its connections, as somebody does where names or ids are others there. */
export async function sayActivations(one: Scene): Promise<void> {
  const slugs = new Map(
    (await one.items('v1', 'syncs')).map((sync) => [
      String(sync.label),
      activationSlug(connectionOf(sync.source_attributes), connectionOf(sync.destination_attributes)),
    ]),
  );
  for (const [file, text] of Object.entries(one.manifests())) {
    const slug = slugs.get(/^ {2}label: (.*)$/m.exec(text)?.[1] ?? '');
    if (slug !== undefined) one.write(file, `${text}  activation: ${slug}\n`);
  }
}

function connectionOf(attributes: Json | undefined): number {
  return isObject(attributes) ? Number(attributes.connection_id) : 0;
}
