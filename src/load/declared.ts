import { type Address, address } from '../model/address.ts';
import { isObject } from '../model/json.ts';
import { readText } from './files.ts';
import { parseYaml } from './yaml.ts';

/** The addresses of these kinds that a file declares, validly or not; none where the file cannot be read. */
export function declaredIn(root: string, file: string, kinds: Iterable<string>): readonly Address[] {
  const text = readText(root, file);
  if (typeof text !== 'string') return [];
  const mentioned = new Set([...kinds].filter((kind) => text.includes(kind)));
  if (mentioned.size === 0) return [];
  return (parseYaml(text).documents ?? []).flatMap(({ value }) => {
    if (!isObject(value) || typeof value.kind !== 'string' || !mentioned.has(value.kind)) return [];
    return typeof value.name === 'string' ? [address(value.kind, value.name)] : [];
  });
}
