/** One kind of row that an API keeps, with the ids. */
export interface Shelf {
  /** False where the rows are no syncs: they belong to syncs and have their ids, or are of another kind. */
  readonly ofSyncs: boolean;
  ids(): readonly number[];
  save(): Saved;
}

/** The rows of a moment; they are never changed in place. */
interface Saved {
  readonly rows: readonly object[];
  /** Puts them back, in place of all there are. */
  restore(): void;
  /** Leaves those alone that are not hidden; the function brings the others back, beside what was made meanwhile. */
  hide(isHidden: (id: number) => boolean): () => void;
}

export type Past = readonly Saved[];

/** What manners do to the syncs of an API behind its answers. */
export interface Backstage {
  /** Ids of the syncs, oldest first. */
  ids(): readonly number[];
  /** The rows as they are now. */
  save(): Past;
  restore(past: Past): void;
  /** Takes syncs out of sight; the function brings them back, beside what was made meanwhile. */
  hide(isHidden: (id: number) => boolean): () => void;
  /** Somebody else makes a sync like the newest, under this label. Nothing happens where there is none. */
  copyNewest(label: string): void;
}

/** The syncs of an API stand on `shelves`, and whatever goes with them. */
export function backstage(shelves: () => readonly Shelf[], copyNewest: (label: string) => void): Backstage {
  const save = (): Past => shelves().map((one) => one.save());
  return {
    ids: () =>
      shelves()
        .filter(({ ofSyncs }) => ofSyncs)
        .flatMap((one) => one.ids()),
    save,
    restore: (past) => {
      for (const saved of past) saved.restore();
    },
    hide: (isHidden) => {
      const bringBack = save().map((saved) => saved.hide(isHidden));
      return () => {
        for (const one of bringBack) one();
      };
    },
    copyNewest,
  };
}

/** A shelf over whatever keeps the rows. They are handed back in order of id. */
export function shelf<T extends object>(
  ofSyncs: boolean,
  read: () => readonly T[],
  write: (rows: readonly T[]) => void,
  idOf: (row: T) => number,
): Shelf {
  const save = (): Saved => {
    const rows = [...read()];
    return {
      rows,
      restore: () => write(rows),
      hide: (isHidden) => {
        write(rows.filter((row) => !isHidden(idOf(row))));
        return () => {
          const hidden = rows.filter((row) => isHidden(idOf(row)));
          write([...hidden, ...read()].sort((left, right) => idOf(left) - idOf(right)));
        };
      },
    };
  };
  return { ofSyncs, ids: () => read().map(idOf), save };
}

/** Nothing has changed from one to the other. */
export function isSame(left: Past, right: Past): boolean {
  return (
    left.length === right.length &&
    left.every(({ rows }, index) => {
      const others = right[index]?.rows ?? [];
      return rows.length === others.length && rows.every((row, place) => row === others[place]);
    })
  );
}
