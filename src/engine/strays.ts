import { declaredIn } from '../load/declared.ts';
import type { Address } from '../model/address.ts';
import type { Ledger } from '../model/ledger.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Note } from '../model/plan.ts';
import type { Project } from '../model/project.ts';
import { filesOf } from './validate/files.ts';

/**
 * A note for each address that is in the ledger, that no manifest declares, and that a file declares which no glob matches: whoever
 * renames a file to another ending, or moves it to a folder that no glob reaches, did not mean to delete its sync. Files are looked for,
 * in every folder of the project, only where an address is missing.
 */
export function strayNotes(project: Project, manifests: readonly Manifest[], ledger: Ledger | null): Note[] {
  const declared = new Set(manifests.map((one) => one.address));
  const missing = Object.keys(ledger?.syncs ?? {}).filter((address) => !declared.has(address));
  if (missing.length === 0) return [];
  const places = strayAddresses(project, new Set(missing.map((address) => address.slice(0, address.indexOf('/')))));
  return missing.flatMap((address) => {
    const file = places.get(address);
    if (file === undefined) return [];
    const message = `${file} declares it, and no glob of \`manifests\` matches that file: add one, or move the file.`;
    return [{ address, code: 'unmatched-file', message }];
  });
}

function strayAddresses(project: Project, kinds: ReadonlySet<string>): ReadonlyMap<Address, string> {
  const places = new Map<Address, string>();
  for (const file of filesOf(project, undefined, 'project').strays) {
    for (const address of declaredIn(project.root, file, kinds)) if (!places.has(address)) places.set(address, file);
  }
  return places;
}
