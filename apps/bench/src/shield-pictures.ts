/**
 * Shows harmless pictures to the real model, in calls between Chromium and Firefox under the
 * server's headers. Fails if the shield covers one in either browser. Prints each picture's
 * scores; the last line is JSON. Exits with 1 when a picture was flagged or a page logged an
 * error. `--seconds N` sets the time per picture (default 30); `--only N` limits the number of
 * pictures.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from '@farandole/e2e/browser';
import { startFarandole } from '@farandole/e2e/farandole';
import { launchFirefox } from '@farandole/e2e/firefox';
import { Person } from '@farandole/e2e/person';
import { DRAWN_PICTURES, installPictureCamera } from '@farandole/e2e/picture-camera';
import { ROOT } from '@farandole/e2e/process';
import { watchShield } from '@farandole/e2e/shield-watch';
import { inFigures } from './result.ts';
import { median, quantile } from './statistics.ts';

type Browser = Awaited<ReturnType<typeof launchBrowser>>;

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, only: { type: 'string' } },
});
const showMs = Number(values.seconds ?? 30) * 1_000;

/** The test shows an icon, because it is the only harmless picture in our dependencies. */
const ICON = join(ROOT, 'node_modules/playwright-core/lib/server/chromium/appIcon.png');

const pictures = [...DRAWN_PICTURES, 'icon of playwright-core'].slice(
  0,
  Number(values.only ?? Number.POSITIVE_INFINITY),
);

interface Reading {
  readonly explicit: readonly number[];
  readonly looksMs: readonly number[];
  readonly covered: boolean;
}

/** Reads the shield's samples for a while. Runs in the browser's page. */
async function read(forMs: number): Promise<Reading> {
  const { shieldWatch: watch } = window;
  // Waits until frames of the previous picture have passed through the encoder and the network.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const from = watch.explicit.length;
  const fromMs = Date.now();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  return {
    explicit: watch.explicit.slice(from),
    looksMs: watch.looksMs.slice(from),
    covered: (watch.coveredAtMs ?? 0) >= fromMs,
  };
}

async function main(): Promise<number> {
  const node = await startFarandole();
  const browsers = await Promise.all([launchBrowser(), launchFirefox()]);
  const before = [installPictureCamera, watchShield];
  const rows: Record<string, Record<'chromium' | 'firefox', Reading>> = {};
  let complaints: readonly string[] = [];
  try {
    const arrive = (name: string, browser: Browser) =>
      Person.arrive(browser, name, node.url, { classifier: 'real', before });
    const chromium = await arrive('Chromium', browsers[0]);
    const firefox = await arrive('Firefox', browsers[1]);
    const icon = (await readFile(ICON)).toString('base64');
    const add = (base64: string): Promise<void> =>
      window.addPicture('icon of playwright-core', base64);
    await chromium.page.evaluate(add, icon);
    await firefox.page.evaluate(add, icon);
    await firefox.startVideo();
    await chromium.startVideo();
    await firefox.expectInCall();
    await chromium.expectInCall();
    await firefox.showVideo();
    await chromium.showVideo();
    const show = (name: string): void => window.showPicture(name);
    for (const picture of pictures) {
      await chromium.page.evaluate(show, picture);
      await firefox.page.evaluate(show, picture);
      const [byChromium, byFirefox] = await Promise.all([
        chromium.page.evaluate(read, showMs),
        firefox.page.evaluate(read, showMs),
      ]);
      rows[picture] = { chromium: byChromium, firefox: byFirefox };
      console.log(`${picture.padEnd(32)}${inWords(byChromium)}   ${inWords(byFirefox)}`);
    }
    complaints = [...chromium.complaints, ...firefox.complaints];
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await node.stop();
  }
  return conclude(rows, complaints);
}

function inWords({ explicit, covered }: Reading): string {
  const most = Math.max(...explicit);
  const state = covered ? 'FLAGGED' : 'clean';
  return `${state}, ${explicit.length} looks, median ${inFigures(median(explicit))}, most ${inFigures(most)}`;
}

function conclude(
  rows: Readonly<Record<string, Record<'chromium' | 'firefox', Reading>>>,
  complaints: readonly string[],
): number {
  const readings = Object.values(rows);
  const lookMs = (of: 'chromium' | 'firefox') => {
    const all = readings.flatMap((row) => row[of].looksMs);
    return { n: all.length, p50: quantile(all, 0.5), p95: quantile(all, 0.95) };
  };
  // A picture that the shield never sampled fails the run too.
  const failed = Object.entries(rows).flatMap(([name, { chromium, firefox }]) =>
    [chromium, firefox].some(({ covered, explicit }) => covered || explicit.length === 0)
      ? [name]
      : [],
  );
  const result = {
    scenario: 'shield-pictures',
    seconds: showMs / 1_000,
    pictures: Object.fromEntries(
      Object.entries(rows).map(([name, { chromium, firefox }]) => [
        name,
        { chromium: figuresOf(chromium), firefox: figuresOf(firefox) },
      ]),
    ),
    look: { chromium: lookMs('chromium'), firefox: lookMs('firefox') },
    failed,
    complaints,
  };
  console.log(`A look takes, in ms: ${JSON.stringify(result.look)}`);
  console.log(JSON.stringify(result));
  return failed.length === 0 && complaints.length === 0 && readings.length === pictures.length
    ? 0
    : 1;
}

function figuresOf({ explicit, covered }: Reading) {
  return { covered, looks: explicit.length, median: median(explicit), most: Math.max(...explicit) };
}

process.exitCode = await main();
