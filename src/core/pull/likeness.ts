import { type Address, nameOf } from '../../model/address.ts';
import { type Spec, tokens } from '../../model/json.ts';
import type { Live, RemoteId } from '../../model/live.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { FieldChange } from '../../model/plan.ts';
import type { TraitsOf } from '../../model/traits.ts';
import { type DeclaredIndex, namedManifests, withReferents } from '../references/declared.ts';
import { idValue, placeholder } from '../references/fill.ts';
import { slug } from './file-names.ts';

/** What unbound manifests without a label are told apart by. */
export interface Unlabelled {
  readonly traitsOf: TraitsOf;
  readonly manifests: readonly Manifest[];
  /** Live things that nothing is bound to and that no label claims. */
  readonly free: readonly Live[];
  readonly declared: DeclaredIndex;
  /** What of a live thing is not as a manifest says; its spec has ids by now. */
  readonly compare: (manifest: Manifest, spec: Spec, live: Spec) => readonly FieldChange[];
  /** What addresses are bound to, but for these manifests. */
  readonly idOf: (address: Address) => RemoteId | undefined;
}

/** What such manifests stand for. */
export interface Likeness {
  /** Where it is certain. */
  readonly certain: ReadonlyMap<Address, Live>;
  /** The things that each of the others may stand for; only where there are any. */
  readonly doubtful: ReadonlyMap<Address, readonly Live[]>;
}

/** What is known of a manifest. */
interface Suitor {
  readonly manifest: Manifest;
  /** Things that are as it says; undefined while it names what is bound to nothing. */
  fits: ReadonlySet<Live> | undefined;
  /** Things that it may stand for: of these, those that its name ends with the id of, and those that are so far as it says. */
  mayMean: ReadonlySet<Live>;
}

/**
 * The things that unbound manifests without a label stand for. It is certain where a manifest shows no difference to one thing alone,
 * and that thing to no other such manifest. Of several, the name of the manifest decides, where it ends with the id.
 */
export function likenessOf(unlabelled: Unlabelled): Likeness {
  const certain = new Map<Address, Live>();
  const free = new Set(unlabelled.free);
  let open = unlabelled.manifests.map((manifest) => suitorOf(unlabelled, manifest, certain));
  for (;;) {
    const found = open.find((one) => match(one, open, free) !== undefined);
    const live = found === undefined ? undefined : match(found, open, free);
    if (found === undefined || live === undefined) break;
    certain.set(found.manifest.address, live);
    free.delete(live);
    open = open
      .filter((one) => one !== found)
      .map((one) => (one.fits === undefined ? suitorOf(unlabelled, one.manifest, certain) : one));
  }
  const doubtful = open.flatMap(({ manifest, mayMean }) => {
    const left = [...mayMean].filter((one) => free.has(one));
    return left.length === 0 ? [] : [[manifest.address, left] as const];
  });
  return { certain, doubtful: new Map(doubtful) };
}

/** The thing that a manifest surely stands for. */
function match(one: Suitor, open: readonly Suitor[], free: ReadonlySet<Live>): Live | undefined {
  const fitting = [...(one.fits ?? [])].filter((live) => free.has(live));
  const named = [...one.mayMean].filter((live) => free.has(live) && isNamedFor(one.manifest, live));
  const [live] = fitting.length === 1 ? fitting : fitting.filter((other) => named.includes(other));
  if (live === undefined || named.some((other) => other !== live)) return undefined;
  const rivals = open.filter((other) => other !== one && other.mayMean.has(live));
  const isSure =
    rivals.length === 0 || (named.includes(live) && !rivals.some((rival) => isNamedFor(rival.manifest, live)));
  return isSure ? live : undefined;
}

function suitorOf(unlabelled: Unlabelled, manifest: Manifest, certain: ReadonlyMap<Address, Live>): Suitor {
  const { traitsOf, declared, free, compare } = unlabelled;
  const traits = traitsOf(manifest.kind);
  const idOf = (address: Address) => certain.get(address)?.id ?? unlabelled.idOf(address);
  const unknown = namedManifests(traits, manifest.spec, declared).filter(({ address }) => idOf(address) === undefined);
  const spec =
    withReferents(traits, manifest.spec, declared, ({ reference, address }) => {
      const id = idOf(address);
      return id === undefined ? placeholder(address) : idValue(reference, id);
    }) ?? manifest.spec;
  const own = free.filter(({ kind }) => kind === manifest.kind);
  // Which thing is meant by a name that is bound to nothing nobody knows: the field that holds it tells nothing apart.
  const fits = own.filter((live) =>
    compare(manifest, spec, live.spec).every(({ path }) =>
      unknown.some(({ reference }) => tokens(reference.into)[0] === tokens(path)[0]),
    ),
  );
  const named = own.filter((live) => isNamedFor(manifest, live));
  return { manifest, fits: unknown.length > 0 ? undefined : new Set(fits), mayMean: new Set([...fits, ...named]) };
}

function isNamedFor({ kind, address }: Manifest, live: Live): boolean {
  return kind === live.kind && nameOf(address).endsWith(`-${slug(live.id)}`);
}
