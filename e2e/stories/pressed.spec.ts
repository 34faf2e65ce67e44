import type { Locator } from '@playwright/test';
import { expect, test } from '../support/story.ts';

/** Returns the tint that a press gives a control. */
const tintOf = (control: Locator): Promise<string> =>
  control.evaluate((element) => getComputedStyle(element).boxShadow);

const boxOf = (control: Locator): Promise<string> =>
  control.evaluate((element) => {
    const { left, width, height } = element.getBoundingClientRect();
    return JSON.stringify([left, width, height]);
  });

test('draws each button as pressed before its release, by pointer and keyboard', async ({
  one,
}) => {
  const { ana } = await one();
  const { page } = ana;
  await expect(ana.button('Start video')).toBeVisible();
  for (const name of ['Start video', 'Text only', 'Settings']) {
    const control = ana.button(name);
    expect(await tintOf(control), name).toBe('none');
    await control.hover();
    await page.mouse.down();
    await expect.poll(() => tintOf(control), name).toContain('inset');
    await page.mouse.move(2, 2);
    await page.mouse.up();
    await expect.poll(() => tintOf(control), name).toBe('none');
  }
  // The key Enter leaves no time between press and release, so the mark outlasts the event.
  const marked = page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        const listen = ({ target }: MouseEvent): void => {
          const control = (target as Element).closest('button');
          requestAnimationFrame(() => resolve(control?.hasAttribute('data-pressed') === true));
        };
        addEventListener('click', listen, { once: true });
      }),
  );
  await ana.button('Settings').press('Enter');
  expect(await marked).toBe(true);
});

test('shows a button as busy while its code loads, without moving anything', async ({ one }) => {
  const { url, ana } = await one();
  const { page } = ana;
  await expect(ana.button('Start video')).toBeVisible();
  // A page that can't load parts in advance, as on a slow line.
  const held = Promise.withResolvers<void>();
  await page.route(/\/assets\/settings-[\w-]+\.js$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(url);
  const settings = ana.button('Settings');
  await expect(ana.button('Start video')).toBeVisible();
  await page.evaluate(async () => void (await document.fonts.ready));
  const before = await boxOf(settings);
  // The idle page already waits for this part, so the press waits for the same file.
  await settings.click();
  await expect(settings).toHaveAttribute('aria-busy', 'true');
  await expect.poll(() => settings.getAttribute('data-pressed')).toBe(null);
  expect(await settings.evaluate((b) => getComputedStyle(b, '::after').animationName)).toBe(
    'around',
  );
  expect(await boxOf(settings)).toBe(before);
  held.resolve();
  await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
  await expect(settings).not.toHaveAttribute('aria-busy');
});
