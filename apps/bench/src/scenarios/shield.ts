import { type Browser, errors, launchBrowser } from '@farandole/e2e/browser';
import { startFarandole } from '@farandole/e2e/farandole';
import { Person } from '@farandole/e2e/person';
import { watchShield } from '@farandole/e2e/shield-watch';
import { barChart, writeChart } from '../chart.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inFigures, inLines, summarise } from '../result.ts';
import { quantile } from '../statistics.ts';

const COUNTED_MS = 4_000;
/**
 * Minimum ratio of the frames that a call encodes with the shield to the frames it encodes
 * without.
 */
const AT_LEAST = 0.95;
/**
 * Maximum time in ms from the first received frame to the first shown one, if the user shows
 * peers automatically.
 */
const FIRST_CLEAR_WITHIN_MS = 900;

interface Side {
  readonly framesEachSecond: number;
  /**
   * Time in ms until the first clear frame. Null if the shield is off, because the user then
   * presses "Show video".
   */
  readonly firstClearMs: number | null;
  readonly looksMs: readonly number[];
}

/**
 * Alternates calls in Chromium with and without the shield. Measures encoded frames per second,
 * and the delay until the peer is shown if the user shows peers automatically. Uses the shipped
 * model and a new profile per user.
 */
export async function shield(options: BenchOptions): Promise<Record<string, unknown>> {
  const rounds = options.rounds ?? 15;
  const node = await startFarandole({ FARANDOLE_SHIELD_OFF: 'allowed' });
  const browser = await launchBrowser();
  const withIt: Side[] = [];
  const without: Side[] = [];
  let missed = 0;
  try {
    // The first call isn't counted, because it starts the encoder and compiles code.
    await callOnce(browser, node.url, 'automatic');
    for (let round = 0; round < rounds; round++) {
      const order =
        round % 2 === 0 ? (['automatic', 'off'] as const) : (['off', 'automatic'] as const);
      const sides: Record<'automatic' | 'off', readonly Side[] | null> = {
        automatic: null,
        off: null,
      };
      for (const shown of order) sides[shown] = await callOnce(browser, node.url, shown);
      if (sides.automatic === null || sides.off === null) {
        // If a round lacks one of the two calls, it is left out, because its ratio would compare
        // different minutes of the machine.
        missed += 1;
        process.stderr.write(`round ${round + 1}/${rounds}: a user was never shown\n`);
        continue;
      }
      withIt.push(...sides.automatic);
      without.push(...sides.off);
      const [mine, yours] = withIt.slice(-2).map(({ firstClearMs }) => firstClearMs?.toFixed(0));
      process.stderr.write(
        `round ${round + 1}/${rounds}: ${fps(withIt.slice(-2))} frames a second with it, ` +
          `${fps(without.slice(-2))} without; shown after ${mine} and ${yours} ms\n`,
      );
    }
  } finally {
    await browser.close();
    await node.stop();
  }
  // The figure is time per frame instead of frames per second, because lower is better in all
  // scenarios.
  const perFrame = (sides: readonly Side[]): number[] =>
    sides.map(({ framesEachSecond }) => 1_000 / framesEachSecond);
  const comparison = compare(
    'ms an encoded frame',
    { ours: perFrame(withIt), 'no-shield': perFrame(without) },
    { 'no-shield': 1 / AT_LEAST },
  );
  const shown = withIt.flatMap(({ firstClearMs }) => firstClearMs ?? []);
  const looks = withIt.flatMap(({ looksMs }) => looksMs);
  const framesEachSecond = {
    with: summarise(withIt.map((side) => side.framesEachSecond)),
    without: summarise(without.map((side) => side.framesEachSecond)),
  };
  const firstClear = {
    ...summarise(shown),
    n: shown.length,
    p95: quantile(shown, 0.95),
    most: Math.max(...shown),
    atMost: FIRST_CLEAR_WITHIN_MS,
    missed,
    reached: missed === 0 && shown.every((ms) => ms <= FIRST_CLEAR_WITHIN_MS),
  };
  const look = { n: looks.length, p50: quantile(looks, 0.5), p95: quantile(looks, 0.95) };
  console.log(inLines('shield: a call with it beside one without', comparison).join('\n'));
  console.log(
    `    ${inFigures(framesEachSecond.with.median)} frames a second with it, ` +
      `${inFigures(framesEachSecond.without.median)} without\n` +
      `    first shown ${inFigures(firstClear.median)} ms after the first frame, ` +
      `p95 ${inFigures(firstClear.p95)}, at most ${inFigures(firstClear.most)} of ${shown.length}; ` +
      `within ${FIRST_CLEAR_WITHIN_MS}: ${firstClear.reached ? 'reached' : 'not reached'}\n` +
      `    a look takes ${inFigures(look.p50)} ms, p95 ${inFigures(look.p95)}, of ${look.n}`,
  );
  const picture = await writeChart('shield', barChart('A call with the shield', comparison));
  return {
    scenario: 'shield',
    rounds,
    ...comparison,
    framesEachSecond,
    // The summary leaves out fields that don't have the shape of a ratio.
    firstClear,
    look,
    picture,
  };
}

/** Makes one call and measures it. Returns null if a page doesn't show the peer in time. */
async function callOnce(
  browser: Browser,
  url: string,
  shown: 'automatic' | 'off',
): Promise<readonly Side[] | null> {
  const people = await Promise.all(
    ['first', 'second'].map((name) =>
      Person.arrive(browser, name, url, { classifier: 'real', shown, before: [watchShield] }),
    ),
  );
  const [first, second] = people as [Person, Person];
  await first.startVideo();
  await second.startVideo();
  try {
    for (const person of people) {
      if (shown === 'off') await person.showVideo();
      else await person.strangerVideo.waitFor();
    }
    return await countBoth(people, shown);
  } catch (error) {
    if (error instanceof errors.TimeoutError) return null;
    throw error;
  } finally {
    await Promise.all(people.map((person) => person.leave()));
  }
}

async function countBoth(
  people: readonly Person[],
  shown: 'automatic' | 'off',
): Promise<readonly Side[]> {
  await Promise.all(people.map((person) => person.expectFrames(10)));
  return await Promise.all(
    people.map(async (person): Promise<Side> => {
      const counted = await person.page.evaluate(countFrames, COUNTED_MS);
      return shown === 'off' ? { ...counted, firstClearMs: null } : counted;
    }),
  );
}

async function countFrames(forMs: number): Promise<Side & { readonly firstClearMs: number }> {
  const { shieldWatch: watch } = window;
  const startMs = performance.now();
  const before = await watch.encodedFrames();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const frames = (await watch.encodedFrames()) - before;
  const tookMs = performance.now() - startMs;
  return {
    framesEachSecond: (frames * 1_000) / tookMs,
    firstClearMs: (watch.firstClearMs ?? Number.NaN) - (watch.firstFrameMs ?? Number.NaN),
    looksMs: watch.looksMs,
  };
}

function fps(sides: readonly Side[]): string {
  return sides.map(({ framesEachSecond }) => framesEachSecond.toFixed(1)).join(' and ');
}
