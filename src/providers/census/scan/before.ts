import { type Page, startOfLine } from './page.ts';

/** What stands before a path that has no host: what it is put behind. */
export type Before =
  | { readonly is: 'host' | 'route' | 'nothing' | 'elsewhere' }
  | { readonly is: 'name'; readonly name: string };

const route =
  /(?:(?:@|\b)(?:app|server|fastify|blueprint|bp|mux|\w*router)\.(?:get|post|put|patch|delete|route|all|use|group|handle\w*)|\b[er]\.(?:GET|POST|PUT|PATCH|DELETE|Group|Route)|\b(?:HandleFunc|Handle|add_url_rule|add_route|Controller|Route)|@\w{0,20}Mapping|(?:^|[\s,[(])(?:re_)?path)\(\s{0,10}[frbu]?["'`]$/;
const mounted =
  /\b(?:prefix|route|base_?path|root_?path|mount|location|pathPrefix)\b["']?\s{0,5}[=:(]?\s{0,5}["'`(]{0,2}$|^\s{0,20}(?:get|post|put|patch|delete|resources|namespace|scope|mount)\s{1,5}["'`]$/;
/** Who is given a path alone here sends to the page's own server. */
const local = /(?:\bfetch|\buseSWR|\buseQuery|\$\.\w{1,20}|\$http\.\w{1,20})\(\s{0,10}["'`]$/;
const inside = /(?:\$\{|#\{|\{\{|\{|\$\()\s{0,5}([\w.$[\]"'()-]{1,100})[^{}]{0,60}\}{1,2}$|\$\(([\w.]{1,80})\)$/;
const joint = /["'\])]{0,3}\s{0,10}(?:\+|\.\.|\.|,|&|<>|~)\s{0,10}[frbuL$@]{0,2}["'`]$/;
/** A name with its dots, brackets and quotes. */
const expressionAtEnd = /[\w$.)\]"']{1,60}$/;
const received = /\b([\w$]{1,60})\.\w{1,30}\(\s{0,10}[frbu]?["'`]$/;

/** What a path is put behind that stands at an offset. */
export function beforeOf(page: Page, offset: number): Before {
  const start = Math.max(startOfLine(page, offset), offset - 200);
  // A path that follows a bare name starts behind its slash.
  const lead = page.text.slice(start, offset).replace(/\\{0,2}\/$/, '');
  const end = lead.slice(-80);
  const [, address] = /https?:[\\/]{2,6}([^\s"'`<>]{0,190})$/i.exec(lead) ?? [];
  if (address !== undefined && !/[{$%]/.test(address.split('/')[0] ?? '')) return { is: 'host' };
  // What only an argument can be is looked for only there.
  const isArgument = /\(\s{0,10}[frbu]?["'`]$/.test(lead.slice(-16));
  if ((isArgument && route.test(end)) || (/["'`=:(\s]$/.test(end) && mounted.test(end))) return { is: 'route' };
  if (isArgument && local.test(end)) return { is: 'elsewhere' };
  const name = nameIn(end, isArgument);
  if (name !== undefined) return { is: 'name', name };
  return { is: /[\w.~-]$/.test(end) && !end.endsWith('%s') ? 'elsewhere' : 'nothing' };
}

/** The name that a path is put behind. */
function nameIn(lead: string, isArgument: boolean): string | undefined {
  const found = /[})%]$/.test(lead) ? inside.exec(lead) : null;
  const [, dollar] = /\$\{?([A-Za-z_]\w{0,80})\}?$/.exec(lead) ?? [];
  const short = lead.slice(-20);
  const join = joint.exec(short);
  const before =
    join === null ? undefined : expressionAtEnd.exec(lead.slice(0, lead.length - short.length + join.index))?.[0];
  const receiver = isArgument ? received.exec(lead)?.[1] : undefined;
  const name = dollar ?? found?.[1] ?? found?.[2] ?? found?.[3] ?? before ?? receiver;
  // A text in quotes is no name.
  return name === undefined || /^["']/.test(name) ? undefined : lastPart(name);
}

/** `base_url` of `self.config["base_url"]`; undefined where there is no name. */
function lastPart(expression: string): string | undefined {
  return /([A-Za-z_][\w$-]*)\W*$/.exec(expression)?.[1];
}

const general = new Set(
  'base url uri host hostname api endpoint root server domain origin site prefix self this settings config conf client env default path http https session request requests req axios fetch instance agent address service rest web app get post patch put delete fmt sprintf format string build make call send join new concat str href link location us eu region target remote upstream cfg options opts props params hook operator conn connection faraday resty fetcher svc net cl ctx context helper util utils lib urls hosts constants const globals vars values secrets getenv environ process main super data sync syncs'.split(
    ' ',
  ),
);

/** Does a name say nothing of whose address it holds? */
export function isGeneral(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_\W]+/);
  return words.every((word) => word === '' || /^.$/.test(word) || general.has(word));
}
