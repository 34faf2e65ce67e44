import { join } from 'node:path';
import { openPostgres } from '../../src/postgres/postgres-database.ts';
import { openSqlite } from '../../src/sqlite/sqlite-database.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { Crashing } from './crash-run.ts';

/** For SQLite, which runs inside the writer, the whole process is killed. */
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

/** Kills the writer and the database server in turn. */
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
