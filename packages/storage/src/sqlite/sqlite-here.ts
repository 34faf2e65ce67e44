import { open } from 'node:fs/promises';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import type { Database } from '../schema.ts';
import { asStoreError } from '../store-error.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { WordsKey } from '../words-seal.ts';
import { IN_MEMORY } from './node-sqlite.ts';
import { openSqlite } from './sqlite-database.ts';

/**
 * One file of SQLite in the thread that opens it, which waits with it for the disk and for other
 * processes: the thread of a `SqliteStore`, or that of whoever serves nobody meanwhile, as the command
 * line, for which another takes longer to start than what it is asked. One a thread and file: two
 * would wait for each other in vain.
 */
export class SqliteHere implements ModerationStore {
  readonly #db: Database;
  readonly #commit: GroupCommit;

  private constructor(db: Database, seals: StoreSeals) {
    this.#db = db;
    this.#commit = new GroupCommit(() => beginTransaction(db, seals));
  }

  /**
   * Opens the file, or makes it, readable by its owner alone, and brings it to this version's schema.
   *
   * @param key 256 bits of the server's, as `storeSeals` takes them; without the same ones nothing verifies
   * @param wordsKeys those by which words are sealed; without them they cannot be read
   * @throws StoreError
   */
  static async open(
    path: string,
    key: Uint8Array,
    wordsKeys: readonly WordsKey[] = [],
  ): Promise<SqliteHere> {
    const seals = storeSeals(key, wordsKeys);
    try {
      if (path !== IN_MEMORY) await (await open(path, 'a', 0o600)).close();
      return new SqliteHere(await openSqlite(path), seals);
    } catch (error) {
      throw asStoreError(error);
    }
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return this.#commit.run(name, input);
  }

  async close(): Promise<void> {
    await this.#commit.close();
    await this.#db.destroy();
  }
}
