import type { Release } from '../../../../model/import.ts';
import type { StateResource } from './state.ts';

/**
 * How Terraform lets go of what is managed here without destroying it. A `removed` block names a resource without instance keys and so
 * means all of its instances: it is written only where all of them have come over.
 */
export function releaseOf(resources: readonly StateResource[], places: ReadonlySet<string>): Release {
  const groups = new Map<string, StateResource[]>();
  for (const one of resources) {
    const group = groups.get(one.whole);
    if (group === undefined) groups.set(one.whole, [one]);
    else group.push(one);
  }
  const entries = [...groups].map(([whole, all]) => ({
    whole,
    all,
    taken: all.filter(({ address }) => places.has(address)),
  }));
  const complete = entries.filter(({ all, taken }) => taken.length === all.length);
  const partial = entries.filter(({ all, taken }) => taken.length > 0 && taken.length < all.length);
  const text = complete
    .map(({ whole }) => `removed {\n  from = ${whole}\n  lifecycle {\n    destroy = false\n  }\n}\n`)
    .join('\n');
  return { text, advice: [...whenComplete(complete), ...partial.map(whenPartial)] };
}

function whenComplete(complete: readonly { readonly whole: string }[]): string[] {
  if (complete.length === 0) return [];
  const older = complete.map(({ whole }) => shellWord(whole)).join(' ');
  return [
    'To make Terraform (1.7 or newer) let go without destroying anything, put these blocks into the root module, remove the `resource` blocks that they name, and run `terraform apply`.',
    `With an older Terraform remove the \`resource\` blocks and run: terraform state rm ${older}`,
  ];
}

function whenPartial({ whole, taken }: { readonly whole: string; readonly taken: readonly StateResource[] }): string {
  const instances = taken.map(({ address }) => shellWord(address)).join(' ');
  return `Not every instance of ${whole} is managed here, and a \`removed\` block would let go of all of them: take those that are out of its \`count\` or \`for_each\`, and run first: terraform state rm ${instances}`;
}

function shellWord(text: string): string {
  return /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
