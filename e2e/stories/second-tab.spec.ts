import { expect, test } from '../support/story.ts';

test('lets a second tab take over; the first suggests a private window', async ({
  arrive,
  one,
}) => {
  const { url, ana } = await one();
  await ana.startText();
  await expect(ana.button('Stop')).toBeVisible();

  const second = await ana.context.newPage();
  await second.goto(url);
  await second.getByRole('button', { name: 'Text only' }).click();

  await expect(ana.page.getByText(/private window/i).first()).toBeVisible();
  await expect(ana.chat).toHaveCount(0);
  // If the user of two tabs had been matched with themselves, a call would exist now. Ben's match
  // shows that only one search was waiting.
  const ben = await arrive('Ben', url);
  await ben.startText();
  await ben.expectInCall();
  await expect(second.getByRole('log', { name: 'Chat' })).toBeVisible();
});
