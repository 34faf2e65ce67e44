import { tabSeenTo } from '../support/keyboard.ts';
import { expect, test } from '../support/story.ts';

test('reaches every step by keyboard alone, with a visible focus', { tag: '@long' }, async ({
  arrive,
  one,
}) => {
  test.setTimeout(180_000);
  const { url, ana } = await one();
  const { page } = ana;
  const { keyboard } = page;
  const press = async (name: string | RegExp, key = 'Enter'): Promise<void> => {
    await tabSeenTo(ana, ana.button(name));
    await keyboard.press(key);
  };
  const heading = (name: string | RegExp) => page.getByRole('heading', { name });
  const ben = await arrive('Ben', url);
  await ben.startVideo();

  await test.step('goes from the landing over the rules to the green room', async () => {
    await press('Start video');
    await expect(heading('Four rules, and you’re in')).toBeFocused();
    await press(/18 or over/, 'Space');
    const camera = page.getByRole('switch', { name: 'Camera' });
    await tabSeenTo(ana, camera);
    await keyboard.press('Space');
    await expect(camera).not.toBeChecked();
    await keyboard.press('Space');
    await expect(camera).toBeChecked();
  });

  await test.step('meets a stranger, shows them and covers them again', async () => {
    await press('Meet someone');
    await ana.expectInCall();
    await press('Show video');
    await expect(ana.strangerVideo).toBeVisible();
    await expect(ana.button('Cover')).toBeFocused();
    await keyboard.press('Space');
    await expect(ana.button('Show video')).toBeFocused();
    await keyboard.press('Enter');
    await expect(ana.strangerVideo).toBeVisible();
  });

  await test.step('writes, and moves the own picture', async () => {
    await tabSeenTo(ana, ana.messageBox);
    await keyboard.type('hello');
    await keyboard.press('Enter');
    await ben.expectLine('hello');
    await expect(ana.messageBox).toBeFocused();
    const own = page.getByRole('figure', { name: 'You' });
    const before = await own.boundingBox();
    await press('Move your picture to the next corner');
    await expect.poll(() => own.boundingBox()).not.toEqual(before);
  });

  const cleo = await arrive('Cleo', url);
  await test.step('presses Next twice, and meets another stranger', async () => {
    await cleo.startVideo();
    await press('Next');
    await expect(ana.button('Really?')).toBeFocused();
    await ana.confirm(() => keyboard.press('Enter'));
    await cleo.expectInCall();
    await ana.expectInCall();
  });

  await test.step('leaves the report without a report, then reports', async () => {
    await press('Report');
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByRole('heading').first()).toBeFocused();
    await tabSeenTo(ana, sheet.getByRole('button', { name: 'Cancel' }));
    await keyboard.press('Enter');
    await expect(ana.button('Report')).toBeFocused();
    await keyboard.press('Enter');
    await tabSeenTo(ana, sheet.getByRole('button', { name: 'Scam or spam' }));
    await keyboard.press('Enter');
    await expect(sheet.getByRole('heading', { name: 'Reported and blocked' })).toBeFocused();
    await tabSeenTo(ana, sheet.getByRole('button', { name: 'Send now' }));
    await keyboard.press('Enter');
    await expect(sheet.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
    await tabSeenTo(ana, sheet.getByRole('button', { name: 'Close' }));
    await keyboard.press('Enter');
    await expect(ana.button('Next')).toBeFocused();
  });

  await test.step('changes a setting, and returns to the button of the settings', async () => {
    await press('Settings');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await expect(settings.getByRole('heading', { name: 'Settings' })).toBeFocused();
    const motion = settings.getByRole('radiogroup', { name: 'Motion' });
    await tabSeenTo(ana, motion.getByRole('radio', { checked: true }));
    await keyboard.press('ArrowLeft');
    await expect(page.locator('html')).toHaveAttribute('data-motion', 'reduced');
    await keyboard.press('Escape');
    await expect(settings).toHaveCount(0);
    await expect(ana.button('Settings')).toBeFocused();
  });
});
