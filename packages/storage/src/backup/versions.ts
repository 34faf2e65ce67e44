import { migrate, migrationsOf } from '../migrate.ts';
import { MIGRATIONS } from '../migrations/migrations.ts';
import { openAsIs, type StoreLocation } from './store-location.ts';

export interface StoreVersions {
  readonly done: readonly string[];
  readonly pending: readonly string[];
  /** From a later version; this one refuses to open it. */
  readonly later: readonly string[];
}

/** @throws StoreError when it cannot be read */
export async function versionsOf(place: StoreLocation): Promise<StoreVersions> {
  const db = await openAsIs(place);
  try {
    const done = await migrationsOf(db);
    return {
      done,
      pending: Object.keys(MIGRATIONS).filter((name) => !done.includes(name)),
      later: done.filter((name) => !Object.hasOwn(MIGRATIONS, name)),
    };
  } finally {
    await db.destroy();
  }
}

/** @throws StoreError; the database is then unchanged */
export async function migrateStore(place: StoreLocation): Promise<void> {
  const db = await openAsIs(place);
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}
