import type { Sighting } from '../../../model/scan.ts';
import { lastUpTo } from './addresses.ts';
import { isLive, type Page, startOfLine } from './page.ts';
import { lineEnd } from './regions.ts';

/** What a page says of the two versions of the API. */
export interface Speaking {
  /** Where it calls API v1, ascending. */
  readonly v1: readonly number[];
  readonly hasV2: boolean;
  /** Does it name hosts that have nothing to do with the API? */
  readonly hasOthers: boolean;
}

const token = 'Make a personal access token in the web app; v2 takes nothing else.';
const literal = /secret-token:([\w.+/=~-]{4,200})/g;
const name =
  /(?<![\w-])(?:[A-Z\d]{1,30}[_-]){0,4}(?:GET)?CENSUS[_-](?:(?:[A-Z\d]{1,30}[_-]){0,4}(?:API[_-]KEY|API[_-]TOKEN|API[_-]SECRET|SECRET|SECRET[_-]TOKEN|KEY)|WORKSPACE[_-][A-Z\d_-]{1,60})(?![\w-])/gi;
const personal = /(?:^|[_-])(?:PAT|PERSONAL)(?:[_-]|$)/i;

/** Keys of workspaces: literal ones, names that hold one, and headers that carry one. */
export function keysIn(page: Page, speaking: Speaking): readonly Sighting[] {
  const named = namesOf(page, speaking);
  // A header that carries such a name is told once.
  const lines = new Set(named.map(({ offset }) => startOfLine(page, offset)));
  const rest = headers(page, speaking).filter(({ offset }) => !lines.has(startOfLine(page, offset)));
  return [...literals(page), ...named, ...rest];
}

/** A key is one wherever it stands. What is meant to be filled in is none. */
function literals(page: Page): readonly Sighting[] {
  return [...page.text.matchAll(literal)]
    .filter((match) => isKey(page, match[1] ?? '', match.index))
    .map(({ index: offset }) => ({
      offset,
      code: 'workspace-key-literal',
      message: 'A workspace key is written here, and v2 does not take workspace keys.',
      replacement: `Revoke it, because it was in a file. ${token}`,
    }));
}

const blank = /^[x.*_-]+$|your|example|placeholder|redacted|changeme|replace|here|dummy/i;

function isKey(page: Page, key: string, offset: number): boolean {
  if (blank.test(key)) return false;
  return isLive(page, offset) || (key.length >= 16 && /\d/.test(key));
}

/** The API of the Census Bureau has keys as well, which often have the same name. */
const bureau =
  /census\.gov|census bureau|tidycensus|censusapi\b|\bcensusdata\b|\bcenpy\b|\bcensusgeocode\b|from census import|(?:pip3?|uv|poetry) (?:install|add|pip install) (?:[\w.=<>-]{1,60} ){0,20}census(?![\w-])|\bacs[15]?\b|\bdecennial\b|\btiger\/?line\b|american community survey|\bfips\b|\btigris\b|\bzcta\b|\bgeoid\b|\btracts?\b|\bcount(?:y|ies)\b|\bhouseholds?\b|\bpopulation\b|\bdemograph|\bus[-_ ]census\b/i;

const deployment =
  /(?:^|\/)(?:\.github\/|\.circleci\/|\.buildkite\/|\.gitlab\/|\.drone|\.travis|action\.ya?ml$|\.env(?:$|[.-])|\.envrc$|bitbucket-pipelines|azure-pipelines|jenkinsfile|cloudbuild|appveyor|docker-compose|compose[\w.-]*\.ya?ml$|dockerfile|containerfile|procfile|app\.json$|vercel\.json$|fly\.toml$|render\.ya?ml$|serverless\.ya?ml$|values[\w.-]*\.ya?ml$)|gitlab-ci[\w.-]*\.ya?ml$|\.env$|dockerfile$/i;
const cluster = /^apiVersion:[ \t]/m;

