import type { Diagnostic, Problem } from '../../../../model/diagnostic.ts';
import type { ImportFile, ImportLeft } from '../../../../model/import.ts';
import { isList, isObject, type Json, type JsonObject, type Pointer, pointer, tokens } from '../../../../model/json.ts';
import type { Told } from '../reader.ts';

/** One resource of a file: `sync:users-to-crm` with what stands under it. */
export interface Resource {
  /** `sync`, `model`. */
  readonly type: string;
  readonly slug: string;
  readonly value: JsonObject;
  /** Where the value stands in its document. */
  readonly path: Pointer;
  /** file:line:column of a place in it. */
  readonly at: (path: Pointer, side?: Problem['at']) => string;
}

/** Collects what is wrong, and what is not taken over. */
export interface Findings {
  readonly problems: Diagnostic[];
  readonly left: ImportLeft[];
}

/** The resources of all files. What is none is a problem: GitLink allows nothing else in its folder. */
export function resourcesIn(files: readonly ImportFile[], { problems }: Findings): readonly Resource[] {
  return files.flatMap((file) =>
    file.documents.flatMap((document, index) => {
      if (document === null) return [];
      if (isObject(document) && !isList(document))
        return Object.entries(document).flatMap(([key, value]) => resourceOf(file, index, key, value, problems));
      problems.push(noResource(file, index, ''));
      return [];
    }),
  );
}

function resourceOf(
  file: ImportFile,
  index: number,
  key: string,
  value: Json | undefined,
  problems: Diagnostic[],
): Resource[] {
  const path = pointer([key]);
  const colon = key.indexOf(':');
  if (colon < 1 || !isObject(value) || isList(value)) {
    problems.push(noResource(file, index, path));
    return [];
  }
  const at = (place: Pointer, side: Problem['at'] = 'value') => {
    const { line, column } = file.place(index, place, side);
    return `${file.file}:${line}:${column}`;
  };
  return [{ type: key.slice(0, colon), slug: key.slice(colon + 1), value, path, at }];
}

function noResource(file: ImportFile, index: number, path: Pointer): Diagnostic {
  return {
    severity: 'error',
    code: 'no-resource',
    message: 'This is no resource of GitLink, which is an object under a key such as `sync:users-to-crm`.',
    hint: 'Name the folder that GitLink governs: it holds nothing but such files.',
    file: file.file,
    ...file.place(index, path, 'key'),
  };
}

/** Who is told what is wrong with a resource, and what of it has no place in a manifest. */
export function toldOf({ at }: Resource, { problems, left }: Findings): Told {
  return {
    wrong: (path, expected) => {
      const [, file = '', line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/.exec(at(path)) ?? [];
      const message = `${keysOf(path)} is not ${expected}.`;
      const hint = 'Write it as GitLink does.';
      problems.push({
        severity: 'error',
        code: 'wrong-type',
        message,
        hint,
        file,
        line: Number(line),
        column: Number(column),
      });
    },
    unmapped: (path, why = 'has no place in a manifest and was left out') => {
      const place = at(path, 'key');
      const message = `${place}: ${keysOf(path)} ${why}.`;
      left.push({ address: null, id: null, place, code: 'unmapped', message });
    },
  };
}

/** The keys that lead to a place of a resource: `behavior.operation`, `mappings[0].from`. */
export function keysOf(path: Pointer): string {
  const [, ...names] = tokens(path);
  return names.reduce(
    (text, name) => (/^\d+$/.test(name) ? `${text}[${name}]` : text === '' ? name : `${text}.${name}`),
    '',
  );
}
