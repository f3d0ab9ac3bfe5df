import type { Sighting } from '../../../model/scan.ts';
import { isLive, type Page } from './page.ts';

const own = /(?<![\w-])sutrolabs\/(?:terraform-provider-)?census(?![\w-])/gi;
const kinds =
  'sync|dataset|source|destination|workspace|source_type|destination_type|connector|model|segment|webhook|workspace_api_key';
const block = new RegExp(
  String.raw`(?<![\w.-])(resource|data|ephemeral)[ \t]{1,20}"census_(${kinds}|[a-z_]{1,40})"[ \t]{1,20}"([\w-]{1,100})"`,
  'g',
);
const settings = /(?<![\w.-])provider[ \t]{1,20}"census"[ \t]{0,20}\{/g;
const reference = /(?<![\w.-])(data\.)?census_(sync|dataset|source|destination|workspace)\.([\w-]{1,100})/g;
const json = /"census_(sync|dataset|source|destination|workspace)"\s{0,20}:\s{0,20}\{\s{0,200}"([\w-]{1,100})"/g;
const state =
  /"type"\s{0,5}:\s{0,5}"census_(sync|dataset|source|destination|workspace)"(?:,\s{0,100}"name"\s{0,5}:\s{0,5}"([\w-]{1,100})")?/g;

/** What the vendor's Terraform provider does, which still speaks API v1. */
export function terraformIn(page: Page): readonly Sighting[] {
  const { file, text, language } = page;
  const live = (match: RegExpExecArray) => isLive(page, match.index);
  const named = isSumFile(file) ? [] : [...text.matchAll(own)].filter(live);
  // A state names the provider at each resource.
  const told = language.name === 'json' ? named.slice(0, 1) : named;
  const found = told.map(({ index }) => provider(page, index));
  if (language.name === 'hcl') found.push(...inCode(page, named.length > 0));
  else if (language.name === 'json' && (named.length > 0 || /\.tf\.json$/i.test(file))) {
    for (const { 1: kind = '', 2: name = '', index } of text.matchAll(json))
      found.push(resource(index + 1, `census_${kind}.${name}`, kind));
    for (const { 1: kind = '', 2: name, index } of text.matchAll(state))
      found.push(resource(index, name === undefined ? `census_${kind}` : `census_${kind}.${name}`, kind));
  }
  return found;
}

/** Sums name what was fetched once, and nothing in them is to be changed by hand. */
function isSumFile(file: string): boolean {
  return /(?:^|\/)go\.(?:work\.)?sum$/.test(file);
}

/** Blocks, and what refers to blocks of other files. */
function inCode(page: Page, isOurs: boolean): readonly Sighting[] {
  const { text } = page;
  if (!isOurs && foreign(text)) return [];
  const found: Sighting[] = [];
  const known = new Set<string>();
  for (const { 1: sort, 2: kind = '', 3: name = '', index } of text.matchAll(block)) {
    if (!isLive(page, index) || !(isOurs || kinds.split('|').includes(kind))) continue;
    const address = `${sort === 'resource' ? '' : `${sort}.`}census_${kind}.${name}`;
    known.add(address);
    found.push(resource(index, address, kind));
  }
  for (const { index } of text.matchAll(settings)) if (isLive(page, index)) found.push(provider(page, index));
  for (const { 0: address, 2: kind = '', index } of text.matchAll(reference)) {
    if (!isLive(page, index) || page.regions[index] !== 0 || known.has(address)) continue;
    known.add(address);
    found.push(resource(index, address, kind));
  }
  return found;
}

/** Does the file take a provider of that name from somebody else? */
function foreign(text: string): boolean {
  return /\bcensus\s{0,20}=\s{0,20}\{[^{}]{0,200}?source\s{0,20}=\s{0,20}"(?!(?:[\w.-]+\/)?sutrolabs\/)/.test(text);
}

function provider({ file }: Page, offset: number): Sighting {
  const message = "The vendor's Terraform provider speaks API v1.";
  const replacement = /\.lock\.hcl$/.test(file)
    ? '`terraform init` writes this file again once nothing uses the provider.'
    : 'Nothing on v2 yet for sources and destinations; `syncline import terraform` takes over syncs and datasets.';
  return { offset, code: 'terraform-provider', message, replacement };
}

const instead: Readonly<Record<string, string>> = {
  sync: '`syncline import terraform` writes a manifest for it and lets Terraform go.',
  dataset: '`syncline import terraform` writes a manifest for it and lets Terraform go.',
  destination: 'Nothing yet: v2 has activations, and the provider does not know them.',
  workspace: 'Nothing: v2 knows groups and no workspaces.',
  workspace_api_key: 'Nothing: v2 takes personal access tokens only.',
};

function resource(offset: number, address: string, kind: string): Sighting {
  const message = `${address} is managed over API v1.`;
  const replacement = instead[kind] ?? "Nothing yet: v2 has it, and the provider's resource still speaks v1.";
  return { offset, code: 'terraform-resource', message, replacement };
}
