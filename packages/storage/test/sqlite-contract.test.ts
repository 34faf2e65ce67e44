import { join } from 'node:path';
import { after } from 'node:test';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { openDatabase } from '../src/sqlite/node-sqlite.ts';
import { SqliteHere } from '../src/sqlite/sqlite-here.ts';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { contracts } from './contracts.ts';
import { storeContract } from './store-contract.ts';
import { closing } from './support/closing.ts';
import { KEY } from './support/keys.ts';
import { type Emptied, lending } from './support/lending.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const lent = lending(openEmptied);
after(lent.end);
contracts('SQLite', lent.open, () => reopen(SqliteStore));
// Runs only this contract suite, because `SqliteHere` differs from `SqliteStore` only in opening,
// closing and the thread.
storeContract('SQLite here', openHere, openHere);

function openHere(): Promise<ModerationStore> {
  return reopen(SqliteHere);
}

async function reopen(adapter: typeof SqliteStore | typeof SqliteHere): Promise<ModerationStore> {
  const folder = await temporaryFolder();
  const store = await adapter.open(join(folder.path, 'store.sqlite'), KEY);
  return closing(store, folder.remove);
}

async function openEmptied(): Promise<Emptied> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'store.sqlite');
  const store = await SqliteStore.open(path, KEY);
  const database = openDatabase(path);
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' and name not like 'kysely_%'`)
    .all();
  const deletes = tables.map(({ name }) => `delete from ${String(name)};`).join('');
  return {
    store,
    empty: async () => database.exec(`begin immediate; ${deletes} commit`),
    close: async () => {
      database.close();
      await store.close();
      await folder.remove();
    },
  };
}
