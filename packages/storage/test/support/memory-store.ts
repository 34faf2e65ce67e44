import type { ModerationStore } from '@farandole/moderation/store/ports';
import { SqliteHere } from '../../src/sqlite/sqlite-here.ts';
import { KEY } from './keys.ts';

/**
 * Opens a SQLite store in memory, which is lost when closed. Its first command waits until the
 * database is open.
 */
export function memoryStore(): ModerationStore {
  const opening = SqliteHere.open(':memory:', KEY);
  return {
    run: (name, input) => opening.then((store) => store.run(name, input)),
    close: async () => await (await opening).close(),
  };
}
