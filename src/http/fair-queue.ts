/** Who waits, one of each owner in turn: an owner with many of them keeps nobody else waiting long. */
export interface FairQueue<Owner, Item> {
  isEmpty(): boolean;
  push(owner: Owner, item: Item): void;
  /** Takes the next one out; undefined where nobody waits. */
  shift(): Item | undefined;
  /** Takes out all that an owner has there. */
  drop(owner: Owner): readonly Item[];
}

export function fairQueue<Owner, Item>(): FairQueue<Owner, Item> {
  /** Whose turn it is next comes first. */
  const lines = new Map<Owner, Item[]>();
  return {
    isEmpty: () => lines.size === 0,
    push: (owner, item) => {
      const line = lines.get(owner);
      if (line === undefined) lines.set(owner, [item]);
      else line.push(item);
    },
    shift: () => {
      for (const [owner, line] of lines) {
        const item = line.shift();
        lines.delete(owner);
        if (line.length > 0) lines.set(owner, line);
        return item;
      }
      return undefined;
    },
    drop: (owner) => {
      const line = lines.get(owner) ?? [];
      lines.delete(owner);
      return line;
    },
  };
}
