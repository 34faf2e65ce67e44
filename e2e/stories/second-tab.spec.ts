import { expect, test } from '../support/story.ts';

test('a second tab takes over; the first explains how to test alone', async ({ arrive, one }) => {
  const { url, ana } = await one();
  await ana.startText();
  await expect(ana.button('Stop')).toBeVisible();

  const second = await ana.context.newPage();
  await second.goto(url);
  await second.getByRole('button', { name: 'Text only' }).click();

  await expect(ana.page.getByText(/private window/i).first()).toBeVisible();
  await expect(ana.chat).toHaveCount(0);
  // If the user had been matched with themselves, a call would exist now. Ben's search shows that
  // only one search waits.
  const ben = await arrive('Ben', url);
  await ben.startText();
  await ben.expectInCall();
  await expect(second.getByRole('log', { name: 'Chat' })).toBeVisible();
});
