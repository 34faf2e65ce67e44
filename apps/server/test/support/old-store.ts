import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAsIs, type StoreLocation } from '@farandole/storage/backup/store-location';
import { migrate } from '@farandole/storage/migrate';
import { MIGRATIONS } from '@farandole/storage/migrations/migrations';

type DumpedRow = readonly [table: string, row: Readonly<Record<string, unknown>>];

const FIXTURE = join(import.meta.dirname, '..', 'fixtures', 'folder-0.1.0');
const NOT_IN_FOLDER: ReadonlySet<string> = new Set(['acknowledged.json', 'store.dump']);

/** The store of the fixture as version 0.1.0 dumped it. */
export const OLD_DUMP = await readFile(join(FIXTURE, 'store.dump'), 'utf8');
/** A time shortly after version 0.1.0 wrote the fixture. */
export const OLD_WALL_MS =
  (JSON.parse(await readFile(join(FIXTURE, 'acknowledged.json'), 'utf8')) as { wallMs: number })
    .wallMs + 60_000;

/**
 * Makes a data folder and a store as version 0.1.0 left them. Unlike `restore`, leaves the store at
 * the version of its dump.
 */
export async function makeOldFolder(
  dataDir: string,
  place: StoreLocation = { kind: 'sqlite', path: join(dataDir, 'store.sqlite') },
): Promise<void> {
  await mkdir(dataDir, { mode: 0o700 });
  for (const name of await readdir(FIXTURE)) {
    if (NOT_IN_FOLDER.has(name)) continue;
    await copyFile(join(FIXTURE, name), join(dataDir, name));
    await chmod(join(dataDir, name), 0o600);
  }
  const [header = '', ...lines] = OLD_DUMP.trimEnd().split('\n');
  const { migrations } = JSON.parse(header) as { readonly migrations: readonly string[] };
  assert.ok(migrations.length < Object.keys(MIGRATIONS).length);
  const known = Object.entries(MIGRATIONS).filter(([name]) => migrations.includes(name));
  const database = await openAsIs(place);
  try {
    await migrate(database, Object.fromEntries(known));
    const db = database.withoutPlugins();
    for (const line of lines) {
      const [table, row] = JSON.parse(line) as DumpedRow;
      await db
        .insertInto(table as never)
        .values(row)
        .execute();
    }
  } finally {
    await database.destroy();
  }
}
