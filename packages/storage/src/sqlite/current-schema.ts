import { openUnchanged } from './node-sqlite.ts';

/** Name of the last migration in `MIGRATIONS`, which isn't imported because it needs Kysely. */
export const LAST_MIGRATION = '0024-chosen-meetings';

/**
 * Returns whether a SQLite file surely has the schema of this version. Changes nothing, and leaves
 * the log alone. False if the last migration is still in the log, or if the file can't be read.
 */
export function isCurrent(path: string): boolean {
  try {
    const database = openUnchanged(path);
    try {
      const found = database.prepare('select 1 from kysely_migration where name = ?');
      return found.get(LAST_MIGRATION) !== undefined;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}
