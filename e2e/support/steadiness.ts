import type { Page } from '@playwright/test';

declare global {
  interface Window {
    placesOfWatched: string[];
  }
}

/**
 * Records each position of a button; the function returns them. One position means that it never
 * moved.
 */
export async function watchPositionOf(page: Page, name: string): Promise<() => Promise<string[]>> {
  await page.evaluate((wanted) => {
    window.placesOfWatched = [];
    const look = (): void => {
      const button = [...document.querySelectorAll('button')].find(
        ({ textContent }) => textContent === wanted,
      );
      if (button !== undefined) {
        const { x, y } = button.getBoundingClientRect();
        const place = `${Math.round(x)}, ${Math.round(y)}`;
        if (window.placesOfWatched.at(-1) !== place) window.placesOfWatched.push(place);
      }
      requestAnimationFrame(look);
    };
    look();
  }, name);
  return () => page.evaluate(() => window.placesOfWatched);
}
