import { openPostgres } from '../postgres/postgres-database.ts';
import type { Database } from '../schema.ts';
import { openSqlite } from '../sqlite/sqlite-database.ts';

export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

/**
 * Opens a database of any version without migrating it.
 * @throws StoreError
 */
export async function openAsIs(place: StoreLocation): Promise<Database> {
  return place.kind === 'sqlite'
    ? await openSqlite(place.path, 'as it is')
    : await openPostgres(place.url, 'as it is');
}
