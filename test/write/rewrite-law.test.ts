import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equal } from '../../src/core/spec/equal.ts';
import { substitute } from '../../src/load/vars.ts';
import { parseYaml } from '../../src/load/yaml.ts';
import { isList, isObject, type Json, pointer } from '../../src/model/json.ts';
import { rewritten, type Wish } from '../../src/write/rewrite.ts';
import { type Draw, document, lineEnds, oneOf, pathsIn, type Remark, vars } from './documents.ts';
import { json } from './values.ts';

test('wishes come true, whatever the document looks like, and nothing else changes', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const { text, remarks } = document(draw);
      const before = meaning(text);
      const wishes = wishesFor(draw, before);
      const done = rewritten(text, 0, wishes, vars);
      expect(lineEnds(done.text)).toEqual(lineEnds(text));
      const after = meaning(done.text);
      const wanted = granted(before, wishes);
      const left = new Set(done.left.map((one) => one.path));
      expect(differences(after, wanted, [], left)).toEqual([]);
      for (const one of remarks.filter((remark) => stays(remark, before, wanted)))
        expect(count(done.text, one.text)).toBe(1);
      for (const one of remarks) expect(count(done.text, one.text)).toBeLessThanOrEqual(1);
      const again = [{ path: '/spec', value: (wanted as { readonly spec: Json }).spec }];
      expect(rewritten(done.text, 0, again, vars).text).toBe(done.text);
    }),
    { numRuns: 300 },
  );
}, 120_000);

test('wishes for what is there already change no byte', () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const { text } = document(draw);
      const { spec } = meaning(text) as { readonly spec: Json };
      expect(rewritten(text, 0, [{ path: '/spec', value: spec }], vars)).toEqual({ text, left: [] });
    }),
    { numRuns: 100 },
  );
}, 120_000);

function meaning(text: string): Json {
  const { documents = [], problems } = parseYaml(text);
  expect(problems).toEqual([]);
  expect(documents.length).toBe(1);
  const { spec = null, ...rest } = (documents[0]?.value ?? {}) as Readonly<Record<string, Json>>;
  return { ...rest, spec: substitute(spec, '', { vars, refuse }, []) };
}

function refuse(name: string): never {
  throw new Error(`There is no variable ${name}.`);
}

/** Other values at some places, keys that go, new ones, and items that change places. */
function wishesFor(draw: Draw, before: Json): Wish[] {
  const wishes: Wish[] = [];
  let now = before;
  const many = draw(fc.integer, { min: 1, max: 3 });
  for (let index = 0; index < many; index++) {
    const path = oneOf(draw, pathsIn((now as { spec: Json }).spec, ['spec']));
    const wish = { path: pointer(path), value: wishedAt(draw, path, now) };
    wishes.push(wish);
    now = granted(now, [wish]);
  }
  return wishes;
}

function wishedAt(draw: Draw, path: readonly string[], now: Json): Json | undefined {
  const here = at(now, path);
  const way = draw(fc.integer, { min: 0, max: 9 });
  if (isList(here) && way < 7) {
    const items = draw(fc.shuffledSubarray<Json>, [...here]);
    return way < 4 ? items : [...items, draw(() => json)];
  }
  if (isObject(here) && way < 4) return { ...here, added: draw(() => json) };
  return way < 7 || path.length === 1 ? draw(() => json) : undefined;
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((here, token) => {
    if (isList(here)) return here[Number(token)];
    return isObject(here) && Object.hasOwn(here, token) ? here[token] : undefined;
  }, value);
}

function granted(value: Json, wishes: readonly Wish[]): Json {
  const copy = structuredClone(value);
  let root: Json = copy;
  for (const wish of wishes) {
    const path = wish.path
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = path.pop() ?? '';
    const parent = at(root, path) as Record<string, Json>;
    if (wish.value !== undefined)
      Object.defineProperty(parent, last, { value: wish.value, enumerable: true, writable: true, configurable: true });
    else if (isList(parent)) (parent as unknown as Json[]).splice(Number(last), 1);
    else delete parent[last];
    root = structuredClone(root);
  }
  return root;
}

/** Places where two values differ, apart from those that were left. */
function differences(
  now: Json | undefined,
  wanted: Json | undefined,
  path: readonly string[],
  left: ReadonlySet<string>,
): string[] {
  const here = pointer(path);
  if (left.has(here) || equal(now, wanted)) return [];
  if (isObject(now) && isObject(wanted))
    return [...new Set([...Object.keys(now), ...Object.keys(wanted)])].flatMap((key) =>
      differences(now[key], wanted[key], [...path, key], left),
    );
  if (isList(now) && isList(wanted) && now.length === wanted.length)
    return now.flatMap((item, index) => differences(item, wanted[index], [...path, String(index)], left));
  return [here];
}

/** Does what a comment belongs to stay where it is? Items of lists only where nothing of their list has changed. */
function stays({ path }: Remark, before: Json, wanted: Json): boolean {
  for (let length = 0; length < path.length; length++) {
    const [first, second] = [at(before, path.slice(0, length)), at(wanted, path.slice(0, length))];
    if (isObject(first) && isObject(second)) continue;
    if (!(isList(first) && isList(second) && equal(first, second))) return false;
  }
  const [first, second] = [at(before, path), at(wanted, path)];
  return second !== undefined && isObject(first) === isObject(second) && isList(first) === isList(second);
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
