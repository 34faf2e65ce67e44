import { expect, type Locator, type Page } from '@playwright/test';
import type { Person } from './person.ts';
import { stripesIn } from './rendered.ts';

/**
 * Maximum share of strong contrasts in a hidden picture. A hidden picture is sixteen pixels
 * wide, so stripes vanish.
 */
const NONE = 0.002;
const MANY = 0.02;

export function soundsOf(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...document.querySelectorAll<HTMLMediaElement>('video, audio')].filter(
        ({ srcObject, muted }) =>
          !muted && srcObject instanceof MediaStream && srcObject.getAudioTracks().length > 0,
      ).length,
  );
}

/** Reads the contents of the Picture-in-Picture window. Returns null if there is none. */
export function smallWindowOf(
  page: Page,
): Promise<{ playing: number; sounds: number; seen: boolean; buttons: string[] } | null> {
  return page.evaluate(() => {
    const pictures = Reflect.get(window, 'documentPictureInPicture') as {
      readonly window: Window | null;
    };
    const small = pictures.window?.document;
    if (small === undefined) return null;
    const videos = [...small.querySelectorAll('video')].filter(({ srcObject }) => srcObject);
    return {
      playing: videos.length,
      sounds: videos.filter(({ muted }) => !muted).length,
      // The video has this fit and size only if the style sheets are loaded.
      seen: videos.some(
        (video) =>
          getComputedStyle(video).objectFit === 'cover' &&
          video.getBoundingClientRect().height > 100,
      ),
      buttons: [...small.querySelectorAll('button')].map(
        (button) => button.getAttribute('aria-label') ?? button.textContent ?? '',
      ),
    };
  });
}

export function flagged(person: Person): Locator {
  return person.page.getByText('Covered: this may be sexual');
}

/**
 * Asserts that the stranger is hidden and silent.
 * @param blank page from `blankPageBeside`
 */
export async function expectCovered(person: Person, blank: Page): Promise<void> {
  await expect(person.strangerVideo).toHaveCount(0);
  expect(await soundsOf(person.page)).toBe(0);
  expect(await stripesIn(person.strangerTile, blank)).toBeLessThan(NONE);
}

/**
 * Asserts that the stranger's stripes are visible and the sound is on.
 * @param blank page from `blankPageBeside`
 */
export async function expectShown(person: Person, blank: Page): Promise<void> {
  await expect(person.strangerVideo).toBeVisible();
  await expect.poll(() => soundsOf(person.page)).toBe(1);
  await expect.poll(() => stripesIn(person.strangerTile, blank)).toBeGreaterThan(MANY);
}

/** Waits for a clean sample, so that a later flag is about a new picture. */
export async function expectFoundClean(person: Person): Promise<void> {
  await person.button('Connection details').click();
  await expect(person.page.getByText('Their picture is clean so far.')).toBeVisible();
  await expect(person.page.getByRole('rowheader', { name: 'Ordinary' })).toBeVisible();
  await person.page.keyboard.press('Escape');
}

export async function meetCovered(viewer: Person, other: Person, blank: Page): Promise<void> {
  await viewer.startVideo();
  await other.startVideo();
  await viewer.expectInCall();
  const show = viewer.button('Show video');
  do await expectCovered(viewer, blank);
  while (!(await show.isVisible()));
  await expectCovered(viewer, blank);
  await show.click();
  await expectShown(viewer, blank);
}

export async function reportTheMoment(reporter: Person, reported: Person): Promise<void> {
  await reporter.button('Report this moment').click();
  await reporter.button('Sexual content').click();
  const note = reporter.page.getByRole('textbox', { name: /What should we know/ });
  await expect(note).toHaveValue(/^Covered by the shield \d+:\d\d into the call\.$/);
  await reporter.button('Send now').click();
  await expect(reporter.page.getByText('Your case')).toBeVisible();
  await expect(reported.page.getByText('Stranger left').first()).toBeVisible();
}
