import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { CONNECT_TIMEOUT_MS, IDLE_IN_TRANSACTION_MS, STATEMENT_TIMEOUT_MS } from '../limits.ts';
import { migrate } from '../migrate.ts';
import type { Database, Schema } from '../schema.ts';
import { asStoreError, StoreError } from '../store-error.ts';

type TypeParser = (text: string) => unknown;

/** How what is said to a database gets there. */
export type Way = 'on this machine' | 'over checked TLS' | 'in clear';

const WAY_RIGHT =
  'It is on another machine, and its address does not have the way there encrypted and checked. ' +
  'Add ?sslmode=verify-full to it, and &sslrootcert=FILE with an authority of your own; ' +
  'or ?sslmode=disable, where nobody but you can reach into the network between.';

/**
 * How what is said to a database would get there, by what the driver makes of its address: nothing
 * is left to what a mode of TLS means in one version of it or another.
 *
 * @throws StoreError when that is not `checked` over a network, and the address does not say
 *   `sslmode=disable` itself
 */
export function wayTo(url: string): Way {
  const { host, ssl } = connectionOf(url);
  const isHere =
    host.startsWith('/') ||
    ['localhost', '::1'].includes(host) ||
    /^127(?:\.\d{1,3}){3}$/.test(host);
  if (isHere) return 'on this machine';
  if (isChecked(ssl)) return 'over checked TLS';
  const asks = URL.parse(url)?.searchParams.getAll('sslmode') ?? [];
  if (ssl === false && asks.includes('disable')) return 'in clear';
  throw new StoreError('in-clear', WAY_RIGHT);
}

/** @throws StoreError when the driver cannot use the address, or a file that it names */
function connectionOf(url: string): { readonly host: string; readonly ssl: unknown } {
  try {
    return new pg.Client({ connectionString: url });
  } catch (error) {
    throw asStoreError(error);
  }
}

/** `true`, or the options of a connection of TLS, of which none lets another server pass. */
function isChecked(ssl: unknown): boolean {
  if (typeof ssl !== 'object' || ssl === null) return ssl === true;
  const takesAnybody = 'rejectUnauthorized' in ssl && ssl.rejectUnauthorized === false;
  return !takesAnybody && !('checkServerIdentity' in ssl);
}

/**
 * Opens a database of PostgreSQL, brought to this version's schema unless it is wanted as it is.
 *
 * @param url as in `postgres://user:password@host/database`
 * @throws StoreError when it cannot be reached, or only in clear without its address saying so, is of
 *   a later version, or would not keep what it acknowledges
 */
export async function openPostgres(
  url: string,
  schema: 'this version' | 'as it is' = 'this version',
): Promise<Database> {
  wayTo(url);
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
