import { isObject, type Json, type JsonObject, listAt } from '../../json.ts';
import { foldFlat } from './draft.ts';
import { sourceRequest } from './source-answer.ts';

/** An answer put back into the words of a request, so that a PATCH of some keys has the others to stand on. */
export function requestForm(answer: JsonObject): JsonObject {
  const mappings = listAt(answer, 'mappings')
    .filter(isObject)
    .filter(({ from }) => !(isObject(from) && from.type === 'compound_key'))
    .map((mapping) => ({ ...mapping, from: fromRequest(mapping.from) }));
  return { ...foldFlat(answer, {}), source_attributes: sourceRequest(answer.source_attributes), mappings };
}

function fromRequest(from: Json | undefined): Json {
  if (!isObject(from) || from.type !== 'liquid_template' || !isObject(from.data)) return from ?? null;
  return { type: from.type, data: from.data.liquid_template ?? null };
}
