/** Whether a name of the file stands for the old version; an empty name, for whatever is put in without one. */
export type Versions = (name: string) => boolean;

/** More names than these of one file are not looked up: no file has them. */
const most = 20;

/** What names of a text are given the old version. */
export function versionsIn(text: string): Versions {
  const known = new Map<string, boolean>();
  return (expression) => {
    const name = /\w+$/.exec(expression)?.[0] ?? '';
    const before = known.get(name);
    if (before !== undefined || known.size >= most) return before ?? false;
    const holds = name === '' ? /["']v1["']/.test(text) : holdsOld(text, name);
    known.set(name, holds);
    return holds;
  };
}

function holdsOld(text: string, name: string): boolean {
  const given = String.raw`\b${name}\b["']?\s{0,5}(?::\s{0,5}\w{1,20}\s{0,5})?[:=]{1,2}[^\n]{0,80}?["'=:\s(-]v?1["']?\s{0,5}(?:[,;)}#]|$)`;
  return new RegExp(given, 'm').test(text);
}
