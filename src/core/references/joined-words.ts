import type { Problem } from '../../model/diagnostic.ts';
import { type Json, type Pointer, type Spec, tokens, valueAt } from '../../model/json.ts';
import type { NamedThing } from '../../model/live.ts';
import type { Joint, Reference } from '../../model/traits.ts';
import { grouped } from '../grouped.ts';
import { spelt } from '../look-alike.ts';
import { idText } from '../spec/immutable.ts';
import { closest, nearest } from '../suggest.ts';

/** Where something is looked up. */
export interface Scene {
  readonly spec: Spec;
  /** What there is: in all, or for the parent that the spec has. */
  readonly things: readonly NamedThing[];
  /** The name that the manifest gave for the id at this place; undefined where it gave none. */
  readonly nameOf: (into: Pointer) => string | undefined;
}

/** Neither an id nor a name of anything. */
export function unknown(ref: Reference, said: string, { spec, things }: Scene): Problem {
  const isName = valueAt(spec, ref.path) !== undefined;
  const path = isName ? ref.path : ref.into;
  const message = `Nothing among the ${ref.collection} has the ${isName ? 'id or the name' : 'id'} "${spelt(said)}".`;
  return { ...error(path), code: 'unknown-name', message, hint: candidates(said, things) };
}

/** A name of several. */
export function ambiguous(ref: Reference, name: string, found: readonly NamedThing[]): Problem {
  const message = `"${spelt(name)}" is the name of ${found.length} ${ref.collection}: ${found.map(facts).join(', ')}.`;
  return { ...error(ref.path), code: 'ambiguous-name', message, hint: writeId(lastOf(ref.path), found) };
}

/** Something that joins other things than those which the spec has. `at`: where the spec has another one. */
export function mismatched(ref: Reference, thing: NamedThing, at: Pointer, { spec, nameOf }: Scene): Problem {
  const path = valueAt(spec, ref.path) === undefined ? ref.into : ref.path;
  const own = shown(valueAt(spec, at), nameOf(at));
  const message = `The ${nounOf(ref)} ${called(thing)} has ${fieldAt(at)} ${shown(thing.sets?.[at], undefined)}, and this manifest has ${own}.`;
  return { ...error(path), code: ref.joint?.mismatch.code ?? 'unknown-name', message, hint: sayTheSame(ref.path) };
}

/** A name beside what has said the thing already, and that is called otherwise. */
export function misnamed(ref: Reference, joint: Joint, name: string, thing: NamedThing | undefined): Problem {
  const what = thing === undefined ? `The ${joint.noun}` : `The ${joint.noun} ${called(thing)}`;
  const message = `${what} of this manifest does not have the name "${spelt(name)}", which stands here.`;
  return { ...error(ref.path), code: joint.mismatch.code, message, hint: sayTheSame(joint.path) };
}

/** A thing that nothing joins to its parent. */
export function unjoined(ref: Reference, joint: Joint, { spec, things, nameOf }: Scene): Problem {
  const parent = ref.within ?? '';
  const [name, id] = [valueAt(spec, ref.path), valueAt(spec, ref.into)];
  const [source, goal] = joint.ends;
  const from = shown(valueAt(spec, parent), nameOf(parent));
  const to = typeof name === 'string' ? `"${spelt(name)}"` : shown(id, undefined);
  const message = `There is no ${joint.noun} from the ${source} ${from} to the ${goal} ${to}.`;
  const known =
    things.length === 0
      ? `That ${source} has none at all.`
      : `${candidates(typeof name === 'string' ? name : String(id), things)} ${alsoSay(lastOf(joint.path))}`;
  const path = typeof name === 'string' ? ref.path : ref.into;
  return { ...error(path), code: joint.missing.code, message, hint: `${known} ${joint.missing.way}` };
}

