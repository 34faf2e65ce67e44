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
 * A SQLite store that blocks the thread that calls it. The worker of a `SqliteStore` uses it.
 * The command line uses it too, because starting a thread takes longer than a command. A thread
 * must open a file only once, because two stores would deadlock.
 */
export class SqliteHere implements ModerationStore {
  readonly #db: Database;
  readonly #commit: GroupCommit;

  private constructor(db: Database, seals: StoreSeals) {
    this.#db = db;
    this.#commit = new GroupCommit(() => beginTransaction(db, seals));
  }

  /**
   * Opens or creates the file and migrates the database. Only the file's owner may read it.
   * @param key 256-bit server key, see `storeSeals`; with another key the audit log fails
   * verification
   * @param textKeys keys of encrypted texts
   * @throws StoreError
   */
  static async open(
    path: string,
    key: Uint8Array,
    textKeys: readonly TextKey[] = [],
  ): Promise<SqliteHere> {
    const seals = storeSeals(key, textKeys);
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
