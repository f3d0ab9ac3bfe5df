import type { Sighting } from '../../../model/scan.ts';
import { isLive, type Page } from './page.ts';

const replacement =
  'Nothing on v2 yet: call POST /api/v2/syncs/ID/trigger with a personal access token, or look for a newer version of the package.';

interface Tool {
  readonly code: string;
  readonly name: string;
  /** The package, by any spelling that installers take, and the module. */
  readonly module: RegExp;
  /** What it has under names of its own, where the file has the module. */
  readonly parts: RegExp;
}

const before = String.raw`(?<![\w./@-]|\\)`;
const behind = String.raw`(?![\w-]|\/|\.(?:whl|tar|zip|git|py))`;
const packaged = (name: string) =>
  new RegExp(String.raw`(?:${before}|(?<=sutrolabs\/))${name}(?:${behind}|(?=\.git\b))`, 'gi');

const tools: readonly Tool[] = [
  {
    code: 'airflow',
    name: "The vendor's Airflow provider",
    module: packaged(
      String.raw`(?:airflow[-_.]provider[-_.]census|airflow\.providers\.census|apache-airflow-providers-census)`,
    ),
    parts: /(?<![\w.])Census(?:Operator|Hook|Sensor|TriggerSyncOperator|SyncSensor|Trigger)\s{0,5}\(/g,
  },
  {
    code: 'dagster',
    name: "Dagster's package for Census",
    module: packaged('dagster[-_.]census'),
    parts:
      /(?<![\w.])(?:CensusResource|CensusComponent|census_resource\.configured|census_trigger_sync_op(?:\.\w{1,40})?)\s{0,5}\(/g,
  },
  {
    code: 'prefect',
    name: "Prefect's collection for Census",
    module: packaged('prefect[-_.]census'),
    parts:
      /(?<![\w.])(?:CensusCredentials(?:\.load)?|CensusSync(?:\.load)?|CensusSyncRun|CensusClient|trigger_census_sync_run\w{0,40}|get_census_sync_run\w{0,40}|run_census_sync\w{0,40})\s{0,5}\(/g,
  },
];

const connection =
  /\bconn[-_]?(?:ection_)?type["']?\s{0,5}[=:\s]\s{0,5}["']?census(?![\w-])|\bAIRFLOW_CONN_[A-Z\d_]{0,40}CENSUS[A-Z\d_]{0,40}|\bcensus_conn_id\b(?=["']?\s{0,5}[=:])|(?<=["'=\s])census:\/\/(?=[^\s"'])/g;

/** What orchestrators use to reach the service; each of these packages still speaks API v1. */
export function orchestratorsIn(page: Page): readonly Sighting[] {
  const live = ({ index }: RegExpExecArray) => isLive(page, index);
  const found: Sighting[] = [];
  for (const { code, name, module, parts } of tools) {
    const named = isRecord(page) ? [] : [...page.text.matchAll(module)].filter(live);
    const used = named.length > 0 ? [...page.text.matchAll(parts)].filter(live) : [];
    for (const { index: offset } of [...named, ...used])
      found.push({ offset, code, message: `${name} speaks API v1.`, replacement });
  }
  const message =
    "A connection of Airflow's provider for Census holds a workspace key, and the provider speaks API v1.";
  for (const match of page.text.matchAll(connection))
    if (live(match)) found.push({ offset: match.index, code: 'airflow', message, replacement });
  return found;
}

/** Names there are those of files, and not of what is installed. */
function isRecord({ file }: Page): boolean {
  return /(?:^|\/)RECORD$|\.sum$/.test(file);
}
