import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { normalise } from '../../src/core/spec/normalise.ts';
import { ProviderError } from '../../src/model/errors.ts';
import type { Json, Pointer, Spec } from '../../src/model/json.ts';
import type { Live } from '../../src/model/live.ts';
import { type Provider, type Resource, resourceOf } from '../../src/model/provider.ts';

/** A service with an account of its own, and a provider that is connected to it. Its switch has not been touched. */
export interface ContractWorld {
  readonly provider: Provider;
  /** Methods and paths of everything that reached the service, oldest first. */
  arrived(): readonly { readonly method: string; readonly path: string }[];
  /** Makes the service do the work of the next request of this method and lose the answer. */
  loseAnswer(method: string): void;
  /** Makes the service answer the next requests of this method with a status, whatever they ask. */
  failWith(method: string, status: number): void;
  close(): Promise<void>;
}

export interface ContractFacts {
  /** The kind whose resource is meant. */
  readonly kind: string;
  /** A body that the service takes. */
  readonly desired: Spec;
  /** The same body under another label. */
  labelled(label: string): Spec;
  /** A change of one field that can be made in place. */
  readonly change: { readonly desired: Spec; readonly path: Pointer };
  /** A body that the service refuses. */
  readonly refused: Spec;
  /** What becomes of an update: a read shows it, no read does, or the service has none. */
  readonly updates: 'shown' | 'hidden' | 'refused';
  /** What becomes of a delete: the same, and a second one is answered as `gone` or cannot be told from a fault. */
  readonly deletes: 'shown' | 'hidden' | 'refused';
  readonly deletedTwice: 'gone' | 'unknown' | 'refused';
  /** Requests that are no GET and write nothing all the same. */
  readonly harmless: readonly string[];
  /** An id that cannot exist. */
  readonly nobody: string;
  /** A collection that can be listed, with one of its names, and one that cannot. */
  readonly named: { readonly collection: string; readonly within?: Json; readonly name: string };
  readonly unlistable: string;
}

