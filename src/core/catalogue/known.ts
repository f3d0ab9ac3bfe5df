import type { CatalogueContent, Known, Names } from '../../model/catalogue.ts';
import { suggester } from '../suggest.ts';

/** A catalogue whose names are found by a look into a table, each table made when it is first asked for. */
export function knownOf({ sources, destinations }: CatalogueContent): Known {
  const tables = new WeakMap<object, unknown>();
  return {
    ...(sources !== undefined && { sources }),
    ...(destinations !== undefined && { destinations }),
    names: <Item>(list: readonly Item[], nameOf: (item: Item) => string, folded?: 'folded') => {
      const made = tables.get(list);
      // A list is asked for its names in one way only.
      if (made !== undefined) return made as Names<Item>;
      const names = namesOf(list, nameOf, folded === undefined ? asIs : lowered);
      tables.set(list, names);
      return names;
    },
  };
}

function namesOf<Item>(
  list: readonly Item[],
  nameOf: (item: Item) => string,
  fold: (name: string) => string,
): Names<Item> {
  const byName = new Map<string, Item | undefined>();
  for (const item of list) {
    const key = fold(nameOf(item));
    byName.set(key, byName.has(key) ? undefined : item);
  }
  let hint: ((word: string) => string) | undefined;
  return {
    has: (name) => byName.has(fold(name)),
    only: (name) => byName.get(fold(name)),
    hint: (name) => {
      hint ??= suggester(list.map(nameOf), 'There is none.');
      return hint(name);
    },
  };
}

function asIs(name: string): string {
  return name;
}

function lowered(name: string): string {
  return name.toLowerCase();
}
