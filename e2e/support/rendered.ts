import type { Locator, Page } from '@playwright/test';
import type { Person } from './person.ts';

/**
 * Opens a page without a CSP that decodes pictures. It opens in a window of its own, because as a
 * tab it would slow the user's page down to one frame a second. It closes with the user's page.
 */
export async function blankPageBeside({ context }: Person): Promise<Page> {
  const browser = context.browser();
  if (browser === null) throw new Error('the browser has gone');
  const page = await browser.newPage();
  context.once('close', () => void page.close());
  return page;
}

/**
 * Returns the share of horizontally neighbouring pixels that differ more than in any blurred
 * picture. The pixels come from a screenshot, which shows what the user sees.
 * @param blank page from `blankPageBeside`
 */
export async function stripesIn(part: Locator, blank: Page): Promise<number> {
  const png = await part.screenshot({ animations: 'disabled' });
  return await blank.evaluate(shareOfStripes, png.toString('base64'));
}

/**
 * Runs in a page.
 * @param base64 a screenshot, as PNG
 */
export async function shareOfStripes(base64: string): Promise<number> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  let pairs = 0;
  let edges = 0;
  // Only a band of the tile without overlays is read.
  const fromY = Math.floor(bitmap.height * 0.2);
  const toY = Math.floor(bitmap.height * 0.28);
  for (let y = fromY; y < toY; y += 1) {
    for (let x = 8; x < bitmap.width * 0.9; x += 1) {
      const at = (y * bitmap.width + x) * 4;
      pairs += 1;
      if (Math.abs((data[at + 1] ?? 0) - (data[at + 5] ?? 0)) > 40) edges += 1;
    }
  }
  return edges / pairs;
}
