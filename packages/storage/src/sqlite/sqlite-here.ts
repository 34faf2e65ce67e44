import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/desk/commands';
import type { ModerationStore } from '@farandole/moderation/ports';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import type { Database } from '../schema.ts';
import { asStoreError } from '../store-error.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { WordsKey } from '../words-seal.ts';
import { makeFile } from './make-file.ts';
import { openSqlite } from './sqlite-database.ts';

/**
 * One file of SQLite in the thread that opens it, which waits with it for the disk and for other
 * processes: for whoever serves nobody meanwhile, as the command line, a thread takes longer to
 * start than what it is asked. One a thread and file: two would wait for each other in vain.
 */
export class SqliteHere implements ModerationStore {
  readonly #db: Database;
  readonly #commit: GroupCommit;

  private constructor(db: Database, seals: StoreSeals) {
    this.#db = db;
    this.#commit = new GroupCommit(() => beginTransaction(db, seals));
  }

  /**
   * As `SqliteStore.open`.
   *
   * @throws StoreError
   */
  static async open(
    path: string,
    key: Uint8Array,
    wordsKeys: readonly WordsKey[] = [],
  ): Promise<SqliteHere> {
    await makeFile(path);
    const seals = storeSeals(key, wordsKeys);
    try {
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
