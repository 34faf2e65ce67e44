import { expect } from '@playwright/test';
import { drawInstead } from './drawn-camera.ts';
import type { Person } from './person.ts';

/**
 * Measures the time from an explicit picture before the stranger's camera until picture and sound
 * are gone from the watcher's page, in ms.
 * @param watcher runs `watchShield`; the stranger is shown or just flagged
 * @param stranger has a drawn camera
 * @param phaseMs offset between two samples
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
  const looks = await watcher.page.evaluate(() => window.shieldWatch.explicit.length);
  // After Resume the shield needs three clean samples.
  await watcher.page.waitForFunction((before) => {
    const { explicit } = window.shieldWatch;
    return explicit.length >= before + 5 && explicit.slice(-4).every((look) => look < 0.1);
  }, looks);
  const explicitAtMs = await stranger.page.evaluate(async (waitMs) => {
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    window.drawInstead('marker');
    return Date.now();
  }, phaseMs);
  await expect(again).toBeVisible();
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