/** A thing that is joined to its parent more than once, or of whose name its parent is joined to several. */
export function doubled(ref: Reference, joint: Joint, found: readonly NamedThing[]): Problem {
  const names = new Set(found.map((one) => one.name));
  const which = names.size === 1 ? ` named "${spelt(found[0]?.name ?? '')}"` : '';
  const message = `That ${joint.ends[0]} has ${found.length} ${joint.noun}s${which}: ${found.map(facts).join(', ')}.`;
  return { ...error(ref.path), code: 'ambiguous-name', message, hint: writeId(lastOf(joint.path), found) };
}

function writeId(key: string, found: readonly NamedThing[]): string {
  return `Write the id of the one that is meant, as in \`${key}: ${found[0] === undefined ? 'ID' : ownId(found[0])}\`.`;
}

function alsoSay(key: string): string {
  return `If one of these is meant under another name or id, add its id: \`${key}: ID\`.`;
}

function sayTheSame(path: Pointer): string {
  return `Let both say the same, or leave one out: \`${lastOf(path)}\` says the connections by itself.`;
}

/** Names with ids, what comes closest first. */
function candidates(said: string, things: readonly NamedThing[]): string {
  if (things.length === 0) return 'There is nothing there that this token can see; check the target.';
  const byName = grouped(things, (one) => one.name);
  const byId = grouped(things, ownId);
  const best = closest(said, [...byName.keys(), ...byId.keys()]);
  const meant = byName.get(best ?? '') ?? byId.get(best ?? '') ?? [];
  if (meant.length > 0) return `Did you mean ${meant.slice(0, most).map(told).join(' or ')}?`;
  const near = nearest(said, [...byName.keys()]).flatMap((name) => byName.get(name) ?? []);
  const more = things.length > most ? ` and ${things.length - most} more` : '';
  return `There is ${near.slice(0, most).map(told).join(', ')}${more}.`;
}

const most = 8;

/** Its name, and its id behind it. */
function called(thing: NamedThing): string {
  return `"${spelt(thing.name)}" (${ownId(thing)})`;
}

/** The same, with its parent where it may have any. */
function told(thing: NamedThing): string {
  const parent = parentOf(thing);
  return parent === undefined ? called(thing) : `"${spelt(thing.name)}" (${ownId(thing)}, ${parent})`;
}

/** What tells one from another that bears its name. */
function facts(thing: NamedThing): string {
  const since = thing.created === undefined ? undefined : `since ${thing.created.slice(0, 10)}`;
  const known = [parentOf(thing), goalOf(thing), thing.type, since].filter((one) => one !== undefined);
  return known.length === 0 ? ownId(thing) : `${ownId(thing)} (${known.join(', ')})`;
}

/** `from "Snowflake Prod"`; undefined where a parent was given, so that all there is comes from that one. */
function parentOf({ sets, from }: NamedThing): string | undefined {
  const [id] = Object.values(sets ?? {});
  if (id === undefined) return undefined;
  return `from ${from === undefined ? idText(id) : `"${spelt(from)}"`}`;
}

/** `to 601`: what it leads to. */
function goalOf({ id, via, sets }: NamedThing): string | undefined {
  const goal = via === undefined ? Object.values(sets ?? {}).at(-1) : id;
  return goal === undefined ? undefined : `to ${idText(goal)}`;
}

/** The id by which a manifest says it. */
function ownId({ id, via }: NamedThing): string {
  return via ?? idText(id);
}

function shown(id: Json | undefined, name: string | undefined): string {
  const text = id === undefined || id === null ? 'none' : idText(id);
  return name === undefined ? text : `"${spelt(name)}" (${text})`;
}

/** A pointer as people write it: `source_attributes.connection_id`. */
function fieldAt(path: Pointer): string {
  return tokens(path).join('.');
}

function lastOf(path: Pointer): string {
  return tokens(path).at(-1) ?? '';
}

function nounOf(ref: Reference): string {
  return ref.joint?.noun ?? lastOf(ref.path);
}

function error(path: Pointer) {
  return { severity: 'error', path: `/spec${path}`, at: 'value' } as const;
}
