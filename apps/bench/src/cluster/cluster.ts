import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  startSentinel,
  startValkey,
  type TestSentinel,
  type TestValkey,
} from '@farandole/cluster/test/valkey-server';
import { type Coturn, startCoturn } from '@farandole/e2e/coturn';
import { freePort } from '@farandole/e2e/free-port';
import { ROOT } from '@farandole/e2e/process';
import { startPostgres, type TestPostgres } from '@farandole/storage/test/postgres';
import { ClusterNode } from './cluster-node.ts';
import { type CuttableLink, startLink, type Upstream } from './cuttable-link.ts';
import { type Proxy, startProxy } from './proxy.ts';

export interface ClusterOptions {
  readonly nodes: number;
  /** Further settings of every node. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether to start coturn, which only browsers need. */
  readonly hasRelay: boolean;
  /** Whether Valkey has a replica, and a Sentinel that promotes it. */
  readonly hasSentinel?: boolean;
  /** Whether clients may connect to the nodes without the proxy. */
  readonly isDirect?: boolean;
  /** Server to which each node has its own link, which a fault can cut. */
  readonly linkedTo?: 'valkey' | 'postgres' | undefined;
}

/** Several nodes with everything that they need, all on loopback and in one temporary folder. */
export interface Cluster {
  /** Address of the page. */
  readonly origin: string;
  readonly nodes: readonly ClusterNode[];
  /** Links of the nodes to the server of `linkedTo`, by name of the node. */
  readonly links: ReadonlyMap<string, CuttableLink>;
  readonly proxy: Proxy;
  readonly valkey: TestValkey;
  /** Replica of `valkey` at the start; null without a Sentinel. */
  readonly replica: TestValkey | null;
  readonly sentinel: TestSentinel | null;
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  /** Settings of the operator's command line. */
  readonly operatorEnv: Readonly<Record<string, string>>;
  /** Makes a data folder. @returns settings of one more node */
  freshSettings(): Promise<Readonly<Record<string, string>>>;
  /** Makes another keys file. @returns the settings that a node needs to use it */
  otherKeys(): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

/** PostgreSQL's name for the socket of port 5432. */
const POSTGRES_SOCKET = '.s.PGSQL.5432';
const URL_SETTINGS = {
  valkey: 'FARANDOLE_VALKEY_URL',
  postgres: 'FARANDOLE_DATABASE_URL',
} as const;
const COMMAND_LINE = join(ROOT, 'apps/server/src/cli/main.ts');

/** Starts the servers, then the nodes, then the proxy. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-cluster-'));
  const ends: (() => Promise<unknown>)[] = [
    () => rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  ];
  const stop = async (): Promise<void> => {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  };
  try {
    await mkdir(join(folder, 'keys'));
    const valkey = await startValkey();
    ends.push(() => valkey.stop());
    const watched = options.hasSentinel === true ? await watch(valkey, ends) : null;
    const postgres = await startPostgres();
    ends.push(() => postgres.stop());
    const databaseUrl = await postgres.createDatabase();
    const httpsPort = await freePort();
    const origin = `https://localhost:${httpsPort}`;
    const ports: number[] = [];
    while (ports.length < options.nodes) ports.push(await freePort());
    const direct = options.isDirect === true ? ports.map((port) => `http://localhost:${port}`) : [];
    const env = {
      FARANDOLE_DATABASE_URL: databaseUrl,
      FARANDOLE_KEYS_FILE: join(folder, 'keys', 'keys.json'),
      FARANDOLE_VALKEY_URL: watched?.url ?? valkey.url,
      FARANDOLE_ORIGINS: [origin, ...direct].join(),
      FARANDOLE_TRUSTED_PROXIES: '127.0.0.1,::1',
      ...(options.hasRelay ? relaySettings(await startRelay(ends)) : {}),
      ...options.env,
    };
    const operatorEnv = { ...env, FARANDOLE_DATA_DIR: join(folder, 'operator') };
    await mkdir(operatorEnv.FARANDOLE_DATA_DIR);
    await runCommand(operatorEnv, 'keys', 'init');
    const nodes: ClusterNode[] = [];
    const links = new Map<string, CuttableLink>();
    const linkedUrl =
      options.linkedTo === 'postgres' ? env.FARANDOLE_DATABASE_URL : env.FARANDOLE_VALKEY_URL;
    for (const [index, port] of ports.entries()) {
      const name = `node${index + 1}`;
      const dataDir = join(folder, name);
      await mkdir(dataDir);
      const linked: Record<string, string> = {};
      if (options.linkedTo !== undefined) {
        const link = await startLink(upstreamOf(linkedUrl));
        ends.push(() => link.stop());
        links.set(name, link);
        linked[URL_SETTINGS[options.linkedTo]] = overLink(linkedUrl, link);
      }
      const node = new ClusterNode(name, {
        ...env,
        ...linked,
        PORT: String(port),
        FARANDOLE_DATA_DIR: dataDir,
        FARANDOLE_METRICS_PORT: String(await freePort()),
      });
      ends.push(() => node.kill());
      nodes.push(node);
    }
    // The first node makes the tables, so the others start after it.
    const [first, ...others] = nodes;
    await first?.start();
    await Promise.all(others.map((node) => node.start()));
    await Promise.all(nodes.map((node) => node.joined()));
    const proxy = await startProxy(folder, httpsPort, nodes);
    ends.push(() => proxy.stop());
    const freshSettings = async (): Promise<Readonly<Record<string, string>>> => {
      const dataDir = await mkdtemp(join(folder, 'fresh-'));
      return { ...env, FARANDOLE_DATA_DIR: dataDir, FARANDOLE_METRICS_PORT: '0', PORT: '0' };
    };
    const otherKeys = async (): Promise<Readonly<Record<string, string>>> => {
      const settings = await freshSettings();
      const other = {
        FARANDOLE_KEYS_FILE: join(settings['FARANDOLE_DATA_DIR'] ?? '', 'keys.json'),
        // The database of the cluster would refuse these keys first.
        FARANDOLE_DATABASE_URL: await postgres.createDatabase(),
      };
      await runCommand({ ...settings, ...other }, 'keys', 'init');
      return other;
    };
    return {
      ...{ origin, nodes, links, proxy, valkey, postgres, databaseUrl, operatorEnv, stop },
      ...{ freshSettings, otherKeys },
      replica: watched?.replica ?? null,
      sentinel: watched?.sentinel ?? null,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Returns the server of a URL: a port on loopback, or PostgreSQL's Unix socket in a folder. */
function upstreamOf(url: string): Upstream {
  const { hostname, port } = new URL(url);
  const host = decodeURIComponent(hostname);
  return host.startsWith('/') ? { path: join(host, POSTGRES_SOCKET) } : { port: Number(port) };
}

function overLink(url: string, { port }: CuttableLink): string {
  const linked = new URL(url);
  linked.host = `127.0.0.1:${port}`;
  return linked.href;
}

/** Starts a replica, and a Sentinel that promotes it if the other server doesn't answer. */
async function watch(
  valkey: TestValkey,
  ends: (() => Promise<unknown>)[],
): Promise<{
  readonly replica: TestValkey;
  readonly sentinel: TestSentinel;
  readonly url: string;
}> {
  const replica = await startValkey({
    settings: ['--replicaof', '127.0.0.1', String(valkey.port)],
  });
  ends.push(() => replica.stop());
  const sentinel = await startSentinel(valkey.port);
  ends.push(() => sentinel.stop());
  const url = `valkey+sentinel://127.0.0.1:${sentinel.port}/${sentinel.service}`;
  return { replica, sentinel, url };
}

async function startRelay(ends: (() => Promise<unknown>)[]): Promise<Coturn> {
  const coturn = await startCoturn();
  ends.push(() => coturn.stop());
  return coturn;
}

function relaySettings({ url, secret }: Coturn): Readonly<Record<string, string>> {
  return { FARANDOLE_TURN_URLS: url, FARANDOLE_TURN_SECRET: secret };
}

/** Runs a command of the operator's command line and returns what it printed. */
export async function runCommand(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [COMMAND_LINE, ...args], {
    env: { ...process.env, ...env },
  });
  return stdout;
}
