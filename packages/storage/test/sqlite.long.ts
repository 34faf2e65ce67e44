import { join } from 'node:path';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { floodContract } from './queue-contract.ts';
import { closing } from './support/closing.ts';
import { KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

floodContract('SQLite', async () => {
  const folder = await temporaryFolder();
  const store = await SqliteStore.open(join(folder.path, 'store.sqlite'), KEY);
  return closing(store, folder.remove);
});
