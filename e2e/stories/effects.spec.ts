import type { Locator } from '@playwright/test';
import { drawInstead } from '../support/drawn-camera.ts';
import { meetByText, meetByVideo } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** Shares of edges in the wall behind the person, which is striped. */
const CLEAR_MIN = 0.03;
const BLURRED_MAX = 0.003;

/** The program of the blur starts slowly without a graphics processor. */
const STARTS_WITHIN = { timeout: 60_000 };

const EFFECT_FILES = /\/assets\/(?:background-blur|blur-|noise-)/u;

interface Seen {
  /** Share of edges in the wall behind the person. */
  readonly wall: number;
  /** Share of edges in the person's eyes. */
  readonly eyes: number;
}

declare global {
  interface Window {
    seen: Seen[];
  }
}

/** Records each frame that a video shows from now on. A black frame has no edges. */
async function recordFrames(video: Locator): Promise<void> {
  await video.evaluate((element: HTMLVideoElement) => {
    window.seen = [];
    const { seen } = window;
    const context = new OffscreenCanvas(640, 480).getContext('2d', { willReadFrequently: true });
    const edgesIn = (x: number, y: number, width: number, height: number): number => {
      const { data = [] } = context?.getImageData(x, y, width, height) ?? {};
      let found = 0;
      for (let at = 1; at + 4 < data.length; at += 4) {
        if (Math.abs((data[at] ?? 0) - (data[at + 4] ?? 0)) > 40) found += 1;
      }
      return found / (width * height);
    };
    const look = (): void => {
      context?.drawImage(element, 0, 0, 640, 480);
      seen.push({ wall: edgesIn(20, 20, 600, 40), eyes: edgesIn(270, 210, 100, 16) });
      element.requestVideoFrameCallback(look);
    };
    element.requestVideoFrameCallback(look);
  });
}

const isClear = ({ wall }: Seen): boolean => wall > CLEAR_MIN;
const isBlurred = ({ wall, eyes }: Seen): boolean => wall < BLURRED_MAX && eyes > CLEAR_MIN;

const framesOf = ({ page }: Person): Promise<Seen[]> => page.evaluate(() => window.seen);

async function expectLast(person: Person, holds: (seen: Seen) => boolean): Promise<void> {
  const last = async (): Promise<boolean> => {
    const seen = (await framesOf(person)).at(-1);
    return seen !== undefined && holds(seen);
  };
  await expect.poll(last, STARTS_WITHIN).toBe(true);
}

/** Expects that no recorded frame shows the wall, and that the last one shows the person. */
async function expectOnlyBlurred(person: Person): Promise<void> {
  await expectLast(person, isBlurred);
  const frames = await framesOf(person);
  expect(Math.max(...frames.map(({ wall }) => wall))).toBeLessThan(BLURRED_MAX);
}

async function setSwitch({ page }: Person, name: string, on: boolean): Promise<void> {
  await page.getByRole('dialog').getByRole('switch', { name }).setChecked(on);
}

/** Closes a dialog. The start of the blur keeps a page without a graphics processor busy. */
async function close({ page }: Person): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click(STARTS_WITHIN);
}

async function inSettings(person: Person, change: () => Promise<void>): Promise<void> {
  await person.button('More').click();
  await person.button('Settings').click();
  await change();
  await close(person);
}

const ownVideo = ({ page }: Person): Locator =>
  page.getByRole('figure', { name: 'You' }).locator('video');

test('[DV-2] [DV-4] [DV-5] blurs the background from the first frame that is sent', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two({ camera: 'drawn', shown: 'automatic' });
  await ana.toGreenRoom();
  await drawInstead(ana.page, 'person');
  await drawInstead(ben.page, 'person');

  await test.step('the green room shows a clear picture, then a blurred one', async () => {
    await recordFrames(ownVideo(ana));
    await expectLast(ana, isClear);
    expect(ana.asked.filter((url) => EFFECT_FILES.test(url))).toEqual([]);
    await ana.button('Camera and microphone').click();
    await setSwitch(ana, 'Blur my background', true);
    await close(ana);
    await expect(ownVideo(ana)).toBeVisible(STARTS_WITHIN);
    await recordFrames(ownVideo(ana));
    await expectOnlyBlurred(ana);
  });

  await test.step('the stranger gets the blurred picture only', async () => {
    await ana.meetSomeone();
    await ben.startVideo();
    await ana.expectInCall();
    await expect(ben.strangerVideo).toBeVisible(STARTS_WITHIN);
    await recordFrames(ben.strangerVideo);
    await ben.expectFrames(5);
    await expectOnlyBlurred(ben);
  });

  await test.step('without blur the stranger gets the clear picture', async () => {
    await inSettings(ana, () => setSwitch(ana, 'Blur my background', false));
    await expectLast(ben, isClear);
  });

  await test.step('a blur in mid-call begins with black, not with clear frames', async () => {
    await inSettings(ana, () => setSwitch(ana, 'Blur my background', true));
    await expectLast(ben, ({ wall }) => wall < BLURRED_MAX);
    await recordFrames(ben.strangerVideo);
    await expect(ownVideo(ana)).toBeVisible(STARTS_WITHIN);
    await expectOnlyBlurred(ben);
  });
});

