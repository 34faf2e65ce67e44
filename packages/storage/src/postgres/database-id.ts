import { sql } from 'kysely';
import { openAsIs } from '../backup/store-location.ts';

/**
 * Returns one word that names a PostgreSQL database among all databases, or null if PostgreSQL
 * doesn't tell it to this role. A database into which a dump was loaded has another name, and a
 * replica has the same.
 *
 * @throws StoreError if the database can't be opened
 */
export async function databaseIdAt(url: string): Promise<string | null> {
  const db = await openAsIs({ kind: 'postgres', url });
  try {
    const { rows } = await sql<{ readonly id: string }>`
      select (select system_identifier from pg_control_system()) || '/' || oid as "id"
      from pg_database where datname = current_database()
    `.execute(db);
    return rows[0]?.id ?? null;
  } catch {
    return null;
  } finally {
    await db.destroy();
  }
}
