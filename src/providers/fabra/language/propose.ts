import type { CatalogueContent, Proposals } from '../../../model/catalogue.ts';
import { fullNameOf, nameOf } from './look.ts';

/** What a catalogue has for the places of a sync that name something. */
export function propose({ sources = [], destinations = [] }: CatalogueContent): Proposals {
  const objects = destinations.flatMap((one) => one.objects ?? []);
  const fields = objects.flatMap((one) => one.fields ?? []);
  return {
    '/source': sources.map(nameOf),
    '/destination': destinations.map(nameOf),
    '/object': objects.map(fullNameOf),
    '/field_mappings/*/destination_field_name': fields.map(fullNameOf),
  };
}
