import { join } from 'node:path';
import { openPostgres } from '../../src/postgres/postgres-database.ts';
import { openSqlite } from '../../src/sqlite/sqlite-database.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Crashing } from './crash-run.ts';

/**
 * Creates a SQLite database for the crash test. SQLite runs inside the writer, so killing the
 * writer kills both.
 */
export async function crashingSqlite(): Promise<{
  readonly store: Crashing;
  readonly remove: () => Promise<void>;
}> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'store.sqlite');
  const store: Crashing = {
    args: ['--sqlite', path],
    kill: async (writer) => writer(),
    open: () => openSqlite(path),
  };
  return { store, remove: folder.remove };
}

/**
 * Creates a PostgreSQL database for the crash test. Kills only the writer the first time, writer
 * and database server the second time, and so on.
 */
export async function crashingPostgres(postgres: TestPostgres): Promise<Crashing> {
  const url = await postgres.createDatabase();
  let kills = 0;
  return {
    args: ['--postgres', url],
    kill: async (writer) => {
      kills += 1;
      if (kills % 2 === 0) {
        await postgres.kill();
        await postgres.start();
      }
      writer();
    },
    open: () => openPostgres(url),
  };
}
