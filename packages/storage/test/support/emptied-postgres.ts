import pg from 'pg';
import { PostgresStore } from '../../src/postgres/postgres-store.ts';
import { KEY } from './keys.ts';
import type { Emptied } from './lending.ts';
import type { TestPostgres } from './postgres.ts';

/** Creates a migrated PostgreSQL database that is emptied between tests. */
export async function emptiedPostgres(postgres: TestPostgres): Promise<Emptied> {
  const url = await postgres.createMigrated();
  const store = await PostgresStore.open(url, KEY);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ readonly name: string }>(
    `select tablename as name from pg_tables
      where schemaname = 'public' and tablename not like 'kysely\\_%'`,
  );
  // Deleting all rows is faster than `truncate` on small tables.
  const deletes = rows.map(({ name }) => `delete from ${name};`).join('');
  return {
    store,
    empty: async () => {
      await client.query(deletes);
    },
    close: async () => {
      await client.end();
      await store.close();
    },
  };
}
