import { expect } from '@playwright/test';
import { drawInstead } from './drawn-camera.ts';
import type { Person } from './person.ts';

/**
 * Measures the time from the first explicit picture of the stranger's camera until the watcher's
 * page hides picture and sound.
 * @param watcher runs `watchShield`; the stranger is shown or was just flagged
 * @param stranger has a drawn camera
 * @param phaseMs offset from the shield's sampling interval
 * @returns the time in ms
 */
export async function flagLatency(
  watcher: Person,
  stranger: Person,
  phaseMs: number,
): Promise<number> {
  await drawInstead(stranger.page, 'stripes');
  const again = watcher.button('Show anyway');
  if (await again.isVisible()) await again.click();
  await expect(watcher.strangerVideo).toBeVisible();
  // After Resume the shield needs three clean samples to show the stranger.
  await seeClean(watcher, 4);
  return await latency(watcher, stranger, phaseMs);
}

/**
 * Measures the same time as `flagLatency`, but the explicit picture appears soon after the
 * watcher resumed on a harmless picture, before the shield samples at its usual interval again.
 * @param stranger was just flagged
 */
export async function flagLatencyAfterResume(
  watcher: Person,
  stranger: Person,
  phaseMs: number,
): Promise<number> {
  await drawInstead(stranger.page, 'stripes');
  await seeClean(watcher, 3);
  await watcher.button('Show anyway').click();
  await expect(watcher.strangerVideo).toBeVisible();
  return await latency(watcher, stranger, phaseMs);
}

/**
 * Waits until the latest samples are clean. The first of them may still be of the previous
 * picture.
 */
async function seeClean(watcher: Person, count: number): Promise<void> {
  const before = await watcher.page.evaluate(() => window.shieldWatch.explicit.length);
  await watcher.page.waitForFunction(
    (from) => {
      const { explicit } = window.shieldWatch;
      const isEnough = explicit.length >= from.before + from.count + 1;
      return isEnough && explicit.slice(-from.count).every((look) => look < 0.1);
    },
    { before, count },
  );
}

async function latency(watcher: Person, stranger: Person, phaseMs: number): Promise<number> {
  const explicitAtMs = await stranger.page.evaluate(async (waitMs) => {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    window.drawInstead('marker');
    return Date.now();
  }, phaseMs);
  await expect(watcher.button('Show anyway')).toBeVisible();
  const { coveredAtMs, heard } = await watcher.page.evaluate(() => ({
    coveredAtMs: window.shieldWatch.coveredAtMs,
    heard: [...document.querySelectorAll<HTMLMediaElement>('video, audio')].some(
      ({ srcObject, muted }) =>
        !muted && srcObject instanceof MediaStream && srcObject.getAudioTracks().length > 0,
    ),
  }));
  expect(heard).toBe(false);
  return (coveredAtMs ?? Number.NaN) - explicitAtMs;
}
