import { NOT_HOUSEKEPT } from '@farandole/moderation/privacy/housekeeping';
import {
  COMMANDS,
  type CommandKind,
  type CommandName,
  type InputOf,
  type OutcomeOf,
} from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { sql } from 'kysely';
import { GroupCommit } from '../group-commit.ts';
import { LOST_CONNECTIONS_MAX, READS_MAX } from '../limits.ts';
import { asStoreError } from '../store-error.ts';
import { type StoreSeals, storeSeals } from '../store-seals.ts';
import type { TextKey } from '../text-encryption.ts';
import { connectNode, type NodeConnections, openPostgres } from './postgres-database.ts';
import { isConflict, isConnectionEnd } from './postgres-error.ts';
import { beginAudit, beginLedger, beginRead } from './postgres-transactions.ts';
import { StuckNodes } from './stuck-nodes.ts';

/** Key of the PostgreSQL advisory lock of the housekeeping node ("hous" in ASCII). */
const HOUSEKEEPER_LOCK = 0x686f7573;

/**
 * A PostgreSQL store that several nodes may share. Reads run on their own connections and wait for
 * no lock. Commands of kind `ledger` run on one connection, and commands of kind `audit` on another
 * one under a lock, so that the audit chain has a single end.
 */
export class PostgresStore implements ModerationStore {
  readonly #connections: NodeConnections;
  readonly #stuckNodes: StuckNodes;
  readonly #commits: Readonly<Record<CommandKind, GroupCommit>>;

  private constructor(connections: NodeConnections, seals: StoreSeals) {
    this.#connections = connections;
    this.#stuckNodes = new StuckNodes(connections.control.db);
    this.#commits = {
      // Each read has its own transaction, so that a slow one delays no other.
      read: new GroupCommit(() => beginRead(connections, seals), {
        ...{ mayRepeat, batchMax: 1, parallel: READS_MAX },
      }),
      ledger: new GroupCommit(() => beginLedger(connections, seals), { mayRepeat }),
      audit: new GroupCommit(() => beginAudit(connections, seals), { mayRepeat }),
    };
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
    const seals = storeSeals(key, textKeys);
    await (await openPostgres(url)).destroy();
    return new PostgresStore(await connectNode(url), seals);
  }

  async run<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutcomeOf<Name>> {
    const { kind } = COMMANDS[name];
    if (kind === 'read') return await this.#commits.read.run(name, input);
    if (name === 'time.pass' && !(await this.#isHousekeeper())) {
      // The cast is safe because the condition narrows the name.
      return NOT_HOUSEKEPT as OutcomeOf<Name>;
    }
    return await this.#stuckNodes.watch(this.#commits[kind].run(name, input));
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#commits).map((commit) => commit.close()));
    await this.#connections.close();
  }

  /**
   * Returns whether this node does the housekeeping of all nodes. One node does until its
   * connection ends, which also happens when the node is silent for `HOUSEKEEPER_SILENT_MS`.
   */
  async #isHousekeeper(): Promise<boolean> {
    const asked = sql<{ readonly locked: boolean }>`
      select pg_try_advisory_lock(${HOUSEKEEPER_LOCK}) as locked
    `;
    try {
      const { rows } = await asked.execute(this.#connections.audit);
      return rows[0]?.locked === true;
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

/**
 * Returns whether a transaction had no effect and may succeed when it runs again. Doesn't run it
 * again after several lost connections, because the transaction itself may crash PostgreSQL.
 */
function mayRepeat(error: unknown, attempt: number): boolean {
  return isConflict(error) || (attempt < LOST_CONNECTIONS_MAX && isConnectionEnd(error));
}
