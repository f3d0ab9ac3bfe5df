import { isLive, isUsed, type Page, startOfLine } from './page.ts';

/** What a text says of the API where it names one of its hosts. */
export type Speech = 'v1' | 'v2' | 'versioned' | 'bare' | 'api' | 'page';

/** A place that names a host of the API. */
export interface Address {
  /** Where the address begins, with its scheme if it has one. */
  readonly offset: number;
  /** Behind what says the version, or behind the host. */
  readonly end: number;
  readonly says: Speech;
  /** The first part of the path below the version; empty where the address ends there. */
  readonly endpoint: string;
  readonly isEurope: boolean;
  /** For `versioned`: the name that holds the version. */
  readonly variable: string;
  /** Nothing but a mention, in a comment or a sentence. */
  readonly isMention: boolean;
}

const slash = String.raw`(?:\\{0,3}\/|%2f)`;
const hosts =
  /(?:(?<![\w.-])app(?:-eu|\\?\.staging)?|%s|\})\\{0,2}\.getcensus\\{0,2}\.com(?![\w-]|\.\w)(?::\d{1,5})?/gi;
const version = new RegExp(
  `${slash}{1,3}api${slash}{1,3}(?:(v[12])(?![\\w-]|\\.\\d)|v?(?:\\$?\\{+|%s|\\$|#\\{)\\s{0,5}([\\w.]{0,60}))`,
  'iy',
);
const path = new RegExp(`(?:${slash}{1,3})([a-z_]{2,40})(?![\\w-])`, 'iy');
const bare = new RegExp(`(?:${slash}){0,2}(?=["'\`\\s,;)}\\]>|&]|\\$|$)`, 'iy');
const onlyApi = new RegExp(`${slash}{1,3}api(?:${slash}){0,2}(?=["'\`\\s,;)}\\]>|&]|$)`, 'iy');

/** Every place of a page that names a host of the API, in its order. */
export function addressesIn(page: Page): readonly Address[] {
  return [...page.text.matchAll(hosts)].map((match) => addressAt(page, match.index, match.index + match[0].length));
}

function addressAt(page: Page, at: number, behind: number): Address {
  const { text } = page;
  const start = schemeBefore(text, at);
  const read = (pattern: RegExp, from: number) => {
    pattern.lastIndex = from;
    return pattern.exec(text);
  };
  const found = read(version, behind);
  const end = found === null ? behind : behind + found[0].length;
  const spoken = found?.[1]?.toLowerCase();
  const says: Speech =
    spoken === 'v1' || spoken === 'v2'
      ? spoken
      : found !== null
        ? 'versioned'
        : read(bare, behind) !== null
          ? 'bare'
          : read(onlyApi, behind) !== null
            ? 'api'
            : 'page';
  const rest = says === 'versioned' ? lastOf(text, end) : end;
  return {
    offset: start,
    end,
    says,
    endpoint: (read(path, rest)?.[1] ?? '').toLowerCase(),
    isEurope: /^app-eu/i.test(text.slice(at, at + 6)),
    variable: found?.[2] ?? '',
    isMention: says === 'bare' || says === 'api' ? !isLive(page, start) : !isUsed(page, start, end),
  };
}

/** Behind the braces that name the version. */
function lastOf(text: string, from: number): number {
  let end = from;
  while (end < from + 3 && text[end] === '}') end += 1;
  return end;
}

/** Where the scheme of an address begins whose host stands here; what stands between them may be a key. */
function schemeBefore(text: string, at: number): number {
  const lead = text.slice(Math.max(0, at - 200), at);
  const [found] = /https?:[\\/]{2,6}[^\s"'`<>]{0,190}$/i.exec(lead) ?? [];
  return found === undefined || found.slice(8).includes('://') ? at : at - found.length;
}

/** Whether an offset is part of one of these addresses, or stands right behind it. */
export function within(addresses: readonly Address[]): (offset: number) => boolean {
  const starts = addresses.map((one) => one.offset);
  return (offset) => {
    const one = addresses[lastUpTo(starts, offset)];
    return one !== undefined && offset >= one.offset && offset <= one.end;
  };
}

/** The index of the last of the ascending numbers that is not greater than `limit`; -1 where there is none. */
export function lastUpTo(numbers: readonly number[], limit: number): number {
  let low = -1;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** What a name of the file stands for: a host of the API, or the root of a version of it, or another host. */
export type Meaning = 'bare' | 'api' | 'v1' | 'v2' | 'other';

/** By the last part of a name, in lower case, what stands behind it. */
export type Names = ReadonlyMap<string, ReadonlySet<Meaning>>;

const others = /\bhttps?:[\\/]{2,6}(?:[^\s"'`<>@/]{1,200}@)?([a-z\d][\w.-]{1,200}|\[)/gi;

/** More addresses than these are given no name: a file with so many is data. */
const most = 2000;

/** What names of the file are given an address. */
export function namesIn(page: Page, addresses: readonly Address[]): Names {
  const names = new Map<string, Set<Meaning>>();
  const give = (offset: number, meaning: Meaning) => {
    for (const name of assigned(page, offset)) names.set(name, (names.get(name) ?? new Set()).add(meaning));
  };
  for (const { offset, says, endpoint, isMention } of addresses.slice(0, most)) {
    if (isMention || says === 'page' || says === 'versioned') continue;
    if (says === 'bare' || says === 'api' || endpoint === '') give(offset, says);
  }
  for (const offset of otherHosts(page).slice(0, most)) give(offset, 'other');
  return names;
}

/** Where the page names hosts that have nothing to do with the API, comments aside. */
export function otherHosts(page: Page): readonly number[] {
  return [...page.text.matchAll(others)]
    .filter(([whole, host = '']) => !/getcensus\.com/i.test(`${whole}${host}`))
    .filter(({ index }) => isLive(page, index))
    .map(({ index }) => index);
}

const target = /([A-Za-z_][\w$-]{0,80})["'\]]{0,2}(?:\s{0,5}:\s{0,5}\w{1,30})?\s{0,8}(?:[:|?]{0,2}=|=>|:)(?![=/])/g;

/** Names to which what stands at an offset is given, in its line or in one of the two before it. */
function assigned({ text }: Page, offset: number): readonly string[] {
  let end = offset;
  for (let tries = 0; tries < 3; tries++) {
    const start = startOfLine({ text }, end);
    const names = [...text.slice(start, end).matchAll(target)].map(([, name = '']) => name.toLowerCase());
    // The scheme of another address is no name.
    const found = names.filter((name) => name !== 'http' && name !== 'https');
    if (found.length > 0) return found;
    if (!/[\n\r]/.test(text[start - 1] ?? '')) return [];
    end = start - 1;
  }
  return [];
}
