import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { startMain } from '../../support/main-process.ts';
import { builtPage, temporaryFolder } from '../../support/test-server.ts';

export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** The shipped program in a separate process, which the test observes only from outside. */
export interface AttackedServer {
  readonly port: number;
  readonly dataDir: string;
  /** Exit code of the program; null while it runs. */
  exitCode(): number | null;
  /**
   * Returns the program's log.
   * @throws AssertionError if stdout has other lines or stderr isn't empty
   */
  log(): readonly LogLine[];
  output(): string;
  metrics(): Promise<string>;
  openSockets(): number;
  residentMib(): number;
  kill(): Promise<void>;
}

export interface AttackedServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly dataDir?: string;
}

const GREETING =
  /^(?:Farandole is at|The page is served at|Metrics are at|No members yet: .* at) https?:\/\/\S+$/;

export async function startAttackedServer(
  t: TestContext,
  options: AttackedServerOptions = {},
): Promise<AttackedServer> {
  const dataDir = options.dataDir ?? join(await temporaryFolder(t), 'data');
  const program = startMain(t, ['--pages', await builtPage(t)], {
    PORT: '0',
    FARANDOLE_DATA_DIR: dataDir,
    FARANDOLE_METRICS_PORT: '0',
    FARANDOLE_LOG_LEVEL: 'debug',
    // No proofs of work, because the attackers would spend most of their time on proofs.
    FARANDOLE_PROOF_MS: '0',
    ...options.env,
  });
  const portOf = async (pattern: RegExp): Promise<number> =>
    Number((await program.printed(pattern))[1]);
  const port = await portOf(/^Farandole is at http:\/\/localhost:(\d+)$/m);
  const metricsPort = await portOf(/^Metrics are at http:\/\/127\.0\.0\.1:(\d+)\/metrics$/m);
  const pid = program.child.pid ?? Number.NaN;
  return {
    port,
    dataDir,
    exitCode: () => program.child.exitCode,
    log: () => {
      assert.equal(program.stderr(), '');
      return linesOf(program.stdout())
        .filter((line) => !GREETING.test(line))
        .map(parseLine);
    },
    output: () => program.stdout() + program.stderr(),
    metrics: async () => (await ask({ port: metricsPort, path: '/metrics' })).text(),
    // Counts the open sockets at the server's two ports, except the listening ones.
    openSockets: () => connectionsAt(pid, new Set([port, metricsPort])),
    residentMib: () => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
    },
    kill: async () => {
      program.child.kill('SIGKILL');
      await program.ended;
    },
  };
}

function linesOf(text: string): readonly string[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}

function parseLine(line: string): LogLine {
  const parsed: unknown = JSON.parse(line);
  assert.ok(typeof parsed === 'object' && parsed !== null && 'event' in parsed, line);
  return parsed as LogLine;
}

/** State of a listening socket in `/proc/net/tcp` (`TCP_LISTEN` in Linux's `net/tcp_states.h`). */
const LISTENING = '0A';

/**
 * Counts a process's sockets at local ports, from `/proc/PID/net/tcp` and the process's open files.
 */
function connectionsAt(pid: number, ports: ReadonlySet<number>): number {
  const inodes = new Set<string>();
  for (const table of ['tcp', 'tcp6']) {
    const rows = readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1);
    for (const row of rows) {
      const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/);
      if (inode === undefined || state === LISTENING) continue;
      if (ports.has(Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)))
        inodes.add(inode);
    }
  }
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((file) => inodes.has(inodeOf(join(folder, file)))).length;
}

function inodeOf(file: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(file))?.[1] ?? '';
  } catch {
    // The process closed this socket after the list was read.
    return '';
  }
}
