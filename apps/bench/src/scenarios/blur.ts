import { type Browser, launchBrowser } from '@farandole/e2e/browser';
import { startFarandole } from '@farandole/e2e/farandole';
import { Person } from '@farandole/e2e/person';
import { watchShield } from '@farandole/e2e/shield-watch';
import { barChart, writeChart } from '../chart.ts';
import type { BenchOptions } from '../options.ts';
import { compare, inLines } from '../result.ts';

const COUNTED_MS = 4_000;
/** Minimum ratio of the frames that a call encodes with the noise filter to those without. */
const NOISE_AT_LEAST = 0.95;

/**
 * What both users of a call turned on. The blur has no bound, because its cost depends on the
 * graphics processor.
 */
const SETTINGS = {
  plain: () => {},
  blur: () => {
    localStorage.setItem(
      'farandole.preferences',
      JSON.stringify({ shield: 'off', blursBackground: true }),
    );
  },
  noise: () => {
    localStorage.setItem(
      'farandole.preferences',
      JSON.stringify({ shield: 'off', suppressesNoise: 'strong' }),
    );
  },
} as const;

type Setting = keyof typeof SETTINGS;

/**
 * Alternates calls in Chromium without effects, with background blur and with the strong noise
 * filter. Measures the time per encoded frame of each user. The camera is Chromium's fake one.
 */
export async function blur(options: BenchOptions): Promise<Record<string, unknown>> {
  const rounds = options.rounds ?? 3;
  const node = await startFarandole({ FARANDOLE_SHIELD_OFF: 'allowed' });
  const browser = await launchBrowser();
  const times: Record<Setting, number[]> = { plain: [], blur: [], noise: [] };
  try {
    // The first call isn't counted, because it starts the encoder and compiles code.
    await callOnce(browser, node.url, 'plain');
    for (let round = 0; round < rounds; round++) {
      const order: readonly Setting[] =
        round % 2 === 0 ? ['plain', 'blur', 'noise'] : ['noise', 'blur', 'plain'];
      for (const setting of order) {
        const each = await callOnce(browser, node.url, setting);
        times[setting].push(...each.map((framesEachSecond) => 1_000 / framesEachSecond));
        const shown = each.map((count) => count.toFixed(1)).join(' and ');
        process.stderr.write(
          `round ${round + 1}/${rounds}, ${setting}: ${shown} frames a second\n`,
        );
      }
    }
  } finally {
    await browser.close();
    await node.stop();
  }
  const unit = 'ms an encoded frame';
  const withBlur = compare(unit, { ours: times.blur, plain: times.plain });
  const withNoise = compare(
    unit,
    { ours: times.noise, plain: times.plain },
    { plain: 1 / NOISE_AT_LEAST },
  );
  console.log(inLines('blur: a call with background blur', withBlur).join('\n'));
  console.log(inLines('blur: a call with the strong noise filter', withNoise).join('\n'));
  const picture = await writeChart('blur', barChart('A call with background blur', withBlur));
  return { scenario: 'blur', rounds, ...withBlur, noise: withNoise, picture };
}

/** Makes one call and returns the frames that each user's encoder made in a second. */
async function callOnce(
  browser: Browser,
  url: string,
  setting: Setting,
): Promise<readonly number[]> {
  const people = await Promise.all(
    ['first', 'second'].map((name) =>
      Person.arrive(browser, name, url, {
        shown: 'off',
        before: [watchShield, SETTINGS[setting]],
      }),
    ),
  );
  try {
    for (const person of people) await person.toGreenRoom();
    // The picture appears once its blur runs.
    for (const { page } of people) {
      await page.getByRole('figure', { name: 'You' }).locator('video').waitFor({ timeout: 60_000 });
    }
    for (const person of people) await person.meetSomeone();
    for (const person of people) await person.showVideo();
    await Promise.all(people.map((person) => person.expectFrames(1)));
    return await Promise.all(people.map((person) => person.page.evaluate(countFrames, COUNTED_MS)));
  } finally {
    await Promise.all(people.map((person) => person.leave()));
  }
}

async function countFrames(forMs: number): Promise<number> {
  const startMs = performance.now();
  const before = await window.shieldWatch.encodedFrames();
  await new Promise((resolve) => setTimeout(resolve, forMs));
  const frames = (await window.shieldWatch.encodedFrames()) - before;
  return (frames * 1_000) / (performance.now() - startMs);
}
