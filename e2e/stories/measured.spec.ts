import { launchBare } from '../support/browser.ts';
import { measure } from '../support/measured.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** Writes an appeal on the open decision page and sends it. */
async function appeal(person: Person, text: string): Promise<void> {
  const { page } = person;
  await page.getByRole('textbox', { name: 'What should the moderators know?' }).fill(text);
  await person.button('Send the appeal').press('Enter');
  await expect(page.getByText(/Your appeal was received/)).toBeVisible();
}

/** Asserts that nothing on the page names a reporter or a reason. */
async function expectNoReporter({ page }: Person): Promise<void> {
  await expect(page.locator('body')).not.toContainText(/reporter-|newcomer|sexual|minutes ago/i);
}

test('shows a restriction while searching, accepts an appeal and lifts the restriction', {
  tag: '@long',
}, async ({ node, arrive }) => {
  // The time limit is long enough for two browsers, a node and its CLI.
  test.setTimeout(180_000);
  const server = await node();
  const browser = await launchBare();
  const noor = await Moderator.hire(browser, server, 'Noor', 'moderator');
  const ana = await arrive('Ana', server.url);
  await ana.startText();
  await expect(ana.button('Stop')).toBeVisible();
  await measure(server, ana, 'restriction');

  const limited = ana.page.getByText('Who you meet is limited for now', { exact: true });
  await test.step('shows the restriction at the next visit and while searching', async () => {
    await ana.page.goto(server.url);
    await expect(limited).toBeVisible();
    await expect(ana.page.getByText(/This ends on .* at the latest/)).toBeVisible();
    await ana.button('Text only').click();
    await expect(ana.page.getByRole('heading', { name: 'Who you meet is limited' })).toBeVisible();
    await expect(ana.page.getByText(/A search may find nobody/)).toBeVisible();
    await expect(ana.button('Stop')).toBeVisible();
    await expectNoReporter(ana);
  });

  await test.step('sends an appeal against the restriction by keyboard', async () => {
    await ana.button('Read why and appeal').press('Enter');
    await expect(ana.page.getByRole('heading', { level: 1 })).toHaveText(/how to appeal/);
    await expectNoReporter(ana);
    await appeal(ana, 'I was eating my dinner.');
  });

  await test.step('lets a moderator lift the restriction', async () => {
    await noor.page.getByRole('link', { name: /^Appeals/ }).click();
    await expect(noor.page.getByText('I was eating my dinner.')).toBeVisible();
    await noor.button('Lift it').click();
    await expect(noor.page.getByText('No open appeals')).toBeVisible();
  });

  await test.step('shows the appeal’s answer and lets the user search as before', async () => {
    await ana.page.goto(`${server.url}/appeal`);
    await expect(ana.page.getByText('A moderator lifted it. We are sorry.')).toBeVisible();
    await expect(async () => {
      await ana.page.goto(server.url);
      await ana.button('Text only').click({ timeout: 3_000 });
      await expect(ana.button('Stop')).toBeVisible({ timeout: 3_000 });
      await expect(limited).toBeHidden({ timeout: 1_000 });
    }).toPass({ timeout: 15_000 });
  });

  expect(noor.complaints).toEqual([]);
  await browser.close();
});

test('shows a suspended user when the suspension ends; accepts appeals by code', async ({
  node,
  arrive,
}) => {
  const server = await node();
  const ben = await arrive('Ben', server.url);
  await ben.startText();
  await expect(ben.button('Stop')).toBeVisible();
  await measure(server, ben, 'hold');
  const heading = ben.page.getByRole('heading', {
    name: 'You can’t use this server at the moment',
  });
  await expect(heading).toBeVisible();
  await expect(ben.page.getByText(/Nobody has decided anything yet/)).toBeVisible();
  await expect(ben.page.getByText(/It ends on /)).toBeVisible();
  const code = await ben.page.getByText(/^auto-/).textContent();
  await expectNoReporter(ben);
  await ben.button('Read why and appeal').press('Enter');
  await expect(
    ben.page.getByText(/Your access is paused until moderators have decided/i),
  ).toBeVisible();
  await appeal(ben, 'It was my cat.');

  // The user opens the decision on another device, without the cookie.
  const other = await arrive('Ben elsewhere', `${server.url}/appeal`, { locale: 'fr-FR' });
  await other.page.getByRole('textbox').fill(code ?? '');
  await other.button('Montrer la décision').click();
  await expect(other.page.getByText(/Votre recours est arrivé/)).toBeVisible();
});
