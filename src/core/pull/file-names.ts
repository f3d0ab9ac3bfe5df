/** Where new manifests lie: in a folder for each destination or source, or all in one. */
export type Layout = 'destination' | 'source' | 'flat';

/** The longest name that a manifest may have. */
const longest = 100;

/** A text as a name: in lower case, with a hyphen for everything that is no letter or digit; empty where nothing is left. */
export function slug(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return plain.slice(0, longest).replace(/^-+|-+$/g, '');
}

/** A name that is not taken yet: that of the label, with the id where it is taken, the noun and the id where there is no label. */
export function freeName(
  label: string | undefined,
  noun: string,
  id: string,
  isTaken: (name: string) => boolean,
): string {
  const suffix = slug(id);
  const own = slug(label ?? '');
  const wanted = own === '' ? `${noun}-${suffix}` : own;
  if (!isTaken(wanted)) return wanted;
  const base = wanted.slice(0, longest - suffix.length - 4).replace(/-+$/, '');
  for (let count = 1; ; count++) {
    const name = `${base}-${suffix}${count === 1 ? '' : `-${count}`}`;
    if (!isTaken(name)) return name;
  }
}

/** The folder that every file of a glob lies below, with `/` at its end; empty for the project's own. */
function fixedPrefix(glob: string): string {
  const folders: string[] = [];
  for (const name of glob.split('/').slice(0, -1)) {
    if (/[*?[\]{}!]/.test(name)) break;
    if (name !== '' && name !== '.') folders.push(name);
  }
  return folders.map((name) => `${name}/`).join('');
}

/** How the file of a manifest may be called below a glob; those that come first are better. */
export function fileCandidates(glob: string, folder: string | undefined, name: string): readonly string[] {
  const prefix = fixedPrefix(glob);
  const ending = /\.(ya?ml|json)$/i.exec(glob)?.[0].toLowerCase() === '.yml' ? '.yml' : '.yaml';
  const flat = `${prefix}${name}${ending}`;
  return folder === undefined || folder === '' ? [flat] : [`${prefix}${folder}/${name}${ending}`, flat];
}

/** Where new manifests lie if nobody says: by destination, where the glob reaches into folders below its own. */
export function usualLayout(glob: string): Layout {
  return glob.includes('**') ? 'destination' : 'flat';
}
