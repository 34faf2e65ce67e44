import { sql } from 'kysely';
import { STUCK_CHECKED_EVERY_MS, STUCK_MS } from '../limits.ts';
import type { Database } from '../schema.ts';

/** Name of a node's connections, as `pg_stat_activity` lists them. */
export const APPLICATION = 'farandole';

/**
 * Ends transactions of nodes that hold locks and have stopped reading, so that they don't block
 * other nodes. PostgreSQL itself ends only idle transactions. A transaction whose node stopped
 * reading in the middle of a result is active, waits for its client, and ignores
 * `statement_timeout`.
 */
export class StuckNodes {
  readonly #db: Database;
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #isChecking = false;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Looks for stuck nodes for as long as the write runs. */
  async watch<T>(write: Promise<T>): Promise<T> {
    this.#running += 1;
    this.#timer ??= setInterval(() => void this.#check(), STUCK_CHECKED_EVERY_MS);
    try {
      return await write;
    } finally {
      this.#running -= 1;
      if (this.#running === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  async #check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      await endStuckNodes(this.#db);
    } catch {
      // The write fails too if the database is away.
    } finally {
      this.#isChecking = false;
    }
  }
}

async function endStuckNodes(db: Database): Promise<void> {
  await sql`
    select pg_terminate_backend(stuck.pid)
      from pg_stat_activity stuck
     where stuck.datname = current_database()
       and stuck.usename = current_user
       and stuck.application_name = ${APPLICATION}
       and stuck.state = 'active'
       and stuck.wait_event = 'ClientWrite'
       and stuck.query_start < clock_timestamp() - ${STUCK_MS} * interval '1 millisecond'
       and stuck.pid in (
         select unnest(pg_blocking_pids(waiting.pid))
           from pg_stat_activity waiting
          where waiting.datname = current_database()
            and waiting.application_name = ${APPLICATION}
            and waiting.wait_event_type = 'Lock'
       )
  `.execute(db);
}
