import { meetByText, meetByVideo } from '../support/meeting.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

const tableOf = ({ page }: Person) => page.getByRole('region', { name: 'Cards and games' });

test('shows both users the same card, only after both are uncovered', async ({ two }) => {
  const { ana, ben } = await two();
  await meetByVideo(ana, ben);
  await ana.showVideo();
  await ana.button('More').click();
  await expect(ana.button('Full screen')).toBeVisible();
  await expect(ana.button('Cards and games')).toHaveCount(0);
  await ana.button('Close').click();

  await ben.showVideo();
  await ana.button('More').click();
  await ana.button('Cards and games').click();
  const text = (await tableOf(ana).locator('.card-text').textContent()) ?? '';
  await expect(tableOf(ben).locator('.card-text')).toHaveText(text);
  await expect(ben.page.getByRole('status').filter({ hasText: text })).toBeAttached();

  await test.step('the other user plays the next card, for both', async () => {
    await tableOf(ben).getByRole('button', { name: 'Another one' }).click();
    for (const person of [ana, ben]) {
      await expect(tableOf(person).locator('.card-text')).not.toHaveText(text);
    }
    const next = (await tableOf(ben).locator('.card-text').textContent()) ?? '';
    await expect(tableOf(ana).locator('.card-text')).toHaveText(next);
  });

  await test.step('only one of the two sees the word to draw', async () => {
    await tableOf(ana).getByLabel('Game').selectOption('Draw and guess');
    for (const person of [ana, ben]) {
      await expect(tableOf(person)).toContainText(/Draw this|They draw/u);
    }
    const shows = async (person: Person) => await tableOf(person).locator('.card-text').count();
    expect((await shows(ana)) + (await shows(ben))).toBe(1);
    const guesser = (await shows(ana)) === 0 ? ana : ben;
    const drawer = guesser === ana ? ben : ana;
    const word = (await tableOf(drawer).locator('.card-text').textContent()) ?? '';
    await tableOf(guesser).getByRole('button', { name: 'Show the answer' }).click();
    await expect(tableOf(guesser).locator('.card-text')).toHaveText(word);
  });

  await test.step('hides the card while one of the two is covered', async () => {
    await ben.button('Cover').click();
    await expect(tableOf(ben)).toHaveCount(0);
    await expect(tableOf(ana)).toHaveCount(0);
  });
});

test('hides the card from a user who put it away, in a text call', async ({ two }) => {
  const { ana, ben } = await two({ devices: 'none' });
  await meetByText(ana, ben);
  await ana.button('More').click();
  await ana.button('Cards and games').click();
  await expect(tableOf(ben).locator('.card-text')).toBeVisible();
  await tableOf(ben).getByRole('button', { name: 'Put away' }).click();
  await tableOf(ana).getByRole('button', { name: 'Another one' }).click();
  await expect(tableOf(ana).locator('.card-text')).toBeVisible();
  await expect(tableOf(ben)).toHaveCount(0);
});
