import { open } from 'node:fs/promises';
import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import type { Database } from '../schema.ts';
import { asStoreError } from '../store-error.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { TextKey } from '../text-encryption.ts';
import { IN_MEMORY } from './node-sqlite.ts';
import { openSqlite } from './sqlite-database.ts';

/**
 * SQLite in the calling thread, which it blocks: for the worker of a `SqliteStore`, or for the CLI,
 * where starting a thread takes longer than the command. Open a file once per thread: two would
 * deadlock.
 */
export class SqliteHere implements ModerationStore {
  readonly #db: Database;
  readonly #commit: GroupCommit;

  private constructor(db: Database, seals: StoreSeals) {
    this.#db = db;
    this.#commit = new GroupCommit(() => beginTransaction(db, seals));
  }

  /**
   * Opens or creates the file, readable by its owner only, and migrates it.
   * @param key 256-bit server key, see `storeSeals`; another key fails verification
   * @param wordsKeys keys of encrypted texts
   * @throws StoreError
   */
  static async open(
    path: string,
    key: Uint8Array,
    wordsKeys: readonly TextKey[] = [],
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
