import { open } from 'node:fs/promises';
import { sql } from 'kysely';
import { openPostgres } from '../postgres/postgres-database.ts';
import type { Database } from '../schema.ts';
import { openSqlite } from '../sqlite/sqlite-database.ts';
import { asStoreError } from '../store-error.ts';

export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

/**
 * Opens a database of any version without migrating it. Creates a missing SQLite file, which only
 * its owner may read.
 * @throws StoreError
 */
export async function openAsIs(place: StoreLocation): Promise<Database> {
  try {
    if (place.kind === 'postgres') return await openPostgres(place.url, 'as it is');
    await (await open(place.path, 'a', 0o600)).close();
    return await openSqlite(place.path, 'as it is');
  } catch (error) {
    throw asStoreError(error);
  }
}

/**
 * Lifts PostgreSQL's time limits for the rest of a transaction. A large table takes longer to sort
 * than any command of a server, and a slow disk may delay the next statement.
 */
export async function liftTimeLimits(
  transaction: Database,
  { kind }: Pick<StoreLocation, 'kind'>,
): Promise<void> {
  if (kind === 'sqlite') return;
  await sql`set local statement_timeout = 0`.execute(transaction);
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(transaction);
}
