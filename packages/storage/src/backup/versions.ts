import { migrate, migrationsOf } from '../migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { asStoreError } from '../store-error.ts';
import { openAsIs, type StoreLocation } from './store-location.ts';

export interface StoreVersions {
  readonly done: readonly string[];
  readonly pending: readonly string[];
  /**
   * Migrations in the database that only a later version of the software knows. If there are
   * any, this version refuses to open the database.
   */
  readonly later: readonly string[];
}

/**
 * Returns which migrations the database has, lacks or has in excess. @throws StoreError when the
 * database can't be read
 */
export async function versionsOf(place: StoreLocation): Promise<StoreVersions> {
  const db = await openAsIs(place);
  try {
    const done = await migrationsOf(db);
    return {
      done,
      pending: Object.keys(MIGRATIONS).filter((name) => !done.includes(name)),
      later: done.filter((name) => !Object.hasOwn(MIGRATIONS, name)),
    };
  } catch (error) {
    throw asStoreError(error);
  } finally {
    await db.destroy();
  }
}

/**
 * Migrates the database to this version. @throws StoreError when a migration fails, and leaves
 * the database unchanged
 */
export async function migrateStore(place: StoreLocation): Promise<void> {
  const db = await openAsIs(place);
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}
