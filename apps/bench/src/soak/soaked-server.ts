import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, startProgram } from '@farandole/e2e/process';
import { Inspector } from './inspector.ts';
import { LogWatch } from './log-watch.ts';
import { type Gauges, readGauges } from './metrics-text.ts';
import { type Descriptors, descriptorsOf, residentKibOf } from './process-files.ts';

/** What a process holds at one moment. */
export interface Holdings {
  readonly residentKib: number;
  /** What is in use of V8's heap, with what it holds outside; in KiB. */
  readonly heapKib: number;
  readonly descriptors: Descriptors;
  /** What keeps the event loop alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** The node as it ships, in a process of its own with a data folder of its own. */
export interface SoakedServer {
  readonly port: number;
  readonly log: LogWatch;
  /** Null while it runs; else what it printed last. */
  ended(): string | null;
  collectGarbage(): Promise<void>;
  holdings(): Promise<Holdings>;
  gauges(): Promise<Gauges>;
  /** By SIGTERM it waits for those who have lost their socket, as any node that is told to stop. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const PRINTED_LAST_CHARS = 2_000;

export async function startSoakedServer(): Promise<SoakedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'farandole-soak-'));
  const args = ['--inspect=127.0.0.1:0', join(ROOT, 'apps/server/src/main.ts')];
  const program = startProgram(process.execPath, args, {
    PORT: '0',
    FARANDOLE_DATA_DIR: dataDir,
    FARANDOLE_METRICS_PORT: '0',
    FARANDOLE_LOG_LEVEL: 'info',
  });
  const [, port] = await program.printed(/^Farandole is at http:\/\/localhost:(\d+)/m);
  const [, metricsUrl = ''] = await program.printed(/^Metrics are at (\S+)/m);
  const [, inspectorUrl = ''] = await program.printed(/^Debugger listening on (\S+)/m);
  const inspector = await Inspector.connect(inspectorUrl);
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
      // Before the metrics are asked for, which takes a socket of its own.
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
    stop: async (signal = 'SIGTERM') => {
      inspector.close();
      await program.stop(signal);
      readLog();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
