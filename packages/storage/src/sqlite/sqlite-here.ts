import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { sql } from 'kysely';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import { LOG_PAGES_MAX, NOTED_EVERY_MS } from '../limits.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { TextKey } from '../text-encryption.ts';
import { type OpenedSqlite, openGuarded } from './sqlite-database.ts';

/** The thread that notes the commits and copies the log: the store's own, or one beside it. */
export type KeptBy = 'this thread' | 'another thread';

/**
 * A SQLite store that blocks the thread that calls it. The worker of a `SqliteStore` uses it.
 * The command line uses it too, because starting a thread takes longer than a command. A thread
 * must open a file only once, because two stores would deadlock.
 */
export class SqliteHere implements ModerationStore {
  readonly #opened: OpenedSqlite;
  readonly #commit: GroupCommit;
  readonly #noting: NodeJS.Timeout | null = null;

  private constructor(opened: OpenedSqlite, seals: StoreSeals, keptBy: KeptBy) {
    this.#opened = opened;
    const { db, guard } = opened;
    this.#commit = new GroupCommit(() =>
      beginTransaction(db, seals, {
        commit: async (transaction) => {
          guard?.count();
          await transaction.commit().execute();
        },
      }),
    );
    if (keptBy === 'another thread') return;
    this.#noting = setInterval(() => void this.#note(), NOTED_EVERY_MS);
    this.#noting.unref();
  }

  /**
   * Opens or creates the file, see `openSqlite`.
   * @param key 256-bit server key, see `storeSeals`; with another key the audit log fails
   * verification
   * @param textKeys keys of encrypted texts
   * @param keptBy with 'another thread', the caller runs a `LogKeeper` while the store is open
   * @throws StoreError
   */
  static async open(
    path: string,
    key: Uint8Array,
    textKeys: readonly TextKey[] = [],
    keptBy: KeptBy = 'this thread',
  ): Promise<SqliteHere> {
    const opened = await openGuarded(path);
    if (keptBy === 'another thread') {
      await sql`pragma wal_autocheckpoint = ${sql.lit(LOG_PAGES_MAX)}`.execute(opened.db);
    }
    return new SqliteHere(opened, storeSeals(key, textKeys), keptBy);
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return this.#commit.run(name, input);
  }

  async close(): Promise<void> {
    await this.#commit.close();
    if (this.#noting !== null) clearInterval(this.#noting);
    await this.#opened.db.destroy();
  }

  /**
   * Copies the rest of SQLite's log between two transactions, so that the next commit writes the log
   * from its start again. That needs a log that is copied whole when a commit begins, and commits go
   * on while another thread copies it.
   */
  async copyLog(): Promise<void> {
    const { db } = this.#opened;
    // The log stays valid if the disk fails, and is copied again later.
    await db
      .connection()
      .execute((connection) => sql`pragma wal_checkpoint(passive)`.execute(connection))
      .catch(() => {});
  }

  /** Notes the last commits between two transactions. */
  async #note(): Promise<void> {
    const { db, guard } = this.#opened;
    // A failed mark isn't an error, because the old mark is true too. The next call tries again.
    await db
      .connection()
      .execute(async () => guard?.note())
      .catch(() => {});
  }
}
