import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { sql } from 'kysely';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import type { Database } from '../schema.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { TextKey } from '../text-encryption.ts';
import { openPostgres } from './postgres-database.ts';

/** Advisory lock of the writer ("fara" in ASCII). */
const WRITER_LOCK = 0x66617261;

/**
 * A PostgreSQL store, which several nodes may share. An advisory lock serializes transactions, so
 * each sees the previous one and the audit chain has one end.
 */
export class PostgresStore implements ModerationStore {
  readonly #db: Database;
  readonly #commit: GroupCommit;

  private constructor(db: Database, seals: StoreSeals) {
    this.#db = db;
    this.#commit = new GroupCommit(() =>
      beginTransaction(db, seals, async (transaction) => {
        await sql`select pg_advisory_xact_lock(${WRITER_LOCK})`.execute(transaction);
      }),
    );
  }

  /**
   * @param url as in `postgres://user:password@host/database`
   * @param key 256-bit server key, see `storeSeals`; another key fails verification
   * @param wordsKeys keys of encrypted texts
   * @throws StoreError when unreachable, of a later version, or not durable
   */
  static async open(
    url: string,
    key: Uint8Array,
    wordsKeys: readonly TextKey[] = [],
  ): Promise<PostgresStore> {
    return new PostgresStore(await openPostgres(url), storeSeals(key, wordsKeys));
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return this.#commit.run(name, input);
  }

  async close(): Promise<void> {
    await this.#commit.close();
    await this.#db.destroy();
  }
}
