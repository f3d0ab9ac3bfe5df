import type { Sighting } from '../../../model/scan.ts';
import { type Address, type Meaning, type Names, within } from './addresses.ts';
import { type Before, beforeOf, isGeneral } from './before.ts';
import { callOf, isEndpoint, isMoved } from './endpoints.ts';
import { isLive, isUsed, type Page, startOfLine } from './page.ts';
import type { Versions } from './versions.ts';

const bounded = String.raw`(?![\w-]|\.\d)`;
const roots = new RegExp(
  String.raw`(?<![\w.-])\\{0,2}\/?api\\{0,2}\/v1${bounded}(?:\\{0,2}\/([a-z_]{2,40})${bounded})?`,
  'gi',
);
/** Behind what ends in /api, or where a name stands for the version. */
const short = new RegExp(String.raw`(?<!api|[.-])\/?(?<!\w)v1\/([a-z_]{2,40})${bounded}`, 'gi');
const variable =
  /(?<![\w.-])\/?api\/(?:[$#]?\{{1,2}|\$|%)\s?([\w.]{0,40}version\w{0,20})\s?[}%]{0,2}(?:\/([a-z_]{2,40}))?/gi;
const listed =
  /(["'])api\1\)?\s{0,40}(?:,|\/|\.\w{1,30}\()\s{0,40}(["'])v1\2\)?(?:\s{0,40}(?:,|\/|\.\w{1,30}\()\s{0,40}["']([a-z_]{2,40})["'])?/gi;
const moved =
  /\/?(destinations|connectors|destination_connect_links|source_connect_links|workspaces?|users|invitations)(?![\w.-])/gi;

/** An orchestrator keeps the host in a connection of its own. */
const connection = /\bhttp_conn_id["']?\s{0,5}[=:]\s{0,5}["']\w{0,40}census/i;
/** A link for people is no base of calls. */
const link = /\b(?:href|to|src|link|action)["']?\s{0,5}[=:]\s{0,5}\{?["'`]?$/i;

/** What is known of the rest of the file. */
interface Side {
  readonly names: Names;
  /** Does it name a host without a path, to put paths behind? */
  readonly hasHost: boolean;
  /** Does it speak the newer version, and the old one nowhere in one piece? */
  readonly isNewer: boolean;
  /** Does it name a host of the API at all? */
  readonly isNamed: boolean;
}

/** Calls of API v1 whose host and path stand apart in one file. */
export function piecesIn(
  page: Page,
  addresses: readonly Address[],
  names: Names,
  versions: Versions,
): readonly Sighting[] {
  const { text } = page;
  const side = sideOf(page, addresses, names);
  const isWhole = within(addresses);
  const found: Sighting[] = [];
  const look = (offset: number, endpoint: string, end: number) => {
    if (!isLive(page, offset) || isWhole(offset)) return;
    if (belongs(beforeOf(page, offset), endpoint.toLowerCase(), side) && isUsed(page, offset, end))
      found.push(callOf(offset, endpoint));
  };
  for (const { 0: whole, 1: endpoint = '', index } of text.matchAll(roots)) look(index, endpoint, index + whole.length);
  for (const { 0: whole, 1: name = '', 2: endpoint = '', index } of text.matchAll(variable))
    if (versions(name)) look(index, endpoint, index + whole.length);
  if (addresses.some(({ says, isMention }) => says === 'api' && !isMention))
    for (const { 0: whole, 1: endpoint = '', index } of text.matchAll(short))
      if (isEndpoint(endpoint)) look(index, endpoint, index + whole.length);
  if (side.hasHost && !side.isNewer)
    for (const { 0: whole, 3: endpoint = '', index } of text.matchAll(listed))
      look(index + 1, endpoint, index + whole.length);
  return found;
}

function sideOf(page: Page, addresses: readonly Address[], names: Names): Side {
  const used = addresses.filter((one) => !one.isMention);
  const isBase = ({ offset, says }: Address) =>
    (says === 'bare' || says === 'api') && !link.test(page.text.slice(startOfLine(page, offset), offset));
  return {
    names,
    hasHost: used.some(isBase) || connection.test(page.text),
    isNewer: used.some(({ says }) => says === 'v2') && !used.some(({ says }) => says === 'v1'),
    isNamed: addresses.length > 0,
  };
}

/** Paths behind a base of API v1 that v2 calls otherwise, or has not. */
export function movedPaths(page: Page, addresses: readonly Address[], names: Names): readonly Sighting[] {
  if (!addresses.some((one) => one.says === 'v1' && one.endpoint === '' && !one.isMention)) return [];
  const isWhole = within(addresses);
  return [...page.text.matchAll(moved)].flatMap(({ 0: whole, 1: endpoint = '', index }) => {
    if (!isLive(page, index) || isWhole(index) || !isMoved(endpoint.toLowerCase())) return [];
    const before = beforeOf(page, index);
    const isOurs = before.is === 'name' && (meanings(names, before.name)?.has('v1') ?? false);
    const isGuess =
      whole.startsWith('/') &&
      !/^\/(?:users|invitations)$/i.test(whole) &&
      (before.is === 'nothing' || (before.is === 'name' && !meanings(names, before.name) && isGeneral(before.name)));
    return (isOurs && whole.startsWith('/')) || isGuess ? [callOf(index, endpoint)] : [];
  });
}

/** Names that hardly any other service has. */
const distinct = /^(?:syncs|sync_runs|destinations|(?:source|destination)_connect_links)$/;

function belongs(before: Before, endpoint: string, { names, hasHost, isNewer, isNamed }: Side): boolean {
  if (before.is === 'host' || before.is === 'route' || before.is === 'elsewhere') return false;
  const isKnown = isEndpoint(endpoint) && endpoint !== 'users';
  if (before.is === 'name') {
    const known = meanings(names, before.name);
    if (known !== undefined) return (['bare', 'api', 'v1'] as const).some((one) => known.has(one));
    if (/census|activations/i.test(before.name)) return isKnown && (isNamed || distinct.test(endpoint));
    if (!isGeneral(before.name)) return false;
  }
  return hasHost && !isNewer && (isKnown || endpoint === '');
}

function meanings(names: Names, name: string): ReadonlySet<Meaning> | undefined {
  return names.get(name.toLowerCase());
}