/** What the engine relies on, whatever the service and the kind. Run it for every resource of every provider, against something stateful. */
export function providerContract(name: string, open: () => Promise<ContractWorld>, facts: ContractFacts): void {
  let world: ContractWorld;
  let provider: Provider;
  let resource: Resource;

  beforeEach(async () => {
    world = await open();
    provider = world.provider;
    resource = resourceOf(provider, facts.kind);
  });
  afterEach(() => world.close());

  const writes = (): readonly string[] =>
    world
      .arrived()
      .filter((one) => one.method !== 'GET' && !facts.harmless.includes(`${one.method} ${one.path}`))
      .map((one) => one.method);
  const clean = (spec: Spec): Spec => normalise(resource.traits, spec);

  /** The verdict on a body that the service takes. */
  const accepted = () => (resource.capabilities.checks === 'none' ? 'unchecked' : 'valid');

  /** Without what the service never answers. */
  const readable = (spec: Spec): Spec => {
    const fields = resource.traits.spec.fields ?? {};
    return Object.fromEntries(Object.entries(spec).filter(([key]) => fields[key]?.unreadable !== true));
  };

  async function list(): Promise<Live[]> {
    const all: Live[] = [];
    await resource.list((page) => all.push(...page));
    return all;
  }

  /** The answer to a delete that was carried out before. */
  async function again(deletion: Promise<unknown>): Promise<void> {
    if (facts.deletedTwice === 'gone') expect(await deletion).toBe('gone');
    else expect(await failure(deletion)).toMatchObject({ fate: facts.deletedTwice });
  }

  async function failure(promise: Promise<unknown>): Promise<ProviderError> {
    const error = await promise.catch((reason: unknown) => reason);
    if (error instanceof ProviderError) return error;
    throw new Error(`Expected a ProviderError, got ${String(error)}`);
  }

  describe(`${name}: promise 1: no write without permission`, () => {
    test('a new provider only reads', async () => {
      provider.permit('all');
      const id = (await resource.create(facts.desired)).id;
      const reading = await resource.read(id);
      provider.permit('none');
      const before = writes().length;
      if (reading === undefined) throw new Error('what was made is not there');
      await expect(resource.create(facts.desired)).rejects.toMatchObject({ code: 'write-forbidden' });
      const update = resource.update(reading, facts.change.desired, [facts.change.path]);
      await expect(update).rejects.toMatchObject({ code: 'write-forbidden' });
      await expect(resource.delete(id)).rejects.toMatchObject({ code: 'write-forbidden' });
      const probe = resource.probe(id, facts.desired);
      if (resource.capabilities.ghosts) await expect(probe).rejects.toMatchObject({ code: 'write-forbidden' });
      else expect(await probe).toBe('whole');
      const check = resource.check(facts.desired, undefined);
      if (resource.capabilities.checks === 'service')
        await expect(check).rejects.toMatchObject({ code: 'write-forbidden' });
      else expect(await check).toMatchObject({ status: accepted() });
      expect(writes()).toHaveLength(before);
    });

    test('validate-only opens the way for probes alone', async () => {
      provider.permit('validate-only');
      await expect(resource.create(facts.desired)).rejects.toMatchObject({ code: 'write-forbidden' });
      const before = await list();
      expect(await resource.check(facts.desired, undefined)).toMatchObject({ status: accepted() });
      if (resource.capabilities.checks !== 'service') expect(writes()).toEqual([]);
      expect(await list()).toEqual(before);
    });
  });

  describe(`${name}: reading`, () => {
    test('every one is listed once, and newest finds what is unknown', async () => {
      provider.permit('all');
      const known = new Set((await list()).map((one) => one.id));
      const made: string[] = [];
      for (const label of ['One', 'Two', 'Three']) made.push((await resource.create(facts.labelled(label))).id);
      const ids = (await list()).map((one) => one.id);
      expect(ids).toHaveLength(new Set(ids).size);
      expect(ids.slice(-3)).toEqual(made);
      expect((await resource.newest(known)).map((one) => one.id)).toEqual(made.toReversed());
      expect(await resource.newest(new Set(ids))).toEqual([]);
    });

    test('one reads the same on its own and in the list, and says what was sent', async () => {
      provider.permit('all');
      const id = (await resource.create(facts.desired)).id;
      const listed = (await list()).find((one) => one.id === id);
      const reading = await resource.read(id);
      if (resource.capabilities.listing === 'whole') expect(reading?.live).toEqual(listed);
      else expect(reading?.live).toMatchObject(listed ?? { id: 'listed' });
      expect(clean(reading?.live.spec ?? {})).toMatchObject(readable(clean(facts.desired)));
    });

    test('only the service’s own word makes one gone', async () => {
      expect(await resource.read(facts.nobody)).toBeUndefined();
      world.failWith('GET', 500);
      await expect(resource.read(facts.nobody)).rejects.toBeInstanceOf(ProviderError);
      world.failWith('GET', 403);
      await expect(resource.read(facts.nobody)).rejects.toBeInstanceOf(ProviderError);
    });

    test('names stand for ids, and each collection is read once', async () => {
      const things = await provider.named(facts.named.collection, facts.named.within);
      expect(things?.map((one) => one.name)).toContain(facts.named.name);
      const before = world.arrived().length;
      await provider.named(facts.named.collection, facts.named.within);
      expect(world.arrived()).toHaveLength(before);
      expect(await provider.named(facts.unlistable, undefined)).toBeUndefined();
    });
  });

  describe(`${name}: writing`, () => {
    test('an update changes what it names and nothing else', async () => {
      provider.permit('all');
      const id = (await resource.create(facts.desired)).id;
      const reading = await resource.read(id);
      if (reading === undefined) throw new Error('what was made is not there');
      const update = resource.update(reading, facts.change.desired, [facts.change.path]);
      if (facts.updates === 'refused') expect(await failure(update)).toMatchObject({ fate: 'refused' });
      const answer = facts.updates === 'refused' ? undefined : await update;
      const after = await resource.read(id);
      if (answer !== undefined) expect(answer).toEqual(after?.live);
      const changed = facts.updates === 'shown' ? topLevel(facts.change.desired, facts.change.path) : {};
      expect(clean(after?.live.spec ?? {})).toEqual(clean({ ...reading.live.spec, ...changed }));
    });

    test('a delete says whether there was anything to delete', async () => {
      provider.permit('all');
      const id = (await resource.create(facts.desired)).id;
      if (facts.deletes === 'refused') expect(await failure(resource.delete(id))).toMatchObject({ fate: 'refused' });
      else expect(await resource.delete(id)).toBe('deleted');
      await again(resource.delete(id));
      if (facts.deletes === 'shown') expect(await resource.read(id)).toBeUndefined();
      else expect((await resource.read(id))?.live.id).toBe(id);
      expect((await list()).some((one) => one.id === id)).toBe(facts.deletes !== 'shown');
    });

    test('a whole one is told from a row that is none, and only by a service that is alive', async () => {
      provider.permit('all');
      const id = (await resource.create(facts.desired)).id;
      expect(provider.isAlive()).toBe(true);
      if (facts.updates === 'refused') {
        expect(await failure(resource.probe(id, facts.desired))).toMatchObject({ fate: 'refused' });
        return;
      }
      expect(await resource.probe(id, facts.desired)).toBe('whole');
      await resource.delete(id);
      expect(await resource.probe(id, facts.desired)).toBe(resource.capabilities.ghosts ? 'dead' : 'whole');
    });

    test('a refusal is told in the service’s words, and a probe calls it invalid', async () => {
      provider.permit('all');
      const error = await failure(resource.create(facts.refused));
      expect(error.fate).toBe('refused');
      const verdict = await resource.check(facts.refused, undefined);
      if (resource.capabilities.checks === 'none') {
        expect(verdict.status).toBe('unchecked');
        return;
      }
      expect(verdict.status).toBe('invalid');
      expect(error.message).toContain(verdict.message);
      if (resource.capabilities.checks === 'local') expect(writes()).toEqual([]);
      else expect(error.serverMessage).toBe(verdict.message);
    });
  });

  test(`${name}: what the workspace has is listed by reads alone`, async () => {
    const found = await provider.catalogue?.(() => undefined);
    expect(found?.destinations?.length).toBeGreaterThan(0);
    expect(writes()).toEqual([]);
  });

  describe(`${name}: promise 12: what is sent again`, () => {
    test('a create whose answer is lost is sent once', async () => {
      provider.permit('all');
      const known = new Set((await list()).map((one) => one.id));
      world.loseAnswer('POST');
      expect(await failure(resource.create(facts.desired))).toMatchObject({ fate: 'unknown' });
      expect(writes()).toEqual(['POST']);
      expect(await resource.newest(known)).toHaveLength(1);
    });

    test('a delete whose answer is lost is sent again', async () => {
      provider.permit('all');
      const id = (await resource.create(facts.desired)).id;
      const before = writes().length;
      world.loseAnswer('DELETE');
      await again(resource.delete(id));
      expect(writes().slice(before)).toEqual(['DELETE', 'DELETE']);
    });

    test('a read is tried again', async () => {
      const before = await list();
      world.failWith('GET', 503);
      await expect(list()).rejects.toBeInstanceOf(ProviderError);
      world.loseAnswer('GET');
      expect(await list()).toEqual(before);
    });
  });
}

function topLevel(desired: Spec, path: Pointer): Spec {
  const key = path.split('/')[1] ?? '';
  return { [key]: desired[key] };
}
