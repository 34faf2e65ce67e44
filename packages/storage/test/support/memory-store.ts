import type { ModerationStore } from '@farandole/moderation/store/ports';
import { SqliteHere } from '../../src/sqlite/sqlite-here.ts';
import { KEY } from './keys.ts';

/**
 * Returns a SQLite store in memory that is lost when closed. The first command waits until the
 * database is open.
 */
export function memoryStore(): ModerationStore {
  const opening = SqliteHere.open(':memory:', KEY);
  return {
    run: (name, input) => opening.then((store) => store.run(name, input)),
    close: async () => await (await opening).close(),
  };
}
