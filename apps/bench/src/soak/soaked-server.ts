import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUN_COMMAND } from '@farandole/e2e/bun';
import { ROOT, startProgram } from '@farandole/e2e/process';
import { assertDefined } from '@farandole/kernel/assert';
import { DEBUGGER_URL, startContender } from '../load/contender.ts';
import { Inspector } from '../load/inspector.ts';
import { type Descriptors, descriptorsOf, residentKibOf } from '../load/process-figures.ts';
import { DelayWatch } from './delay-watch.ts';
import { LogWatch } from './log-watch.ts';
import { type Gauges, readGauges, type SoakRuntime } from './metrics-text.ts';

export interface Holdings {
  readonly residentKib: number;
  /** The runtime's used heap plus external memory, in KiB. */
  readonly heapKib: number;
  readonly descriptors: Descriptors;
  /** Active resources of Node by kind. Bun lists none. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Runs the shipped node in a separate process with a fresh data folder. */
export interface SoakedServer {
  readonly port: number;
  readonly log: LogWatch;
  /** The last output of the node, once it has exited; null while it runs. */
  ended(): string | null;
  collectGarbage(): Promise<void>;
  holdings(): Promise<Holdings>;
  gauges(): Promise<Gauges>;
  readonly delays: DelayWatch;
  /** Stops the node. After SIGTERM the node first waits for users who lost their connection. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const PRINTED_LAST_CHARS = 2_000;

export async function startSoakedServer(runtime: SoakRuntime = 'node'): Promise<SoakedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'farandole-soak-'));
  const [command, ...options] = commandOf(runtime);
  const args = [...options, '--inspect=127.0.0.1:0', join(ROOT, 'apps/server/src/main.ts')];
  const program = startProgram(command, args, {
    FARANDOLE_RUNTIME: runtime,
    PORT: '0',
    FARANDOLE_DATA_DIR: dataDir,
    FARANDOLE_METRICS_PORT: '0',
    FARANDOLE_LOG_LEVEL: 'info',
    // The clients of this process share its CPU, so their proofs of work are short.
    FARANDOLE_PROOF_MS: '1',
  });
  const [, port] = await program.printed(/^Farandole is at http:\/\/localhost:(\d+)/m);
  const [, metricsUrl = ''] = await program.printed(/^Metrics are at (\S+)/m);
  const [, inspectorUrl = ''] = await program.printed(DEBUGGER_URL);
  const inspector = await Inspector.connect(inspectorUrl);
  const delays = await DelayWatch.install(inspector);
  const log = new LogWatch();
  let read = 0;
  const readLog = (): void => {
    const output = program.output();
    log.push(output.slice(read));
    read = output.length;
  };
  return {
    port: Number(port),
    get log() {
      readLog();
      return log;
    },
    ended: () => (program.hasEnded() ? program.output().slice(-PRINTED_LAST_CHARS) : null),
    collectGarbage: () => inspector.collectGarbage(),
    holdings: async () => {
      // Open files are counted before the metrics are read, because the request for the metrics
      // opens a socket.
      const descriptors = descriptorsOf(program.pid);
      const { memory, resources } = await inspector.look();
      return {
        residentKib: residentKibOf(program.pid),
        heapKib: (memory.heapUsed + memory.external) / 1_024,
        descriptors,
        resources,
      };
    },
    gauges: async () => {
      const answer = await fetch(metricsUrl, { headers: { connection: 'close' } });
      return readGauges(await answer.text());
    },
    delays,
    stop: async (signal = 'SIGTERM') => {
      inspector.close();
      await program.stop(signal);
      readLog();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface IdleProcess {
  readonly delays: DelayWatch;
  stop(): Promise<void>;
}

/** Starts a floor on the same runtime without clients. Its delays are those of the machine. */
export async function startIdleProcess(runtime: SoakRuntime): Promise<IdleProcess> {
  const idle = await startContender(runtime === 'bun' ? 'bare-bun' : 'bare-ws', true);
  const inspector = await Inspector.connect(idle.inspectorUrl ?? '');
  const delays = await DelayWatch.install(inspector);
  return {
    delays,
    stop: async () => {
      inspector.close();
      await idle.stop();
    },
  };
}

function commandOf(runtime: SoakRuntime): readonly [string, ...string[]] {
  return runtime === 'bun'
    ? assertDefined(BUN_COMMAND ?? undefined, 'Bun is installed')
    : [process.execPath];
}
