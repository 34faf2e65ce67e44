import { expect } from '@playwright/test';
import { drawInstead } from './drawn-camera.ts';
import type { Person } from './person.ts';

/**
 * From the moment at which a stranger who is shown, and was clean until then, turns explicit before
 * their camera, to the moment at which neither their picture nor their sound is on the other page:
 * through camera, encoder, network, decoder, looks and page. In ms.
 *
 * @param watcher has their page watched by `watchShield`; the stranger is shown, or just flagged
 * @param stranger has a drawn camera
 * @param phaseMs when it happens between two looks
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
  // After Resume it takes three clean looks until the shield is as before.
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
