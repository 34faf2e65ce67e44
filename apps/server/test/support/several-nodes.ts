import { join } from 'node:path';
import { after, beforeEach, type TestContext } from 'node:test';
import { startValkey, type TestValkey } from '@farandole/cluster/test/valkey-server';
import { ask } from '@farandole/e2e/http';
import { startPostgres } from '@farandole/storage/test/postgres';
import { CommandLine } from './command-line.ts';
import { TestPage, type TestPageOptions } from './test-page.ts';
import { temporaryFolder } from './test-server.ts';

/** Settings that nodes share. */
export interface SharedEnv extends Readonly<Record<string, string>> {
  readonly FARANDOLE_DATABASE_URL: string;
  readonly FARANDOLE_KEYS_FILE: string;
  readonly FARANDOLE_VALKEY_URL: string;
  readonly FARANDOLE_METRICS_PORT: string;
}

export interface NodeServers {
  readonly valkey: TestValkey;
  /** Creates a database and a keys file, which several nodes can use. */
  sharedEnv(t: TestContext): Promise<SharedEnv>;
}

interface Measured {
  readonly metricsPort: number | null;
}

/** Starts the servers that nodes need, for all tests of a file. Each test finds Valkey empty. */
export async function startNodeServers(password?: string): Promise<NodeServers> {
  const postgres = await startPostgres();
  const valkey = await startValkey(password === undefined ? {} : { password });
  after(async () => {
    await postgres.stop();
    await valkey.stop();
  });
  beforeEach(async () => void (await valkey.command('FLUSHALL')));
  return {
    valkey,
    sharedEnv: async (t) => {
      const folder = await temporaryFolder(t);
      await new CommandLine(folder).says('keys', 'init');
      return {
        FARANDOLE_DATABASE_URL: await postgres.createDatabase(),
        FARANDOLE_KEYS_FILE: join(folder, 'keys.json'),
        FARANDOLE_VALKEY_URL: valkey.url,
        FARANDOLE_METRICS_PORT: '0',
      };
    },
  };
}

/** @param name name of a metric with its labels, as a regular expression */
export async function metricOf({ metricsPort }: Measured, name: string): Promise<number> {
  const { text } = await ask({ port: metricsPort ?? 0, path: '/metrics' });
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text())?.[1]);
}

/** Resolves when all these nodes know each other. */
export async function untilJoined(nodes: readonly Measured[]): Promise<void> {
  for (const node of nodes) while ((await metricOf(node, 'farandole_nodes')) !== nodes.length);
}

/** Opens a session of an adult. A node that just started sends users to another node. */
export async function arriveAt(
  t: TestContext,
  { port }: { readonly port: number },
  options: TestPageOptions = {},
): Promise<TestPage> {
  for (;;) {
    const page = new TestPage(t, port, options);
    try {
      await page.arrive();
      return page;
    } catch (error) {
      if (page.closed?.reason !== 'other-node') throw error;
    }
  }
}
