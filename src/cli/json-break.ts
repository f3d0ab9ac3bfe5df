const text = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const bare = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const blank = /[ \t\r\n]*/y;

/** The offset at which a text stops being JSON; engines do not all tell it. Its length where it only ends too early, or is JSON. */
export function jsonBreak(json: string): number {
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(json) ?? [];
    at += found?.length ?? 0;
    return found !== undefined;
  };
  const sign = (wanted: string): boolean => {
    take(blank);
    if (json[at] !== wanted) return false;
    at += 1;
    return true;
  };
  /** What is open, by what closes it. A list of lists may be deeper than calls may be. */
  const open: string[] = [];
  let wantsValue = true;
  for (;;) {
    if (wantsValue) {
      if (sign('{')) {
        if (!sign('}')) {
          if (!key()) return at;
          open.push('}');
          continue;
        }
      } else if (sign('[')) {
        if (!sign(']')) {
          open.push(']');
          continue;
        }
      } else if (!take(text) && !take(bare)) return at;
    }
    const close = open.at(-1);
    if (close === undefined) {
      take(blank);
      return at;
    }
    wantsValue = sign(',');
    if (wantsValue && close === '}' && !key()) return at;
    if (wantsValue) continue;
    if (!sign(close)) return at;
    open.pop();
  }

  function key(): boolean {
    take(blank);
    return take(text) && sign(':');
  }
}
