import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** Name of the last migration in `MIGRATIONS`, which isn't imported because it needs Kysely. */
export const LAST_MIGRATION = '0024-chosen-meetings';

/**
 * Returns whether a SQLite file surely has the schema of this version. Changes nothing, and leaves
 * the log alone. False if the last migration is still in the log, or if the file can't be read.
 */
export function isCurrent(path: string): boolean {
  const file = pathToFileURL(path);
  file.searchParams.set('immutable', '1');
  try {
    const database = new DatabaseSync(file, { readOnly: true });
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
