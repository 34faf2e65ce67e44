import { join } from 'node:path';
import { SqliteStore } from '../src/sqlite/sqlite-store.ts';
import { consoleContract } from './console-contract.ts';
import { deskContract } from './desk-contract.ts';
import { personContract } from './person-contract.ts';
import { picturesContract } from './pictures-contract.ts';
import { signInContract } from './sign-in-contract.ts';
import { storeContract } from './store-contract.ts';
import { closing } from './support/closing.ts';
import { KEY } from './support/keys.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

for (const contract of [
  consoleContract,
  deskContract,
  personContract,
  picturesContract,
  signInContract,
  storeContract,
]) {
  contract('SQLite', async () => {
    const folder = await temporaryFolder();
    const store = await SqliteStore.open(join(folder.path, 'store.sqlite'), KEY);
    return closing(store, folder.remove);
  });
}
