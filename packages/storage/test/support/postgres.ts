import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { openPostgres } from '../../src/postgres/postgres-database.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Folder in which Debian installs each version of PostgreSQL. */
const DEBIAN = '/usr/lib/postgresql';

/** The user who must give a password. */
const GUARDED = 'guarded';

/** A PostgreSQL server that listens on a Unix socket in a temporary folder. */
export interface TestPostgres {
  /** Folder of PostgreSQL's programs, or an empty string if they are on the path. */
  readonly programs: string;
  /** Creates an empty database. @returns the database's URL */
  createDatabase(): Promise<string>;
  /** Creates a database with the tables of this version, faster than a store does. @returns its URL */
  createMigrated(): Promise<string>;
  /** Executes a statement in a database. */
  query(url: string, statement: string): Promise<void>;
  /** Creates an empty database for a new user. @returns the URLs with and without the password */
  createGuarded(): Promise<{ readonly url: string; readonly withoutPassword: string }>;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Server {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
}

export interface PostgresOptions {
  /** Extra settings of the PostgreSQL server, such as `fsync=off`. */
  readonly settings?: readonly string[];
}

export async function startPostgres({
  settings = [],
}: PostgresOptions = {}): Promise<TestPostgres> {
  const folder = await temporaryFolder();
  const as = await owner();
  if (as !== null) await chown(folder.path, as.uid, as.gid);
  const programs = await programsFolder();
  const data = join(folder.path, 'data');
  const options = { ...as, cwd: folder.path };
  await promisify(execFile)(
    join(programs, 'initdb'),
    [
      ['--pgdata', data],
      ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
    ].flat(),
    options,
  );
  const rules = join(data, 'pg_hba.conf');
  const trust = await readFile(rules, 'utf8');
  await writeFile(rules, `local all ${GUARDED} scram-sha-256\n${trust}`);
  const all = [
    'listen_addresses=',
    `unix_socket_directories=${folder.path}`,
    'max_connections=60',
    'shared_buffers=16MB',
    ...settings,
  ];
  const args = ['-D', data, ...all.flatMap((setting) => ['-c', setting])];
  const start = async (): Promise<Server> => {
    const child = spawn(join(programs, 'postgres'), args, {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'close');
    let said = '';
    child.stderr.setEncoding('utf8');
    const ready = new Promise<boolean>((resolve) => {
      child.stderr.on('data', (chunk: string) => {
        said += chunk;
        if (said.includes('database system is ready to accept connections')) resolve(true);
      });
      void ended.then(() => resolve(false));
    });
    if (await ready) return { child, ended };
    // Tries again, because the processes of a killed server may take a moment to end.
    if (said.includes('pre-existing shared memory block')) return await start();
    throw new Error(`PostgreSQL did not start:\n${said}`);
  };
  let server = await start();
  let databases = 0;
  const urlOf = (database: string): string =>
    `postgres://postgres@${encodeURIComponent(folder.path)}/${database}`;
  const execute = async (url: string, ...statements: readonly string[]): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const nextName = (): string => {
    databases += 1;
    return `farandole_${databases}`;
  };
  const create = async (template = 'template0'): Promise<string> => {
    const name = nextName();
    await execute(urlOf('postgres'), `create database ${name} template ${template}`);
    return urlOf(name);
  };
  const createTemplate = async (): Promise<string> => {
    const url = await create();
    await (await openPostgres(url)).destroy();
    return new URL(url).pathname.slice(1);
  };
  let template: Promise<string> | null = null;
  return {
    programs,
    createDatabase: () => create(),
    createMigrated: async () => {
      template ??= createTemplate();
      return await create(await template);
    },
    query: execute,
    createGuarded: async () => {
      const name = nextName();
      await execute(
        urlOf('postgres'),
        `create role ${GUARDED} login password 'a-password'`,
        `create database ${name} owner ${GUARDED} template template0`,
      );
      const url = urlOf(name);
      return {
        url: url.replace('postgres@', `${GUARDED}:a-password@`),
        withoutPassword: url.replace('postgres@', `${GUARDED}@`),
      };
    },
    kill: async () => {
      server.child.kill('SIGKILL');
      await server.ended;
    },
    start: async () => {
      server = await start();
    },
    stop: async () => {
      // SIGINT requests PostgreSQL's fast shutdown, which closes the clients' connections.
      server.child.kill('SIGINT');
      await server.ended;
      await folder.remove();
    },
  };
}

/**
 * Returns the user of Debian's PostgreSQL package if this process runs as root, because
 * PostgreSQL refuses to run as root. Otherwise null.
 */
async function owner(): Promise<{ readonly uid: number; readonly gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === 'postgres') return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('There is no user postgres for PostgreSQL to run as.');
}

/**
 * Returns the folder of the newest PostgreSQL version's programs, or an empty string if the
 * programs are on the path.
 */
async function programsFolder(): Promise<string> {
  const versions = await readdir(DEBIAN).catch((): string[] => []);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? '' : join(DEBIAN, newest, 'bin');
}
