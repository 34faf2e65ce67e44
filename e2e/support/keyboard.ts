import { expect, type Locator } from '@playwright/test';
import type { Person } from './person.ts';

/** Presses Tab until the target element has the focus. */
export async function tabTo({ page }: Person, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(target).toBeFocused({ timeout: 50 });
  }).toPass({ intervals: [0] });
}

/**
 * Presses Tab until the target has the focus. Fails if the focus isn't clearly visible at one of
 * the stops.
 */
export async function tabSeenTo(person: Person, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const stops: string[] = [];
  for (;;) {
    await person.page.keyboard.press('Tab');
    const { name, fault } = await focusOf(person);
    stops.push(name);
    expect(fault, `focus on ${name}`).toBe(null);
    if (await target.evaluate((element) => element === document.activeElement)) return;
    expect(stops.length, stops.join(', ')).toBeLessThan(STOPS_MAX);
  }
}

/** Maximum number of Tab presses. No screen has more focusable elements. */
const STOPS_MAX = 60;

interface Focus {
  readonly name: string;
  /** Why the user can't see the focus, or null. */
  readonly fault: string | null;
}

/** Finds the focused element, and whether its outline is visible and not covered. */
function focusOf({ page }: Person): Promise<Focus> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    // After the last control the focus leaves the page for the browser's own controls.
    if (focused === null || focused === document.body) return { name: 'browser', fault: null };
    const name = focused.getAttribute('aria-label') ?? focused.outerHTML.slice(0, 120);
    const outlined = [focused, focused.closest('.pick, .segment, .chip-box')].find((element) => {
      if (element === null) return false;
      const { outlineStyle, outlineWidth, opacity } = getComputedStyle(element);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && opacity !== '0';
    });
    if (outlined === undefined || outlined === null) return { name, fault: 'no outline' };
    const { left, top, right, bottom } = outlined.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const isInside = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    if (!isInside) return { name, fault: 'outside of the window' };
    const hit = document.elementFromPoint(x, y);
    const isOnTop = hit !== null && (outlined.contains(hit) || hit.contains(outlined));
    return { name, fault: isOnTop ? null : `under ${hit?.outerHTML.slice(0, 80)}` };
  });
}
