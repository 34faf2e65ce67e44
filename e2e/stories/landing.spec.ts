import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

const PHONE = { width: 390, height: 844 } as const;
const PICTURE_MS_MAX = 5_000;

const nameOfFocus = ({ page }: Person): Promise<string> =>
  page.evaluate(() => {
    const focused = document.activeElement;
    const label = focused?.getAttribute('aria-label');
    return (label ?? focused?.textContent ?? '').trim();
  });

test('reaches Start with the first Tab, and the header last', async ({ one }) => {
  const { ana } = await one();
  await expect(ana.button('film')).toBeVisible();
  const order: string[] = [];
  for (let presses = 0; presses < 9; presses += 1) {
    await ana.page.keyboard.press('Tab');
    order.push(await nameOfFocus(ana));
  }
  expect(order.slice(0, 7)).toEqual([
    ...['Start video', 'Text only', 'film', 'music', 'cooking', 'Add an interest'],
    'I speak English',
  ]);
  expect(order[7]).toBe('Farandole');
});

test('chooses interests and languages by keyboard alone', async ({ one }) => {
  const { ana } = await one();
  const { keyboard } = ana.page;
  await ana.button('music').press('Enter');
  await expect(ana.page.getByRole('button', { name: 'music', pressed: true })).toBeFocused();
  const onlyShared = ana.page.getByRole('switch', { name: 'Only people who share one' });
  await expect(onlyShared).not.toBeChecked();

  const field = ana.page.getByRole('combobox', { name: 'Add an interest' });
  await field.focus();
  await keyboard.type('lutes,');
  await expect(ana.button('Remove lutes')).toBeVisible();
  await keyboard.type('lutes,');
  await expect(field).toHaveAccessibleDescription('You have that one already.');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await ana.button('Remove lutes').press('Enter');
  await expect(field).toBeFocused();

  const door = ana.button('I speak English');
  await expect(door).toHaveAttribute('aria-expanded', 'false');
  await door.press('Enter');
  await ana.page.getByRole('combobox', { name: 'Add a language' }).selectOption('French');
  await expect(ana.button('I speak English · French')).toHaveAttribute('aria-expanded', 'true');
  await ana.button('Remove English').press('Enter');
  await ana.button('I speak French').press('Enter');
  await expect(ana.button('Remove French')).toHaveCount(0);

  await onlyShared.press('Space');
  await ana.page.reload();
  await expect(ana.page.getByRole('button', { name: 'music', pressed: true })).toBeVisible();
  await expect(ana.button('I speak French')).toBeVisible();
  await expect(onlyShared).toBeChecked();
});

for (const locale of ['en-GB', 'fr-FR']) {
  test(`the landing fits a phone from the drawing to the chips (${locale})`, async ({ one }) => {
    const { ana } = await one({ viewport: PHONE, locale });
    const drawing = ana.page.locator('.living');
    const languages = ana.page.locator('[aria-expanded="false"]').last();
    for (const part of [drawing, ana.page.locator('h1'), languages]) {
      await expect(part).toBeVisible();
      const box = await part.boundingBox();
      expect(box).not.toBeNull();
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.height);
      expect(box?.y).toBeGreaterThanOrEqual(0);
    }
  });
}

test('animates the drawing once, at most five seconds; screen readers skip it', async ({ one }) => {
  const { ana } = await one();
  await expect(ana.page.locator('.living')).toHaveAttribute('aria-hidden', 'true');
  const movements = (): Promise<{ endTime: number; iterations: number; playState: string }[]> =>
    ana.page.locator('.living').evaluate((drawing) =>
      drawing.getAnimations({ subtree: true }).map((animation) => {
        const { endTime, iterations } = animation.effect?.getComputedTiming() ?? {};
        return {
          endTime: Number(endTime),
          iterations: iterations ?? Number.NaN,
          playState: animation.playState,
        };
      }),
    );
  await expect.poll(async () => (await movements()).length).toBeGreaterThan(5);
  const all = await movements();
  for (const { endTime, iterations } of all) {
    expect(endTime).toBeLessThanOrEqual(PICTURE_MS_MAX);
    expect(iterations).toBe(1);
  }
  await ana.page.emulateMedia({ reducedMotion: 'reduce' });
  await expect
    .poll(async () => (await movements()).every(({ playState }) => playState === 'finished'))
    .toBe(true);
});