test('[DV-3] turns the camera off if the blur has another digest or is missing', async ({
  one,
}) => {
  const { ana } = await one({ camera: 'drawn' });
  await ana.page.route(/\/assets\/blur-model/u, (route) =>
    route.fulfill({ body: 'another model' }),
  );
  // Both starts wait for this script, so they overlap.
  const { promise: isTriedAgain, resolve: tryAgain } = Promise.withResolvers<void>();
  await ana.page.route(/\/assets\/selfie_segmentation/u, async (route) => {
    await isTriedAgain;
    await route.continue();
  });
  await ana.toGreenRoom();
  await ana.button('Camera and microphone').click();
  await setSwitch(ana, 'Blur my background', true);
  await close(ana);
  // The sheet that closes says so too.
  const failed = ana.page
    .getByRole('listitem')
    .getByText('Background blur couldn’t start, so your camera is off.');
  await expect(failed).toBeVisible(STARTS_WITHIN);
  await expect(ana.page.getByRole('switch', { name: 'Camera' })).not.toBeChecked();
  await expect(ownVideo(ana)).toHaveCount(0);
  await ana.page.unroute(/\/assets\/blur-model/u);
  await ana.button('Try again').click();
  tryAgain();
  await expect(ownVideo(ana)).toBeVisible(STARTS_WITHIN);
  // The browser reports the wrong digest as an error.
  expect(ana.complaints.splice(0).join('\n')).toMatch(/integrity/iu);
});

test('[DV-30] [DV-31] caps the sent video at once when the user saves data', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two({ before: [askToSaveData] }, {});
  await ana.toGreenRoom();
  await expect(ana.page.getByText('Your browser asks sites to save data.')).toBeVisible();
  await ana.button('Not now').click();
  await expect(ana.page.getByText('Your browser asks sites to save data.')).toHaveCount(0);
  await ana.meetSomeone();
  await ben.startVideo();
  await ana.expectInCall();
  const sent = () => ana.page.evaluate(() => window.sentOf('video'));
  const unlimited = { bitrateMax: null, framesPerSecondMax: null, scaledDownBy: 1 };
  const limited = { bitrateMax: 250_000, framesPerSecondMax: 20, scaledDownBy: 2 };
  await expect.poll(sent).toMatchObject(unlimited);
  await inSettings(ana, () => setSwitch(ana, 'Low-data mode', true));
  await expect.poll(sent).toMatchObject(limited);
  // A busy machine may send an even smaller picture.
  await expect.poll(async () => (await sent())?.width ?? Infinity).toBeLessThanOrEqual(320);
  await inSettings(ana, () => setSwitch(ana, 'Low-data mode', false));
  await expect.poll(sent).toMatchObject(unlimited);
});

test('[DV-10] [DV-20] keeps the sound flowing when the strong noise filter changes', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two();
  await meetByVideo(ana, ben);
  await ben.showVideo();
  await ben.expectSound();
  const filters = (): string[] => ana.asked.filter((url) => EFFECT_FILES.test(url));
  expect(filters()).toEqual([]);
  for (const on of [true, false]) {
    await inSettings(ana, () => setSwitch(ana, 'Stronger noise suppression', on));
    await ben.expectSound();
    const isFiltered = async (): Promise<boolean> =>
      /Destination/u.test((await ana.page.evaluate(() => window.sentOf('audio')))?.label ?? '');
    await expect.poll(isFiltered, STARTS_WITHIN).toBe(on);
    await ben.expectSound();
  }
  expect(filters().some((url) => url.includes('noise-program'))).toBe(true);
});

/** Runs in the page before the page's own code. */
function askToSaveData(): void {
  Object.defineProperty(navigator, 'connection', { value: { saveData: true } });
}

test('[DV-42] [DV-43] translates the stranger’s lines by the browser’s own translator', {
  tag: '@long',
}, async ({ two }) => {
  const { ana, ben } = await two(
    { devices: 'none', before: [knowGerman] },
    { devices: 'none', before: [knowNoLanguage] },
  );
  await meetByText(ana, ben);
  await ben.say('hello');
  await ben.say('Guten Morgen');
  const line = ana.lines('Guten Morgen');
  await line.getByRole('button', { name: 'Translate' }).click();
  await expect(line).toContainText('Good morning');
  await expect(line).toContainText('Guten Morgen');
  await expect(ana.lines('hello').getByRole('button')).toHaveCount(0);

  await test.step('translates without a press once the user wants that', async () => {
    await inSettings(ana, () => setSwitch(ana, 'Translate messages automatically', true));
    await ben.say('Guten Abend');
    await expect(ana.lines('Guten Abend')).toContainText('Good evening');
  });
  expect(JSON.stringify([ana.frames, ana.posted, ana.asked])).not.toContain('Good evening');

  await test.step('offers nothing in a browser without a translator', async () => {
    await ana.say('Guten Tag');
    await ben.expectLine('Guten Tag');
    await ben.button('More').click();
    await ben.button('Settings').click();
    const settings = ben.page.getByRole('dialog');
    await expect(settings.getByRole('switch', { name: 'More contrast' })).toBeVisible();
    await expect(settings.getByRole('switch', { name: /Translate/u })).toHaveCount(0);
    await expect(ben.lines('Guten Tag').getByRole('button')).toHaveCount(0);
  });
});

/** Runs in the page before the page's own code. The translator knows two phrases. */
function knowGerman(): void {
  const known = new Map([
    ['Guten Morgen', 'Good morning'],
    ['Guten Abend', 'Good evening'],
  ]);
  const availability = () => Promise.resolve('available');
  const detect = (text: string) =>
    Promise.resolve([{ detectedLanguage: known.has(text) ? 'de' : 'en', confidence: 1 }]);
  const translate = (text: string) => Promise.resolve(known.get(text));
  Object.assign(window, {
    LanguageDetector: { availability, create: () => Promise.resolve({ detect }) },
    Translator: { availability, create: () => Promise.resolve({ translate }) },
  });
}

/** Runs in the page before the page's own code. */
function knowNoLanguage(): void {
  for (const name of ['LanguageDetector', 'Translator']) Reflect.deleteProperty(window, name);
}
