import type { Http } from '../../http/client.ts';
import type { CatalogueContent, CatalogueObject } from '../../model/catalogue.ts';
import { type Dialect, getList } from './api.ts';
import type { Catalogue, FabraObject } from './catalogue.ts';

/**
 * Destinations with their objects and fields. Sources only as the reference lists them: the server lists those of one end customer at
 * a time, and nobody knows all end customers.
 */
export async function readWorkspace(
  http: Http,
  dialect: Dialect,
  catalogue: Catalogue,
  told: (entries: number) => void,
): Promise<CatalogueContent> {
  const [destinations, objects] = await Promise.all([catalogue.destinations(), catalogue.objects()]);
  told(destinations.length + objects.length);
  const whole = await Promise.all(
    objects.map(async (one) => ({ one, object: objectOf((await catalogue.object(one.id)) ?? one, dialect) })),
  );
  const sources = dialect === 'documented' ? await getList(http, '/sources', 'sources') : undefined;
  const names = sources?.flatMap(({ display_name: name }) =>
    typeof name === 'string' && name !== '' ? [{ name }] : [],
  );
  return {
    ...(names !== undefined && { sources: names }),
    destinations: destinations
      .filter(({ name }) => name !== '')
      .map(({ id, name }) => ({
        name,
        objects: whole.filter(({ one }) => one.destinationId === id).map(({ object }) => object),
      })),
  };
}

/** The reference does not say which fields are required. */
function objectOf({ name, fields }: FabraObject, dialect: Dialect): CatalogueObject {
  const all = (fields ?? []).filter((field) => field.name !== '');
  const told = all.map((field) => ({
    full_name: field.name,
    ...(field.type !== undefined && { type: field.type }),
    ...(dialect === 'server' && { required: field.required }),
  }));
  return { full_name: name, ...(told.length > 0 && { fields: told }) };
}
