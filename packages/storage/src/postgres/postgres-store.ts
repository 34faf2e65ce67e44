import type { CommandName, InputOf, OutcomeOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { sql } from 'kysely';
import { GroupCommit } from '../group-commit.ts';
import { beginTransaction } from '../kysely-transaction.ts';
import type { Database } from '../schema.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { WordsKey } from '../words-seal.ts';
import { openPostgres } from './postgres-database.ts';

/** Of all locks in the database, the one of whoever writes ("fara" in ASCII). */
const WRITER_LOCK = 0x66617261;

/**
 * A database of PostgreSQL.
 *
 * Several nodes may use one. Their transactions are one after the other, by a lock that lasts as
 * long as each: what one has committed the next one sees, and the chain of the audit has one end.
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
   * @param key 256 bits of the server's, as `storeSeals` takes them; without the same ones nothing verifies
   * @param wordsKeys those by which words are sealed; without them they cannot be read
   * @throws StoreError when it cannot be reached, is of a later version, or would not keep what it
   *   acknowledges
   */
  static async open(
    url: string,
    key: Uint8Array,
    wordsKeys: readonly WordsKey[] = [],
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
