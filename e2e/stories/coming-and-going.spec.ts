import { meetByText } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

test('who goes is told within 2 s, and who is away when found is not waited for', async ({
  arrive,
  two,
}) => {
  const { url, ana, ben } = await two();
  await meetByText(ana, ben);

  await test.step('a page that goes away says so, and comes back as a page to start from', async () => {
    await ben.page.goto('about:blank');
    await expect(ana.page.getByRole('heading', { name: 'Stranger left' })).toBeVisible({
      timeout: 2_000,
    });
    await ben.page.goBack();
    await expect(ben.button('Text only')).toBeVisible();
    await ana.button('Next').click();
    await expect(ana.page.getByRole('heading', { name: /looking for someone/i })).toBeVisible();
  });

  await test.step('found in the background: called, waited for, and let go', async () => {
    await ana.setHidden(true);
    // Somebody else: the two have just met.
    const cem = await arrive('Cem', url);
    await cem.startText();
    await cem.expectInCall();
    await expect.poll(() => ana.page.title()).toContain('Matched!');
    await expect(cem.page.getByRole('heading', { name: 'Stranger left' })).toBeVisible({
      timeout: 20_000,
    });
    await ana.setHidden(false);
    await expect(ana.page.getByRole('heading', { name: 'You were away' })).toBeVisible();
    // Out of the queue: whoever searches now finds nobody.
    await cem.button('Next').click();
    await expect(cem.page.locator('#app').getByText('nobody else to meet')).toBeVisible();
  });
});
