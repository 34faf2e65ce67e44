import { createHmac } from 'node:crypto';
import { type Browser, launchBrowser } from '@farandole/e2e/browser';
import { startCoturn } from '@farandole/e2e/coturn';
import { startFarandole } from '@farandole/e2e/farandole';
import { Person } from '@farandole/e2e/person';
import { UdpFaultProxy } from '@farandole/e2e/udp-fault-proxy';
import { barChart, writeChart } from '../chart.ts';
import { type BareOptions, type BarePages, startBarePages } from '../floor/bare-pages.ts';
import type { BenchOptions } from '../options.ts';
import { type Comparison, compare, inFigures, inLines } from '../result.ts';

/** The camera constraints must equal those of `apps/web/src/devices/device-access.ts`. */
const CONSTRAINTS: MediaStreamConstraints = {
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

const AT_MOST = 1;
const RELAY_ROUND_TRIP_MS = 100;
/** Time in ms after which the scenario starts no further round on the current network route. */
const WAY_WITHIN_MS = 8 * 60_000;
const MEETING_WITHIN_MS = 30_000;

type IceRoute = NonNullable<BenchOptions['way']>;

interface Ground {
  readonly env: NodeJS.ProcessEnv;
  readonly bare: Omit<BareOptions, 'constraints'>;
  stop(): Promise<void>;
}

interface Outcome extends Comparison {
  readonly way: IceRoute;
  readonly rounds: number;
  /**
   * Whether the ratio's whole interval is below 1. The scenario judges this on the relay route
   * only.
   */
  readonly intervalBelowOne: boolean;
  readonly picture: string;
}

/**
 * Measures the time in ms from `match.found` to the first remote frame, as the mean of both
 * users. Compares our page in Chromium with two bare pages, directly on loopback and through a
 * real coturn behind the UDP fault proxy. Our page and the bare pages alternate, because a slow
 * minute of the machine slows both. Each user has a fresh profile.
 */
export async function firstFrame(options: BenchOptions): Promise<Record<string, unknown>> {
  const rounds = options.rounds ?? 30;
  const ways: readonly IceRoute[] = options.way === null ? ['direct', 'relay'] : [options.way];
  const outcomes: Record<string, Outcome> = {};
  for (const way of ways) outcomes[way] = await measure(way, rounds);
  return { scenario: 'first-frame', ...outcomes };
}

async function measure(way: IceRoute, rounds: number): Promise<Outcome> {
  const ground = await (way === 'direct' ? directGround() : relayGround());
  const node = await startFarandole(ground.env);
  const bare = await startBarePages({ constraints: CONSTRAINTS, ...ground.bare });
  const browser = await launchBrowser();
  const ours: number[] = [];
  const floor: number[] = [];
  try {
    // The first meeting isn't counted, because it compiles code and starts the encoder.
    await meetOnce(browser, node.url, way);
    await meetBare(browser, bare);
    const untilMs = performance.now() + WAY_WITHIN_MS;
    for (let round = 0; round < rounds && performance.now() < untilMs; round++) {
      const oursFirst = round % 2 === 0;
      if (oursFirst) ours.push(await meetOnce(browser, node.url, way));
      floor.push(await meetBare(browser, bare));
      if (!oursFirst) ours.push(await meetOnce(browser, node.url, way));
      process.stderr.write(
        `${way}, round ${round + 1}/${rounds}: ours ${ours.at(-1)?.toFixed(0)} ms, bare ${floor.at(-1)?.toFixed(0)} ms\n`,
      );
    }
  } finally {
    await browser.close();
    await bare.stop();
    await node.stop();
    await ground.stop();
  }
  const comparison = compare(
    'ms from the match to the first frame',
    { ours, 'bare-pages': floor },
    { 'bare-pages': AT_MOST },
  );
  const how =
    way === 'direct' ? 'direct, on loopback' : `by relay, ${RELAY_ROUND_TRIP_MS} ms there and back`;
  console.log(inLines(`first-frame: ${how}`, comparison).join('\n'));
  const [low, high] = comparison.ratios['bare-pages']?.interval95 ?? [Number.NaN, Number.NaN];
  const intervalBelowOne = high < 1;
  console.log(
    `              the interval ${inFigures(low)}–${inFigures(high)} is ${intervalBelowOne ? '' : 'NOT '}wholly below 1`,
  );
  const picture = await writeChart(
    `first-frame-${way}`,
    barChart(`The first frame, ${how}`, comparison),
  );
  return { way, rounds: ours.length, ...comparison, intervalBelowOne, picture };
}

function directGround(): Promise<Ground> {
  return Promise.resolve({
    env: {},
    bare: { iceServers: [], policy: 'all' },
    stop: () => Promise.resolve(),
  });
}

async function relayGround(): Promise<Ground> {
  const coturn = await startCoturn();
  const targetPort = Number(/:(\d+)\?/.exec(coturn.url)?.[1]);
  const proxy = await UdpFaultProxy.start({ targetPort, latencyMs: RELAY_ROUND_TRIP_MS / 2 });
  const url = `turn:127.0.0.1:${proxy.port}?transport=udp`;
  const username = `${Math.floor(Date.now() / 1_000) + 3_600}:bare`;
  const credential = createHmac('sha1', coturn.secret).update(username).digest('base64');
  return {
    env: {
      FARANDOLE_TURN_URLS: url,
      FARANDOLE_TURN_SECRET: coturn.secret,
      FARANDOLE_TURN_RELAY_IPS: '127.0.0.1',
    },
    bare: { iceServers: [{ urls: url, username, credential }], policy: 'relay' },
    stop: async () => {
      proxy.stop();
      await coturn.stop();
    },
  };
}

async function meetOnce(browser: Browser, url: string, way: IceRoute): Promise<number> {
  const people = await Promise.all(
    ['first', 'second'].map((name) => Person.arrive(browser, name, url)),
  );
  const [first, second] = people as [Person, Person];
  const times = people.map((person) => person.sent('call.first-frame'));
  const waiting = first.sent('ticket.create');
  await first.startVideo();
  await waiting;
  await second.startVideo();
  const frames = await inTime(Promise.all(times));
  await Promise.all(people.map((person) => person.leave()));
  if (frames.some((frame) => frame['way'] !== way)) throw new Error(`a call was not ${way}`);
  return mean(frames.map((frame) => Number(frame['elapsedMs'])));
}

async function meetBare(browser: Browser, bare: BarePages): Promise<number> {
  const contexts = await Promise.all([browser.newContext(), browser.newContext()]);
  const pages = await Promise.all(contexts.map((context) => context.newPage()));
  for (const page of pages) {
    await page.goto(bare.url);
    await page.evaluate('ready');
  }
  bare.go();
  const times = await inTime(Promise.all(pages.map((page) => page.evaluate<number>('firstFrame'))));
  await Promise.all(contexts.map((context) => context.close()));
  return mean(times);
}

/** @throws Error when the two pages don't show each other within `MEETING_WITHIN_MS` */
async function inTime<T>(meeting: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('two pages did not meet')), MEETING_WITHIN_MS);
  return await Promise.race([meeting, promise]).finally(() => clearTimeout(timer));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
