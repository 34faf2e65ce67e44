import { type Browser, launchBrowser } from '@farandole/e2e/browser';
import { startFarandole } from '@farandole/e2e/farandole';
import { Person } from '@farandole/e2e/person';
import { barChart, writeChart } from '../chart.ts';
import { type BarePages, startBarePages } from '../floor/bare-pages.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines } from '../result.ts';

/** What `apps/web/src/devices/device-access.ts` asks for; the bare pages ask the same. */
const CONSTRAINTS: MediaStreamConstraints = {
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } },
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

const AT_MOST = 1.15;

/**
 * `match.found` → first remote frame, on loopback, without a relay: our page in Chromium beside
 * two bare pages that signal over a bare relay and are told at once. Each round takes a fresh
 * profile a person, ours and bare in turn, so that a slow minute of the machine slows both.
 *
 * The figure of a round is the mean of its two sides, in ms.
 */
export async function firstFrame(options: BenchOptions): Promise<Record<string, unknown>> {
  const rounds = options.rounds ?? 30;
  const node = await startFarandole();
  const bare = await startBarePages(CONSTRAINTS);
  const browser = await launchBrowser();
  const ours: number[] = [];
  const floor: number[] = [];
  try {
    // Not counted: the first round of each compiles code and wakes the encoder.
    await meetOnce(browser, node.url);
    await meetBare(browser, bare);
    for (let round = 0; round < rounds; round++) {
      const oursFirst = round % 2 === 0;
      if (oursFirst) ours.push(await meetOnce(browser, node.url));
      floor.push(await meetBare(browser, bare));
      if (!oursFirst) ours.push(await meetOnce(browser, node.url));
      process.stderr.write(
        `round ${round + 1}/${rounds}: ours ${ours.at(-1)?.toFixed(0)} ms, bare ${floor.at(-1)?.toFixed(0)} ms\n`,
      );
    }
  } finally {
    await browser.close();
    await bare.stop();
    await node.stop();
  }
  const comparison = compare(
    'ms from the match to the first frame',
    { ours, 'bare-pages': floor },
    { 'bare-pages': AT_MOST },
  );
  console.log(inLines('first-frame: direct, on loopback', comparison).join('\n'));
  const picture = await writeChart('first-frame', barChart('The first frame', comparison));
  return { scenario: 'first-frame', way: 'direct', rounds, ...comparison, picture };
}

/** Two people on our page: one waits, the other comes; each page tells its server the time. */
async function meetOnce(browser: Browser, url: string): Promise<number> {
  const people = await Promise.all(
    ['first', 'second'].map((name) => Person.arrive(browser, name, url)),
  );
  const [first, second] = people as [Person, Person];
  const times = people.map((person) => person.sent('call.first-frame'));
  const waiting = first.sent('ticket.create');
  await first.startVideo();
  await waiting;
  await second.startVideo();
  const frames = await Promise.all(times);
  await Promise.all(people.map((person) => person.leave()));
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
  const times = await Promise.all(pages.map((page) => page.evaluate<number>('firstFrame')));
  await Promise.all(contexts.map((context) => context.close()));
  return mean(times);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
