import type { About, Endpoint } from '../model/about.ts';
import {
  type Hiding,
  hiddenTexts,
  hiddenValue,
  type Placed,
  secretsIn,
  shownSpec,
  shownValue,
  withoutSecrets,
} from '../model/hidden.ts';
import type { Blocked, Change, FieldChange } from '../model/plan.ts';

/** What can be hidden of a change, and of what is blocked. */
type Parts = Pick<Change, 'fields' | 'desired'> & Hiding;

/** The change as reports show it: `(hidden)` in the place of each value that its manifest or its record hides. */
export function shownChange(change: Change): Change {
  if (change.hide === undefined) return change;
  const { validation, fields, desired, about } = change;
  return {
    ...change,
    fields: shownFields(fields, change),
    about: shownAbout(about, change),
    validation: validation && { ...validation, message: withoutSecrets(validation.message, secretsOf(change)) },
    // Nothing hides a whole spec, so what an action must have stays there.
    desired: desired && shownSpec(desired, change),
  } as Change;
}

/** What is blocked, likewise. */
export function shownBlocked(blocked: Blocked): Blocked {
  if (blocked.hide === undefined) return blocked;
  const parts = { ...blocked, desired: null };
  const { hint, fields } = blocked;
  return {
    ...blocked,
    hint: withoutSecrets(hint, secretsOf(parts)),
    fields: shownFields(fields, blocked),
  };
}

/** Fields, likewise. What an id is called goes with it. */
export function shownFields(fields: readonly FieldChange[], hidden: Hiding): readonly FieldChange[] {
  return fields.map((field) => {
    const { path, names: _, ...rest } = field;
    const [from, to] = [shownValue(path, field.from, hidden), shownValue(path, field.to, hidden)];
    return from === field.from && to === field.to ? field : { ...rest, path, from, to };
  });
}

/** What a thing is, without the words that say what is hidden. */
function shownAbout(about: About | null, parts: Parts): About | null {
  if (about === null) return null;
  const secret = new Set(hiddenTexts(placed(parts), parts));
  const secrets = secretsOf(parts);
  const word = (text: string | null) =>
    text === null ? null : secret.has(text) ? hiddenValue : withoutSecrets(text, secrets);
  const end = (one: Endpoint | null): Endpoint | null => {
    if (one === null) return null;
    // Whoever knows the name of a thing knows which one it is.
    const isSecret = one.id !== null && secret.has(one.id);
    const name = isSecret ? hiddenValue : word(one.name);
    return { ...one, id: isSecret ? null : one.id, name, object: word(one.object) };
  };
  const { source, destination, operation, schedule } = about;
  return { source: end(source), destination: end(destination), operation: word(operation), schedule: word(schedule) };
}

/** The texts by which a sentence about a change could tell what is hidden, such as a service that repeats what it was sent. */
export function secretsOf(parts: Parts): readonly string[] {
  return parts.hide === undefined ? [] : secretsIn(placed(parts), parts);
}

function placed({ fields, desired }: Parts): readonly Placed[] {
  const values = fields.flatMap(({ path, from, to }): Placed[] => [
    [path, from],
    [path, to],
  ]);
  return desired === null ? values : [['', desired], ...values];
}
