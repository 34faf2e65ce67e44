import { setTimeout as delay } from 'node:timers/promises';
import { createPrng } from '@farandole/kernel/prng';
import { type GeneratorReport, watchOwnClock, worstOf } from '../load/generator.ts';
import { quantile } from '../statistics.ts';
import { CROWD, Crowd } from './crowd.ts';
import type { SoakRuntime } from './metrics-text.ts';
import { Rotation } from './rotation.ts';
import {
  type IdleProcess,
  type SoakedServer,
  startIdleProcess,
  startSoakedServer,
} from './soaked-server.ts';
import { isBackAt, type SoakRecord, type SoakSample, WARM_UP_SHARE } from './verdict.ts';

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

export interface SoakOptions {
  readonly minutes: number;
  readonly runtime: SoakRuntime;
  /** Number of sockets besides the crowd's; with any, all users are new. */
  readonly sockets: number;
}

/** 99.9th percentiles of event-loop delays after the warm-up. */
interface DelayFigures {
  readonly p999Ms: number;
  /** The same of a process without clients on the same runtime, at the same time. */
  readonly idleP999Ms: number;
  readonly ratio: number;
}

export interface SoakOutcome {
  readonly record: SoakRecord;
  readonly crowd: Crowd;
  readonly delays: DelayFigures;
  readonly levels: Readonly<Record<string, number>>;
  readonly generator: GeneratorReport;
}

/**
 * Measures the node before, during and after the load.
 * @throws Error when the node exits early
 */
export async function soak(
  { minutes, runtime, sockets }: SoakOptions,
  say: (text: string) => void,
): Promise<SoakOutcome> {
  const server = await startSoakedServer(runtime);
  const ends = [(): Promise<void> => server.stop()];
  try {
    const idle = await startIdleProcess(runtime);
    ends.push(() => idle.stop());
    await loadFor(FIRST_LOAD_MS, server);
    await untilGone(server);
    const before = await server.holdings();
    const size = sockets > 0 ? { ...CROWD, newcomers: 1 } : CROWD;
    const crowd = new Crowd(server.port, createPrng(SEED), size);
    const rotation = new Rotation(server.port, sockets, crowd.counts);
    ends.push(() => rotation.stop());
    const ownLoad = watchOwnClock();
    crowd.start();
    if (sockets > 0) rotation.start();
    const watched = { server, idle, crowd, rotation };
    const { samples, delays } = await watch(minutes * 60_000, watched, say);
    const generator = worstOf([ownLoad()]);
    say('Stopping the load.');
    await Promise.all([crowd.stop(), rotation.stop()]);
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
    const matches = counts.callSides / 2 + rotation.matches;
    const record: SoakRecord = {
      samples,
      matches,
      before,
      after,
      gaugesAfter,
      lines: {
        accepted: ledger.accepted + rotation.lines - rotation.lost,
        lost: ledger.lost + rotation.lost,
        doubled: ledger.doubled + rotation.doubled,
        foreign: ledger.foreign,
      },
      streamFaults,
      couplesParted,
      faults,
      log,
    };
    return { record, crowd, delays, levels: log.levels, generator };
  } finally {
    for (const end of ends.toReversed()) await end();
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

interface Watched {
  readonly server: SoakedServer;
  readonly idle: IdleProcess;
  readonly crowd: Crowd;
  readonly rotation: Rotation;
}

async function watch(
  durationMs: number,
  { server, idle, crowd, rotation }: Watched,
  say: (text: string) => void,
): Promise<{ readonly samples: SoakSample[]; readonly delays: DelayFigures }> {
  const samples: SoakSample[] = [];
  const delays = { server: [] as number[], idle: [] as number[] };
  await Promise.all([server.delays.skip(), idle.delays.skip()]);
  const startedMs = performance.now();
  const looks = Math.max(1, Math.floor(durationMs / POLL_EVERY_MS));
  const collectEvery = Math.max(1, Math.floor(looks / COLLECTIONS));
  for (let look = 1; look <= looks; look++) {
    await delay(Math.max(0, startedMs + look * POLL_EVERY_MS - performance.now()));
    const ended = server.ended();
    if (ended !== null) throw new Error(`The node ended unexpectedly. Its last output:\n${ended}`);
    const isCollected = look % collectEvery === 0;
    const gauges = await server.gauges();
    const [ours, machine] = await Promise.all([server.delays.take(), idle.delays.take()]);
    if (look >= looks * WARM_UP_SHARE) {
      for (const delayMs of ours) delays.server.push(delayMs);
      for (const delayMs of machine) delays.idle.push(delayMs);
    }
    const { freed } = crowd.counts;
    // Times to notify a peer aren't counted while a requested garbage collection blocks the node,
    // because real use has no requested collections.
    freed.pause();
    if (isCollected) await server.collectGarbage();
    const holdings = await server.holdings();
    await server.delays.skip();
    freed.goOn();
    const elapsedMs = performance.now() - startedMs;
    const sessions = crowd.counts.sessions + rotation.people;
    const people = crowd.counts.people + rotation.people;
    samples.push({ elapsedMs, sessions, people, isCollected, holdings, gauges });
    if (look % 12 === 0) say(inWords(samples.at(-1), crowd));
  }
  const [p999Ms, idleP999Ms] = [quantile(delays.server, 0.999), quantile(delays.idle, 0.999)];
  return { samples, delays: { p999Ms, idleP999Ms, ratio: p999Ms / idleP999Ms } };
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
