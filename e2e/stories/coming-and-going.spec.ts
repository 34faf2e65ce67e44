import { meetByText } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

test('notifies the peer within 2 s when a user leaves', { tag: '@long' }, async ({
  arrive,
  two,
}) => {
  const { url, ana, ben } = await two();
  await meetByText(ana, ben);

  await test.step('ends the call on leaving the page; Back shows the landing page', async () => {
    await ben.page.goto('about:blank');
    await expect(ana.page.getByRole('heading', { name: 'Stranger left' })).toBeVisible({
      timeout: 2_000,
    });
    await ben.page.goBack();
    await expect(ben.button('Text only')).toBeVisible();
    await ana.button('Next').click();
    await expect(ana.page.getByRole('heading', { name: /looking for someone/i })).toBeVisible();
  });

  await test.step('alerts a user in a background tab to a match', async () => {
    await ana.setHidden(true);
    const cem = await arrive('Cem', url);
    await cem.startText();
    await cem.expectInCall();
    await expect.poll(() => ana.page.title()).toContain('Matched!');
    await expect(cem.page.getByRole('heading', { name: 'Stranger left' })).toBeVisible({
      timeout: 20_000,
    });
    await ana.setHidden(false);
    await expect(ana.page.getByRole('heading', { name: 'You were away' })).toBeVisible();
    // Cem stops searching, so that Ana's next search finds no match.
    await cem.button('Next').click();
    await expect(cem.page.locator('#app').getByText('It’s quiet right now.')).toBeVisible();
  });
});
