import type { ModerationStore } from '@farandole/moderation/store/ports';
import { SqliteHere } from '../../src/sqlite/sqlite-here.ts';
import { KEY } from './keys.ts';

/** A new SQLite store in memory, gone when it is closed. The first command waits until it is open. */
export function memoryStore(): ModerationStore {
  const opening = SqliteHere.open(':memory:', KEY);
  return {
    run: (name, input) => opening.then((store) => store.run(name, input)),
    close: async () => await (await opening).close(),
  };
}
