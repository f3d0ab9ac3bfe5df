import type { Problem } from '../../../../model/diagnostic.ts';
import { isObject, type Json, type JsonObject, type Spec } from '../../../../model/json.ts';
import type { Provider } from '../../../../model/provider.ts';
import { isSet } from '../../../../wire/json.ts';
import { remarkOn } from '../assumptions.ts';
import { pairIn } from '../landscape.ts';

/** What only the lists of the account show of a sync that is to be: names for which there is no list. */
export async function examineSync(spec: Spec, named: Provider['named']): Promise<readonly Problem[]> {
  const source = isObject(spec.source_attributes) ? spec.source_attributes : {};
  const object = isObject(source.object) ? source.object : {};
  const unlisted = await Promise.all(
    namesIn(object).map(async ({ collection, name, key }) => {
      const things = await named(collection, pairIn(spec).source);
      return things === undefined ? [unlistedName(collection, name, key)] : [];
    }),
  );
  return unlisted.flat();
}

interface Name {
  readonly collection: string;
  readonly name: string;
  readonly key: string;
}

/** Names that stand for ids, and for which no id has been found. */
function namesIn(object: JsonObject): readonly Name[] {
  const collections: Readonly<Record<string, string>> = { model: 'models', dataset: 'datasets', segment: 'segments' };
  const collection = typeof object.type === 'string' ? collections[object.type] : undefined;
  const found = (name: Json | undefined, of: string, key: string): Name[] =>
    typeof name === 'string' ? [{ collection: of, name, key }] : [];
  return [
    ...(collection === undefined || isSet(object.id) ? [] : found(object.name, collection, 'name')),
    ...(isSet(object.dataset_id) ? [] : found(object.dataset, 'datasets', 'dataset')),
  ];
}

function unlistedName(collection: string, name: string, key: string): Problem {
  return {
    severity: 'error',
    code: 'unlisted-name',
    message: `The API does not list ${collection}, so "${name}" cannot be found.`,
    hint: remarkOn('A08'),
    path: `/spec/source_attributes/object/${key}`,
    at: 'value',
  };
}
