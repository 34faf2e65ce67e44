import { expect, test } from '../support/story.ts';

/** The browser's own text size in pixels, the user's choice in percent, and what the page does. */
const CASES = [
  { browser: 16, chosen: 100, text: '100', pixels: 16 },
  { browser: 32, chosen: 100, text: '200', pixels: 32 },
  { browser: 32, chosen: 150, text: '200', pixels: 32 },
  { browser: 20, chosen: 150, text: '200', pixels: 30 },
  { browser: 16, chosen: 130, text: '130', pixels: 20.8 },
] as const;

test('the browser’s text size gives the same layout as the page’s own', { tag: '@long' }, async ({
  one,
}) => {
  const { ana } = await one({ viewport: { width: 390, height: 844 } });
  const { page } = ana;
  const session = await page.context().newCDPSession(page);
  for (const { browser, chosen, text, pixels } of CASES) {
    await session.send('Page.setFontSizes', { fontSizes: { standard: browser } });
    await page.evaluate((textSize) => {
      localStorage.setItem('farandole.preferences', JSON.stringify({ textSize }));
    }, chosen);
    await page.reload();
    await expect(ana.button('Start video')).toBeVisible();
    const shown = await page.evaluate(() => {
      const root = document.documentElement;
      return {
        text: root.dataset['text'],
        pixels: Number.parseFloat(getComputedStyle(root).fontSize),
        scrolls: root.scrollWidth > root.clientWidth,
      };
    });
    expect(shown, `${browser} px, ${chosen} %`).toEqual({ text, pixels, scrolls: false });
  }
});