function isDeployment({ file, text, language }: Page): boolean {
  return deployment.test(file) || (language.name === 'yaml' && cluster.test(text.slice(0, 20_000)));
}

function namesOf(page: Page, { v1, hasV2 }: Speaking): readonly Sighting[] {
  const isSaid = v1.length > 0 || (isDeployment(page) && !hasV2 && !bureau.test(page.text));
  if (!isSaid) return [];
  const found = [...page.text.matchAll(name)];
  const isOther = ofOthers(page, found);
  return found
    .filter((match) => !personal.test(match[0]) && isLive(page, match.index) && !isOther(match))
    .map(({ 0: one, index: offset }) => ({
      offset,
      code: 'workspace-key',
      message: /[_-]ID$/i.test(one)
        ? `${one} names a workspace, and v2 knows groups and no workspaces.`
        : `${one} holds a workspace key by its name, and v2 does not take workspace keys.`,
      replacement: /[_-]ID$/i.test(one) ? 'Nothing on v2: read `group_id` of sources and activations.' : token,
    }));
}

/** Whether a name holds the key of the Bureau here: a call of that has it, and wherever else it stands no call of ours does. */
function ofOthers(page: Page, found: readonly RegExpExecArray[]): (match: RegExpExecArray) => boolean {
  const at = new Map(found.map((match) => [match, statementAt(page, match.index)] as const));
  const theirs = new Set<string>();
  const ours = new Set<string>();
  for (const [[one], text] of at) {
    if (/census\.gov/i.test(text)) theirs.add(one);
    else if (/getcensus/i.test(text) || text.search(header) >= 0) ours.add(one);
  }
  return (match) => {
    const [one] = match;
    return theirs.has(one) && (!ours.has(one) || /census\.gov/i.test(at.get(match) ?? ''));
  };
}

/** The line of an offset, with those that it goes on from. */
function statementAt(page: Page, offset: number): string {
  let start = startOfLine(page, offset);
  for (let tries = 0; tries < 5 && /\\\r?\n$/.test(page.text.slice(Math.max(0, start - 3), start)); tries++)
    start = startOfLine(page, start - 1);
  return page.text.slice(start, lineEnd(page.text, offset, Math.min(page.text.length, offset + 240)));
}

const header =
  /(?<![\w-])["'`]?(?:proxy-)?authorization["'`]?\s{0,5}(?:[:=,]|=>|\])|\bauth\s{0,3}=\s{0,3}\(\s{0,5}["']bearer["']|(?:-u|--user)[ =]{1,3}["']?bearer:|\.bearer_?auth\(|\bsetBearerAuth\(|\bauth:[ \t]{0,5}bearer\b/gi;

/** How far from a call of v1 a header still belongs to it, where the file calls others too. */
const near = 600;

function isNear(calls: readonly number[], offset: number): boolean {
  const before = lastUpTo(calls, offset);
  return [calls[before], calls[before + 1]].some((call) => call !== undefined && Math.abs(call - offset) <= near);
}

function headers(page: Page, { v1, hasOthers, hasV2 }: Speaking): readonly Sighting[] {
  if (v1.length === 0) return [];
  const isOurs = (offset: number) => (!hasOthers && !hasV2) || isNear(v1, offset);
  const found: Sighting[] = [];
  for (const { 0: whole, index: offset } of page.text.matchAll(header)) {
    const value = page.text.slice(offset + whole.length, offset + whole.length + 120).split(/[\r\n]/)[0] ?? '';
    if (!isLive(page, offset) || !isOurs(offset) || /(?:^|[^a-z])(?:pat|personal)(?:[^a-z]|$)/i.test(value)) continue;
    found.push({
      offset: offset + (/^["'`]/.test(whole) ? 1 : 0),
      code: 'workspace-key',
      message: 'This signs calls of API v1, most of which take a workspace key; v2 takes none.',
      replacement: token,
    });
  }
  return found;
}
