import { setTimeout as delay } from 'node:timers/promises';
import { createPrng } from '@farandole/kernel/prng';
import { type GeneratorReport, watchOwnClock, worstOf } from '../load/generator.ts';
import { Crowd } from './crowd.ts';
import { type SoakedServer, startSoakedServer } from './soaked-server.ts';
import { isBackAt, type SoakRecord, type SoakSample } from './verdict.ts';

const SEED = 1;
const POLL_EVERY_MS = 5_000;
/** Number of samples, spread over the run, before which garbage is collected. */
const COLLECTIONS = 120;
/**
 * Duration of the load in ms before the first reading, so that one-time resources are already
 * open.
 */
const FIRST_LOAD_MS = 5_000;
/**
 * Maximum time in ms for the node to become idle. It is longer than a session lasts without a
 * socket (30 s) and than a rate limit's window (60 s).
 */
const GONE_PATIENCE_MS = 90_000;
const GONE_POLL_EVERY_MS = 1_000;

export interface SoakOutcome {
  readonly record: SoakRecord;
  readonly crowd: Crowd;
  readonly levels: Readonly<Record<string, number>>;
  readonly generator: GeneratorReport;
}

/**
 * Measures the node before, during and after the load.
 * @throws Error when the node exits early
 */
export async function soak(minutes: number, say: (text: string) => void): Promise<SoakOutcome> {
  const server = await startSoakedServer();
  try {
    await loadFor(FIRST_LOAD_MS, server);
    await untilGone(server);
    const before = await server.holdings();
    const crowd = new Crowd(server.port, createPrng(SEED));
    const ownLoad = watchOwnClock();
    crowd.start();
    const samples = await watch(minutes * 60_000, server, crowd, say);
    const generator = worstOf([ownLoad()]);
    say('Stopping the load.');
    await crowd.stop();
    await untilGone(server);
    const patienceEndsMs = performance.now() + GONE_PATIENCE_MS;
    let after = await server.holdings();
    while (!isBackAt(before, after) && performance.now() < patienceEndsMs) {
      await delay(GONE_POLL_EVERY_MS);
      after = await server.holdings();
    }
    const gaugesAfter = await server.gauges();
    await server.stop();
    const { counts, ledger } = crowd;
    const { streamFaults, couplesParted, faults } = counts;
    const { log } = server;
    const matches = counts.callSides / 2;
    const record: SoakRecord = {
      samples,
      matches,
      before,
      after,
      gaugesAfter,
      lines: ledger,
      streamFaults,
      couplesParted,
      faults,
      log,
    };
    return { record, crowd, levels: log.levels, generator };
  } finally {
    await server.stop();
  }
}

async function loadFor(ms: number, server: SoakedServer): Promise<void> {
  const crowd = new Crowd(server.port, createPrng(SEED + 1));
  crowd.start();
  await delay(ms);
  await crowd.stop();
}

/**
 * Waits until the node's online count is zero. Returns at the timeout too; the verdict then
 * fails.
 */
async function untilGone(server: SoakedServer): Promise<void> {
  const patienceEndsMs = performance.now() + GONE_PATIENCE_MS;
  for (;;) {
    const { online, detached, sockets } = await server.gauges();
    await server.collectGarbage();
    if (online + detached + sockets === 0 || performance.now() >= patienceEndsMs) return;
    await delay(GONE_POLL_EVERY_MS);
  }
}

async function watch(
  durationMs: number,
  server: SoakedServer,
  crowd: Crowd,
  say: (text: string) => void,
): Promise<SoakSample[]> {
  const samples: SoakSample[] = [];
  const startedMs = performance.now();
  const looks = Math.max(1, Math.floor(durationMs / POLL_EVERY_MS));
  const collectEvery = Math.max(1, Math.floor(looks / COLLECTIONS));
  for (let look = 1; look <= looks; look++) {
    await delay(Math.max(0, startedMs + look * POLL_EVERY_MS - performance.now()));
    const ended = server.ended();
    if (ended !== null) throw new Error(`The node ended unexpectedly. Its last output:\n${ended}`);
    const isCollected = look % collectEvery === 0;
    const gauges = await server.gauges();
    const { freed } = crowd.counts;
    // Times to notify a peer aren't counted while a requested garbage collection blocks the node,
    // because real use has no requested collections.
    freed.pause();
    if (isCollected) await server.collectGarbage();
    const holdings = await server.holdings();
    freed.goOn();
    const elapsedMs = performance.now() - startedMs;
    const { sessions, people } = crowd.counts;
    samples.push({ elapsedMs, sessions, people, isCollected, holdings, gauges });
    if (look % 12 === 0) say(inWords(samples.at(-1), crowd));
  }
  return samples;
}

function inWords(sample: SoakSample | undefined, crowd: Crowd): string {
  if (sample === undefined) return '';
  const { elapsedMs, sessions, holdings, gauges } = sample;
  return (
    `${(elapsedMs / 60_000).toFixed(1)} min: ${sessions} sessions, ${gauges.online} online, ` +
    `${gauges.calls} calls, ${crowd.counts.said} lines, heap ${(holdings.heapKib / 1_024).toFixed(1)} MiB, ` +
    `resident ${(holdings.residentKib / 1_024).toFixed(0)} MiB`
  );
}
