import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import { MARK_EVERY_MS } from '../limits.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { TextKey } from '../text-encryption.ts';
import { type OpenedSqlite, openGuarded } from './sqlite-database.ts';

/**
 * A SQLite store that blocks the thread that calls it. The worker of a `SqliteStore` uses it.
 * The command line uses it too, because starting a thread takes longer than a command. A thread
 * must open a file only once, because two stores would deadlock.
 */
export class SqliteHere implements ModerationStore {
  readonly #opened: OpenedSqlite;
  readonly #commit: GroupCommit;
  readonly #marking: NodeJS.Timeout;

  private constructor(opened: OpenedSqlite, seals: StoreSeals) {
    this.#opened = opened;
    this.#commit = new GroupCommit(() => beginTransaction(opened.db, seals));
    this.#marking = setInterval(() => void this.#mark(), MARK_EVERY_MS);
    this.#marking.unref();
  }

  /**
   * Opens or creates the file, see `openSqlite`.
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
    return new SqliteHere(await openGuarded(path), storeSeals(key, textKeys));
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return this.#commit.run(name, input);
  }

  async close(): Promise<void> {
    await this.#commit.close();
    clearInterval(this.#marking);
    await this.#opened.db.destroy();
  }

  /** Notes the last commits between two transactions. */
  async #mark(): Promise<void> {
    const { db, guard } = this.#opened;
    // A failed mark isn't an error, because the old mark is true too. The next call tries again.
    await db
      .connection()
      .execute(async () => guard?.keep())
      .catch(() => {});
  }
}
