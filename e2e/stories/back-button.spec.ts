import { meetByText } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** Presses Back, and waits until the page is ready for the next press. */
async function back({ page }: Person): Promise<void> {
  await page.goBack();
  await expect.poll(() => page.evaluate<unknown>(() => history.state)).not.toBeNull();
}

test('Back closes a sheet, then acts as Esc, and never leaves a call', { tag: '@long' }, async ({
  two,
}) => {
  const { ana, ben } = await two({ viewport: { width: 390, height: 844 } });
  const { page } = ana;
  await meetByText(ana, ben);

  await test.step('Back closes the open sheet and keeps the call', async () => {
    await ana.button('More').click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await back(ana);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await ana.say('still here');
    await ben.expectLine('still here');
  });

  await test.step('the Back button during a call asks before it brings the next stranger, as Esc does', async () => {
    await back(ana);
    await expect(ana.button('Really?')).toBeVisible();
    await ana.confirm(() => back(ana));
    await expect(ana.chat).toHaveCount(0);
    await expect(ben.page.getByText('Stranger left').first()).toBeVisible();
  });

  await test.step('Back stops the search, then leaves the page from the landing', async () => {
    await expect(page.getByText('It’s quiet right now.').first()).toBeVisible();
    await page.goBack();
    await expect(ana.button('Text only')).toBeVisible();
    expect(page.url()).toMatch(/^http/);
    await page.goBack();
    await expect(page).toHaveURL('about:blank');
  });
});

test('Back leads from the rules and a finished call to the landing', { tag: '@long' }, async ({
  two,
}) => {
  const { ana, ben } = await two();
  await ana.button('Text only').click();
  await expect(ana.page.getByRole('heading', { name: 'Four rules, and you’re in' })).toBeVisible();
  await ana.page.goBack();
  await expect(ana.button('Text only')).toBeVisible();

  await meetByText(ana, ben);
  await ben.button('Stop').click();
  await expect(ana.page.getByRole('heading', { name: 'Stranger left' })).toBeVisible();
  await expect(async () => {
    await ana.page.goBack();
    await expect(ana.button('Text only')).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 10_000 });

  await ana.button('Settings').click();
  await expect(ana.page.getByRole('dialog')).toBeVisible();
  await ana.page.goBack();
  await expect(ana.page.getByRole('dialog')).toHaveCount(0);
  await expect(ana.button('Text only')).toBeVisible();
});
