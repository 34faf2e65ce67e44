import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Clock } from '@farandole/kernel/clock';
import { TextEncryption } from '@farandole/storage/text-encryption';
import { RUNNING } from '../../src/config/runtime.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { Log, LogEvent } from '../../src/observe/log.ts';
import type { PushRoute } from '../../src/push/push-route.ts';
import { type RunningServer, startServer } from '../../src/start-server.ts';
import type { StoreThread } from '../../src/store/open-store.ts';
import { atEnd, type Ends } from './ends.ts';

export const INDEX_HTML = '<!doctype html><html lang="en"><title>A page of a test</title></html>\n';
export const CONSOLE_HTML = '<!doctype html><title>console</title>';
export const SCRIPT = `export const words = ${JSON.stringify('farandole '.repeat(200))};\n`;

/** A real server in this process with its own port. The end of the test closes it. */
export interface TestServer extends RunningServer {
  readonly dataDir: string;
  readonly pagesDir: string;
  readonly events: readonly LogEvent[];
  /** Closes the server properly and starts another on the same data, with a new port. */
  restart(): Promise<TestServer>;
}

export interface TestServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly dataDir?: string;
  readonly clock?: Clock;
  readonly acceptsDate?: boolean;
  readonly acceptsLoss?: boolean;
  readonly refusedLingerMs?: number;
  /** Where notifications may be sent. By default to known push services at public addresses. */
  readonly pushRoute?: PushRoute;
  /**
   * Thread in which the store runs. `here` by default, because loading the store in another
   * thread takes as long as the rest of the start.
   */
  readonly storeIn?: StoreThread;
  /** Receives the log events, in addition to the server's own observers. */
  readonly log?: Log;
}

export async function startTestServer(
  t: Ends,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await temporaryFolder(t));
  const pagesDir = await builtPage(t);
  const events: LogEvent[] = [];
  const server = await startServer({
    // Proofs of work are short, except in tests of their length.
    config: testConfig({ FARANDOLE_DATA_DIR: dataDir, FARANDOLE_PROOF_MS: '1', ...options.env }),
    pagesDir,
    // The server closes violators at once, except in tests of the delay.
    refusedLingerMs: options.refusedLingerMs ?? 0,
    storeIn: options.storeIn ?? 'here',
    acceptsDate: options.acceptsDate ?? false,
    acceptsLoss: options.acceptsLoss ?? false,
    log: (event) => {
      events.push(event);
      options.log?.(event);
    },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.pushRoute === undefined ? {} : { pushRoute: options.pushRoute }),
  });
  atEnd(t, () => server.close());
  return {
    ...server,
    dataDir,
    pagesDir,
    events,
    restart: async () => {
      await server.close();
      return await startTestServer(t, { ...options, dataDir });
    },
  };
}

/** Starts a server whose data the test opens too, as the command line does. */
export function startSharedServer(t: Ends, options: TestServerOptions = {}): Promise<TestServer> {
  return startTestServer(t, { storeIn: 'its own thread', ...options });
}

/** A configuration with a free port and the given settings. */
export function testConfig(env: Readonly<Record<string, string>>): Config {
  const loaded = loadConfig({ PORT: '0', FARANDOLE_RUNTIME: RUNNING, ...env }, null);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

export async function temporaryFolder(t: Ends): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-server-'));
  atEnd(t, () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Key that encrypts reports in tests. A real server derives this key from its key file. */
export const TEST_SEAL = new TextEncryption(new Uint8Array(32).fill(9));

export async function builtPage(t: Ends): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), INDEX_HTML);
  await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await mkdir(join(folder, 'console', 'assets'), { recursive: true });
  await writeFile(join(folder, 'console', 'index.html'), CONSOLE_HTML);
  await writeFile(join(folder, 'console', 'assets', 'main-def456.js'), SCRIPT);
  const script = join(folder, 'assets', 'main-abc123.js');
  await writeFile(script, SCRIPT);
  await writeFile(`${script}.br`, brotliCompressSync(SCRIPT));
  await writeFile(`${script}.gz`, gzipSync(SCRIPT));
  return folder;
}
