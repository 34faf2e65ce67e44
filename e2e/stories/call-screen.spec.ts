import type { Locator } from '@playwright/test';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** Goes from control to control until it is there, as somebody without a pointer does. */
async function tabTo({ page }: Person, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(target).toBeFocused({ timeout: 50 });
  }).toPass({ intervals: [0] });
}

test('by the keyboard alone: from the landing into a call, a line said, Next, and home', async ({
  node,
  arrive,
}) => {
  const { url } = await node();
  const ana = await arrive('Ana', url);
  const ben = await arrive('Ben', url);
  const { keyboard } = ana.page;
  await tabTo(ana, ana.button('Start video'));
  await keyboard.press('Enter');
  await tabTo(ana, ana.page.getByRole('radio', { name: /18 or over/ }));
  await keyboard.press('Space');
  await tabTo(ana, ana.page.getByRole('checkbox', { name: "I'll follow these" }));
  await keyboard.press('Space');
  await tabTo(ana, ana.button('Continue'));
  await keyboard.press('Enter');
  await tabTo(ana, ana.button('Allow camera and microphone'));
  await keyboard.press('Enter');
  await tabTo(ana, ana.button('Continue'));
  await keyboard.press('Enter');
  await ben.startVideo();
  await ana.expectInCall();

  await test.step('letters press buttons, and write where one writes', async () => {
    await expect(ana.button('Show video')).toBeVisible();
    await keyboard.press('b');
    await expect(ana.strangerVideo).toBeVisible();
    await keyboard.press('m');
    await expect(ben.page.getByRole('figure').filter({ hasText: 'Stranger' })).toContainText(
      'Muted',
    );
    await keyboard.press('Enter');
    await expect(ana.messageBox).toBeFocused();
    await keyboard.type('mbt?');
    await keyboard.press('Enter');
    await ben.expectLine('mbt?');
    await expect(ana.strangerVideo).toBeVisible();
  });

  await test.step('“?” lists the keys, and Esc closes the list before it means Next', async () => {
    await tabTo(ana, ana.button('Next'));
    await keyboard.press('?');
    const list = ana.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(list).toContainText('Cover or show the stranger');
    await keyboard.press('Escape');
    await expect(list).toHaveCount(0);
    await expect(ana.button('Next')).toBeFocused();
  });

  await test.step('Esc asks, Esc goes on, Esc goes home', async () => {
    await keyboard.press('Escape');
    await expect(ana.button('Really?')).toBeVisible();
    await expect(async () => {
      await keyboard.press('Escape');
      await expect(ana.button('Really?')).toHaveCount(0, { timeout: 100 });
    }).toPass({ intervals: [0], timeout: 2_500 });
    await expect(ben.page.getByText('Stranger left').first()).toBeVisible();
    await expect(ana.page.getByRole('heading', { name: /Looking for/ })).toBeVisible();
    await keyboard.press('Escape');
    await expect(ana.button('Start video')).toBeVisible();
  });
});
