import { CamelCasePlugin, Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import {
  ANSWER_MS,
  BEGIN_ANSWERED_MS,
  CONNECT_TIMEOUT_MS,
  HOUSEKEEPER_SILENT_MS,
  IDLE_IN_TRANSACTION_MS,
  LOCK_TIMEOUT_MS,
  NODE_IDLE_IN_TRANSACTION_MS,
  OUTCOME_KNOWN_MS,
  PEER_GONE_MS,
  READ_STATEMENT_TIMEOUT_MS,
  READS_MAX,
  STATEMENT_TIMEOUT_MS,
  WRITE_STATEMENT_TIMEOUT_MS,
} from '../limits.ts';
import { migrate } from '../migrate.ts';
import type { Database, Schema } from '../schema.ts';
import { asStoreError, StoreError } from '../store-error.ts';
import { isUnanswered } from './postgres-error.ts';
import { APPLICATION } from './stuck-nodes.ts';

type TypeParser = (text: string) => unknown;

export type PostgresRoute = 'on this machine' | 'over checked TLS' | 'in clear';

const WAY_RIGHT =
  'It is on another machine, and its URL doesn’t require an encrypted and verified connection. ' +
  'Add ?sslmode=verify-full, and &sslrootcert=FILE for your own authority; ' +
  'or ?sslmode=disable, if only you can reach the network between them.';

/**
 * Returns how the connection is protected. Reads the driver's parsed options, because the meaning
 * of TLS modes differs between driver versions.
 * @throws StoreError when the URL leads to another machine without verified TLS, unless it has
 * `sslmode=disable`
 */
export function wayTo(url: string): PostgresRoute {
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

/**
 * Returns host and TLS options as the driver reads them from the URL. @throws StoreError when
 * the driver rejects the URL or a file that the URL names
 */
function connectionOf(url: string): { readonly host: string; readonly ssl: unknown } {
  try {
    return new pg.Client({ connectionString: url });
  } catch (error) {
    throw asStoreError(error);
  }
}

/** Returns whether the TLS options verify both the certificate and the host name. */
function isChecked(ssl: unknown): boolean {
  if (typeof ssl !== 'object' || ssl === null) return ssl === true;
  const takesAnybody = 'rejectUnauthorized' in ssl && ssl.rejectUnauthorized === false;
  return !takesAnybody && !('checkServerIdentity' in ssl);
}

/**
 * Opens PostgreSQL. Migrates the database unless `schema` is 'as it is'.
 * @param url as in `postgres://user:password@host/database`
 * @throws StoreError when the server is unreachable, the connection would be unencrypted without an
 * explicit setting, the database is of a later version, or commits aren't durable
 */
export async function openPostgres(
  url: string,
  schema: 'this version' | 'as it is' = 'this version',
): Promise<Database> {
  wayTo(url);
  const db = connect(url, {
    max: 1,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
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

/** The connection on which a node asks about transactions of itself and of other nodes. */
export interface ControlConnection {
  readonly db: Database;
  /** Returns a number that changes with each new connection. Null while there is none. */
  session(): number | null;
}

export interface NodeConnections {
  readonly reads: Database;
  readonly ledger: Database;
  readonly audit: Database;
  readonly control: ControlConnection;
  close(): Promise<void>;
}

/** Connects a node to a database that `openPostgres` has opened before. */
export async function connectNode(url: string): Promise<NodeConnections> {
  const read = {
    statement_timeout: READ_STATEMENT_TIMEOUT_MS,
    query_timeout: READ_STATEMENT_TIMEOUT_MS + ANSWER_MS,
    idle_in_transaction_session_timeout: NODE_IDLE_IN_TRANSACTION_MS,
    options: optionsOf(GONE),
  };
  const write = {
    max: 1,
    // Keeps the connection, because it may hold the lock of the housekeeping node.
    idleTimeoutMillis: 0,
    statement_timeout: WRITE_STATEMENT_TIMEOUT_MS,
    query_timeout: WRITE_STATEMENT_TIMEOUT_MS + ANSWER_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: NODE_IDLE_IN_TRANSACTION_MS,
  };
  const reads = connect(url, { ...read, max: READS_MAX });
  const ledger = connect(url, { ...write, options: optionsOf(GONE) });
  const audit = connect(url, {
    ...write,
    options: optionsOf({ ...GONE, idle_session_timeout: HOUSEKEEPER_SILENT_MS }),
  });
  const control = connectControl(url, read);
  try {
    await sql`select 1`.execute(control.db);
  } catch (error) {
    await control.db.destroy();
    throw asStoreError(error);
  }
  const all = [reads, ledger, audit, control.db];
  const close = async (): Promise<void> => {
    await Promise.all(all.map((db) => db.destroy()));
  };
  return { reads, ledger, audit, control, close };
}

function connectControl(url: string, options: pg.PoolConfig): ControlConnection {
  const pool = poolOf(url, {
    ...options,
    max: 1,
    idleTimeoutMillis: 0,
    query_timeout: OUTCOME_KNOWN_MS,
    connectionTimeoutMillis: OUTCOME_KNOWN_MS,
  });
  let sessions = 0;
  pool.on('connect', () => {
    sessions += 1;
  });
  return { db: databaseOf(pool), session: () => (pool.totalCount > 0 ? sessions : null) };
}

/** Settings with which PostgreSQL notices that a node's machine is gone. They concern TCP only. */
const GONE = {
  tcp_user_timeout: PEER_GONE_MS,
  tcp_keepalives_idle: PEER_GONE_MS / 1_000,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 2,
};

function optionsOf(settings: Readonly<Record<string, number>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

function connect(url: string, options: pg.PoolConfig): Database {
  return databaseOf(poolOf(url, options));
}

function poolOf(url: string, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: PEER_GONE_MS,
    application_name: APPLICATION,
    types: { getTypeParser: parserOf },
    Client: PoolClient,
    ...options,
  });
  // The pool emits this event when an idle connection fails. Without a listener the event would
  // end the process. The error isn't lost, because a running command gets its own error and the
  // next command reconnects.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

function databaseOf(pool: pg.Pool): Database {
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin()],
  });
}

type Query = (text: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;

/**
 * A client that closes its connection if it can't sign in, or gets no answer in time. The driver
 * leaves a connection open on which it can't sign in, and the process then can't end until the
 * database closes the connection after a minute. The driver also gives a connection without an
 * answer to the next transaction, which waits in vain too, until the system gives up the connection
 * after a quarter of an hour.
 */
class PoolClient extends pg.Client {
  // The cast is safe because Kysely calls no other form of the method.
  override readonly query = (async (text, values = []) => {
    const begins = text.startsWith('start transaction');
    const config = { text, values, ...(begins && { query_timeout: BEGIN_ANSWERED_MS }) };
    try {
      return await (super.query as (config: object) => Promise<pg.QueryResult>)(config);
    } catch (error) {
      if (isUnanswered(error)) void this.end();
      throw error;
    }
  }) satisfies Query as pg.Client['query'];

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    if (callback === undefined) return super.connect();
    super.connect((error: Error | null) => {
      if (error !== null && error !== undefined) this.end(() => {});
      callback(namedError(error) as Error);
    });
    return undefined;
  }
}

/** The driver's own text names a step of the protocol, but not what the operator must change. */
function namedError(error: Error | null): Error | null {
  if (!error?.message.includes('client password must be a string')) return error;
  return new StoreError('failed', 'The database wants a password, and its URL contains none.', {
    cause: error,
  });
}

/** Returns a parser that reads PostgreSQL's 64-bit integers as numbers. */
function parserOf(...[type, format]: Parameters<typeof pg.types.getTypeParser>): TypeParser {
  return type === pg.types.builtins.INT8
    ? Number
    : (pg.types.getTypeParser(type, format) as TypeParser);
}

/** @throws StoreError when PostgreSQL acknowledges commits before they are on disk */
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
