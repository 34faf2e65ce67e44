import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@farandole/e2e/free-port';
import { Valkey } from 'iovalkey';

/** A Valkey server on loopback that keeps nothing on disk. */
export interface TestValkey {
  readonly url: string;
  readonly port: number;
  /** Id of the process. `start` changes it. */
  readonly pid: number;
  /** Runs one command and returns its reply. */
  command(name: string, ...args: readonly (string | number)[]): Promise<unknown>;
  /** Stops the process without ending it, so that its connections stay open and silent. */
  pause(): void;
  resume(): void;
  kill(): Promise<void>;
  /** Starts the server again, on the same port and empty. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestValkeyOptions {
  readonly password?: string;
  /** Further settings, such as `--replicaof 127.0.0.1 6379`. */
  readonly settings?: readonly string[];
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
}

const PROGRAM = 'valkey-server';
const TRIES = 5;

interface Launched extends Running {
  /** False if the process ended first. */
  readonly isReady: boolean;
  /** Returns the output of the process so far. */
  readonly said: () => string;
}

/** Starts the program. Resolves when its output contains `ready` or it has ended. */
async function launch(args: readonly string[], ready: string): Promise<Launched> {
  const child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let said = '';
  child.stdout.setEncoding('utf8');
  const isReady = await new Promise<boolean>((resolve) => {
    child.stdout.on('data', (chunk: string) => {
      said += chunk;
      if (said.includes(ready)) resolve(true);
    });
    void ended.then(() => resolve(false));
  });
  return { child, ended, isReady, said: () => said };
}

export async function startValkey(options: TestValkeyOptions = {}): Promise<TestValkey> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-valkey-'));
  const { password, settings = [] } = options;
  const guard = password === undefined ? [] : ['--requirepass', password];
  const run = async (port: number): Promise<Running | null> => {
    const fixed = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
    const { child, ended, isReady, said } = await launch(
      [...fixed, '--appendonly', 'no', ...guard, ...settings],
      'Ready to accept connections',
    );
    if (isReady) return { child, ended };
    if (said().includes('Address already in use')) return null;
    throw new Error(`Valkey did not start:\n${said()}`);
  };
  let port = 0;
  let running: Running | null = null;
  // Another process may take the free port first.
  for (let tries = 0; running === null && tries < TRIES; tries += 1) {
    port = await freePort();
    running = await run(port);
  }
  if (running === null) throw new Error('Valkey found no free port.');
  let server = running;
  const end = async (): Promise<void> => {
    server.child.kill('SIGCONT');
    server.child.kill('SIGKILL');
    await server.ended;
  };
  return {
    url: `valkey://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
    port,
    get pid() {
      return server.child.pid ?? -1;
    },
    command: async (name, ...args) => {
      const client = new Valkey({ port, ...(password !== undefined && { password }) });
      try {
        return await client.call(name, ...args);
      } finally {
        client.disconnect();
      }
    },
    pause: () => void server.child.kill('SIGSTOP'),
    resume: () => void server.child.kill('SIGCONT'),
    kill: end,
    start: async () => {
      const again = await run(port);
      if (again === null) throw new Error(`Port ${port} was taken by another process.`);
      server = again;
    },
    stop: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A Sentinel that promotes the replica of a server that doesn't answer for a second. */
export interface TestSentinel {
  /** Name of the watched service. */
  readonly service: string;
  readonly port: number;
  /** Returns the port of the server that the Sentinel names as the primary. */
  primaryPort(): Promise<number>;
  /** Returns the Sentinel's output so far. */
  said(): string;
  stop(): Promise<void>;
}

export async function startSentinel(serverPort: number): Promise<TestSentinel> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-sentinel-'));
  const service = 'main';
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  // After a promotion, the Sentinel may open its connection to the new primary a second late. If it
  // took a second of silence for a fault, it would promote the earlier primary again.
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${service} 127.0.0.1 ${serverPort} 1`,
    `sentinel down-after-milliseconds ${service} 2000`,
    `sentinel failover-timeout ${service} 3000`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const { child, ended, isReady, said } = await launch([file, '--sentinel'], '+monitor master');
  if (!isReady) throw new Error(`The Sentinel did not start:\n${said()}`);
  return {
    service,
    port,
    said,
    primaryPort: async () => {
      const client = new Valkey({ port });
      try {
        const address = await client.call('SENTINEL', 'get-master-addr-by-name', service);
        return Number((address as readonly unknown[])[1]);
      } finally {
        client.disconnect();
      }
    },
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
