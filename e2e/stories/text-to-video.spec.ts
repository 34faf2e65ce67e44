import { meetByText } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

test('upgrades a text call to video when both agree after a preview', { tag: '@long' }, async ({
  two,
}) => {
  const { ana, ben } = await two();
  await meetByText(ana, ben);
  await ana.say('said in words');
  await ben.expectLine('said in words');

  await test.step('continues the text call on “Not now”', async () => {
    await ana.button('Turn on video').click();
    await expect(ana.page.getByLabel('You', { exact: true })).toBeVisible();
    await ana.button('Ask them').click();
    await ben.button('Not now').click();
    await expect(ana.page.getByRole('region', { name: 'Video' })).toContainText(
      'They’d rather not for now.',
    );
    await expect(ana.page.locator('video')).toHaveCount(0);
  });

  await test.step('hides the stranger’s video at first, even after both agreed to video', async () => {
    // Ana asked a moment ago, so now Ben asks.
    await ben.messageBox.fill('half a thought');
    await ben.turnOnVideoWith(ana);
    for (const person of [ana, ben]) await person.showVideo();
    await expect(ben.messageBox).toHaveValue('half a thought');
    await ana.expectLine('said in words');
  });
});

test('shows unread chat lines of a background tab in title and icon', { tag: '@long' }, async ({
  two,
}) => {
  const { ana, ben } = await two({ devices: 'none' });
  await meetByText(ana, ben);
  const icon = ben.page.locator('link[rel=icon]');
  await ben.setHidden(true);
  await ana.say('are you there?');
  await expect(ben.page).toHaveTitle(/^\(1\) /);
  await expect(icon).toHaveAttribute('href', '/favicon-unread.svg');
  await ben.setHidden(false);
  await expect(ben.page).toHaveTitle(/^[^(]/);
  await expect(icon).toHaveAttribute('href', '/favicon.svg');
});
