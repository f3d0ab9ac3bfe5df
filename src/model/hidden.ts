import { isList, isObject, type Json, type Pointer, type Spec, tokens } from './json.ts';

/** Stands in a report for a value that `lifecycle.hide` keeps out of it. */
export const hiddenValue = '(hidden)';

/** Pointers whose values no report shows; the key is absent where there are none. */
export interface Hiding {
  readonly hide?: readonly Pointer[];
}

/** `lifecycle.hide` as it may be written in a file, also in one that is broken. */
const written = /(?:^|[\s{,"'])hide["']?\s*:/m;

/** May the text of a file hide values? Then it is not quoted, for where they stand in it nobody has to know. */
export function mayHide(text: string): boolean {
  return written.test(text);
}

/** What all of these hide together. */
export function hiding(...all: readonly (Hiding | null | undefined)[]): Hiding {
  const hide = [...new Set(all.flatMap((one) => one?.hide ?? []))];
  return hide.length === 0 ? {} : { hide };
}

/** What a report shows of the value at `path`: the value, without what is hidden of it. What is not set is no secret. */
export function shownValue(path: Pointer, value: Json, { hide = [] }: Hiding): Json {
  return hide.reduce((shown, pointer) => replaced(shown, path, pointer, () => hiddenValue), value);
}

/** What a report shows of a whole spec. */
export function shownSpec(spec: Spec, hidden: Hiding): Spec {
  const shown = shownValue('', spec, hidden);
  return isObject(shown) ? shown : {};
}

/** Is anything set at this pointer of a spec? */
export function isSet(spec: Spec, pointer: Pointer): boolean {
  return pieces('', spec, pointer).length > 0;
}

/** Every text and number that is hidden in these values. */
export function hiddenTexts(values: readonly Placed[], { hide = [] }: Hiding): readonly string[] {
  return values.flatMap(([path, value]) => hide.flatMap((pointer) => pieces(path, value, pointer))).flatMap(textsOf);
}

/** A value, and where it stands. */
export type Placed = readonly [path: Pointer, value: Json];

/** Shorter texts are found everywhere: to take them out would garble a sentence. */
const shortest = 4;

/** The texts by which a sentence could tell what is hidden in these values, the longest first. */
export function secretsIn(values: readonly Placed[], hidden: Hiding): readonly string[] {
  const spellings = hiddenTexts(values, hidden).flatMap((text) => [
    text,
    JSON.stringify(text).slice(1, -1),
    ...text.split('\n'),
  ]);
  const long = spellings.map((text) => text.trim()).filter((text) => text.length >= shortest);
  return [...new Set(long)].sort((first, second) => second.length - first.length);
}

/** A sentence without these texts. */
export function withoutSecrets(sentence: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, hiddenValue), sentence);
}

function textsOf(value: Json): readonly string[] {
  if (isList(value)) return value.flatMap(textsOf);
  if (isObject(value)) return Object.values(value).flatMap((one) => (one === undefined ? [] : textsOf(one)));
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

function pieces(path: Pointer, value: Json, pointer: Pointer): readonly Json[] {
  const found: Json[] = [];
  replaced(value, path, pointer, (piece) => {
    found.push(piece);
    return piece;
  });
  return found;
}

/** The value at `path` with another in the place of what stands at `pointer`: the whole of it, a part of it, or nothing. */
function replaced(value: Json, path: Pointer, pointer: Pointer, by: (piece: Json) => Json): Json {
  const [at, hidden] = [tokens(path), tokens(pointer)];
  const apart = at.slice(0, hidden.length).some((step, index) => !isStep(step, hidden[index]));
  return apart ? value : within(value, hidden.slice(at.length), by);
}

/** A report counts items of one name: `Email`, `Email#2`. */
function isStep(step: string, hidden: string | undefined): boolean {
  return step === hidden || step.replace(/#\d+$/, '') === hidden;
}

function within(value: Json, [step, ...rest]: readonly string[], by: (piece: Json) => Json): Json {
  if (step === undefined) return value === null ? null : by(value);
  if (isList(value)) return value.map((item, index) => (isItem(item, index, step) ? within(item, rest, by) : item));
  const inner = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return inner === undefined || !isObject(value) ? value : { ...value, [step]: within(inner, rest, by) };
}

/** Does a step name this item, by its place or by any of its fields? Whichever is the key: rather one too many than one too few. */
function isItem(item: Json, index: number, step: string): boolean {
  return String(index) === step || (isObject(item) ? Object.values(item) : [item]).some((one) => String(one) === step);
}
