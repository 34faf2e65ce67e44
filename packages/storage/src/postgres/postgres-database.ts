import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { CONNECT_TIMEOUT_MS, IDLE_IN_TRANSACTION_MS, STATEMENT_TIMEOUT_MS } from '../limits.ts';
import { migrate } from '../migrate.ts';
import type { Database, Schema } from '../schema.ts';
import { asStoreError, StoreError } from '../store-error.ts';

type TypeParser = (text: string) => unknown;

/**
 * Opens a database of PostgreSQL, brought to this version's schema unless it is wanted as it is.
 *
 * @param url as in `postgres://user:password@host/database`
 * @throws StoreError when it cannot be reached, is of a later version, or would not keep what it
 *   acknowledges
 */
export async function openPostgres(
  url: string,
  schema: 'this version' | 'as it is' = 'this version',
): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    // The commands are one after the other: a second connection would have nothing to do.
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    application_name: 'farandole',
    types: { getTypeParser: parserOf },
  });
  // A connection that is lost, in use or not, is made anew by the next command; whoever used it
  // hears of it by that. An error that nobody listens for would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin()],
  });
  try {
    await requireDurable(db);
    if (schema === 'this version') await migrate(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw asStoreError(error);
  }
}

/** Times and counts are whole numbers that a number holds; all else is as `pg` has it. */
function parserOf(...[type, format]: Parameters<typeof pg.types.getTypeParser>): TypeParser {
  return type === pg.types.builtins.INT8
    ? Number
    : (pg.types.getTypeParser(type, format) as TypeParser);
}

/** @throws StoreError when a commit is acknowledged before it is on the disk */
async function requireDurable(db: Database): Promise<void> {
  const { rows } = await sql<{ readonly fsync: string; readonly commits: string }>`
    select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commits
  `.execute(db);
  const [settings] = rows;
  const isDurable = settings?.fsync === 'on' && settings.commits !== 'off';
  if (isDurable) return;
  throw new StoreError(
    'not-durable',
    `PostgreSQL would lose what it acknowledges: fsync is ${settings?.fsync ?? 'unknown'} and ` +
      `synchronous_commit is ${settings?.commits ?? 'unknown'}. Both must be on.`,
  );
}
