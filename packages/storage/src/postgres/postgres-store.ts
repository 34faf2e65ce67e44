import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { sql } from 'kysely';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import type { Database } from '../schema.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { TextKey } from '../text-encryption.ts';
import { openPostgres } from './postgres-database.ts';

/** Key of the PostgreSQL advisory lock that a writing transaction holds ("fara" in ASCII). */
const WRITER_LOCK = 0x66617261;

/**
 * A PostgreSQL store that several nodes may share. An advisory lock serializes the transactions,
 * so each transaction sees all earlier ones and the audit chain has a single end.
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
   * @param key 256-bit server key, see `storeSeals`; with another key the audit log fails
   * verification
   * @param textKeys keys of encrypted texts
   * @throws StoreError when the server is unreachable, the database is of a later version, or
   * commits aren't durable
   */
  static async open(
    url: string,
    key: Uint8Array,
    textKeys: readonly TextKey[] = [],
  ): Promise<PostgresStore> {
    return new PostgresStore(await openPostgres(url), storeSeals(key, textKeys));
  }

  run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    return this.#commit.run(name, input);
  }

  async close(): Promise<void> {
    await this.#commit.close();
    await this.#db.destroy();
  }
}
