/** Things by id, listed in order of creation. */
export interface Collection<T> {
  get(id: number | undefined): T | undefined;
  /** Adds the thing, or puts it in place of the one with its id. */
  put(item: T): void;
  remove(id: number): boolean;
  /** Oldest first; ids break ties. A list that was handed out keeps what has been removed since. */
  all(): readonly T[];
  /** Puts these in place of everything. */
  replace(items: readonly T[]): void;
}

type Created = { readonly id: number; readonly created_at: string };

/** The order is kept as things come and go: sorting ten thousand of them anew after every change takes too long. */
export function collection<T extends Created>(): Collection<T> {
  const items = new Map<number, T>();
  let sorted: T[] = [];
  return {
    get: (id) => (id === undefined ? undefined : items.get(id)),
    put: (item) => {
      const known = items.has(item.id) ? 1 : 0;
      items.set(item.id, item);
      sorted.splice(placeOf(sorted, item), known, item);
    },
    remove: (id) => {
      sorted = sorted.filter((item) => item.id !== id);
      return items.delete(id);
    },
    all: () => sorted,
    replace: (given) => {
      items.clear();
      for (const item of given) items.set(item.id, item);
      sorted = [...given].sort((left, right) => (isBefore(left, right) ? -1 : 1));
    },
  };
}

/** Where a thing stands, or would; found by halving. Nothing ever changes its time of creation. */
function placeOf(sorted: readonly Created[], item: Created): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = sorted[middle];
    if (there !== undefined && isBefore(there, item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(left: Created, right: Created): boolean {
  return left.created_at === right.created_at ? left.id < right.id : left.created_at < right.created_at;
}
