import { sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration';
import { MIGRATIONS } from './migrations/migrations.ts';
import type { Database } from './schema.ts';
import { asStoreError, StoreError } from './store-error.ts';

/**
 * Migrates a database under a lock. Each migration is atomic.
 * @throws StoreError when the database is of a later version, or a migration failed
 */
export async function migrate(
  database: Database,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<void> {
  // Migrations run without Kysely's plugins, because they name columns as SQL does.
  const db = database.withoutPlugins();
  const unknown = (await migrationsOf(database)).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) {
    throw new StoreError(
      'schema-newer',
      `The database was written by a later version (${unknown.join(', ')}). ` +
        'Run that version, or restore an older backup. Nothing was changed.',
    );
  }
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw asStoreError(error);
}

export async function migrationsOf(database: Database): Promise<readonly string[]> {
  const db = database.withoutPlugins();
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === DEFAULT_MIGRATION_TABLE)) return [];
  const { rows } = await sql<{ readonly name: string }>`
    select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name
  `.execute(db);
  return rows.map(({ name }) => name);
}
