import { launchBare } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';
import { openThreat, threatenAndReport } from '../support/threat.ts';

const PHONE = { viewport: { width: 390, height: 844 }, devices: 'none' } as const;
const RULES = 'We talk about painting.\nShow your brushes, not your neighbours.';

async function openCommunities({ page }: Moderator): Promise<void> {
  await page.getByRole('link', { name: 'Communities' }).click();
  await expect(page.getByRole('button', { name: 'Add a community' })).toBeVisible();
}

async function addCommunity({ page }: Moderator, door = 'Everyone with the link'): Promise<void> {
  await page.getByRole('button', { name: 'Add a community' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Night painters');
  await page.getByLabel('Name in the address').fill('night-painters');
  await page.getByLabel('Rules of the community').fill(RULES);
  await page.getByLabel(door).check();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Night painters' })).toBeVisible();
}

async function closeCommunity({ page }: Moderator): Promise<void> {
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('button', { name: 'Yes, close Night painters' }).click();
  await expect(page.getByText('Closed', { exact: false }).first()).toBeVisible();
}

async function startIn(person: Person): Promise<void> {
  await expect(person.page.getByRole('heading', { name: 'Night painters' })).toBeVisible();
  await person.button('Text only').click();
  await expect(person.page.getByText('Show your brushes')).toBeVisible();
  await person.acceptRules();
}

test('two people of a community meet, and a report names it', { tag: '@long' }, async ({
  node,
  arrive,
}) => {
  test.setTimeout(240_000);
  const server = await node();
  const browser = await launchBare();
  const maya = await Moderator.hire(browser, server, 'Maya', 'moderator', 'rules');
  await openCommunities(maya);
  await addCommunity(maya);

  const page = `${server.url}/in/night-painters`;
  const cyd = await arrive('Cyd', server.url, PHONE);
  await cyd.startText();
  const ana = await arrive('Ana', page, PHONE);
  await startIn(ana);
  await expect(ana.page.getByText('Only people of')).toBeVisible();
  await expect(cyd.button('Stop'), 'still waits in the open pool').toBeVisible();
  const ben = await arrive('Ben', page, PHONE);
  await startIn(ben);
  await ana.expectInCall();
  await ben.expectInCall();
  await expect(ana.page.getByText(/^In .Night painters/u)).toBeVisible();
  await expect(cyd.messageBox).toBeHidden();

  await test.step('the case names the community', async () => {
    await threatenAndReport(ben, ana);
    await maya.page.getByRole('link', { name: 'Queue' }).first().click();
    await openThreat(maya);
    await expect(maya.page.getByText('community night-painters')).toBeVisible();
  });

  await test.step('a closed community offers the open pool', async () => {
    await ben.button('Next').click();
    await expect(ben.page.getByText('Only people of')).toBeVisible();
    await openCommunities(maya);
    await closeCommunity(maya);
    await expect(
      ben.page.getByRole('heading', { name: 'This community isn’t open' }),
    ).toBeVisible();
    await ben.button('Meet everyone instead').click();
    await ben.button('Text only').click();
    await ben.expectInCall();
    await cyd.expectInCall();
  });
  await maya.leave();
  await browser.close();
  expect(maya.complaints).toEqual([]);
});

test('a code lets in one browser, and nobody after it is revoked', {
  tag: '@long',
}, async ({ node, arrive }) => {
  test.setTimeout(240_000);
  const server = await node();
  const browser = await launchBare();
  const maya = await Moderator.hire(browser, server, 'Maya', 'moderator', 'rules');
  await openCommunities(maya);
  await addCommunity(maya, 'Only the people on a list');
  await maya.button('Codes').click();
  await maya.page.getByLabel('One person per line').fill('Ana\nBen');
  await maya.button('Make codes').click();
  const links = maya.page.locator('code.secret');
  await expect(links).toHaveCount(2);
  const [anas = '', bens = ''] = await links.allTextContents();

  const ana = await arrive('Ana', anas, { devices: 'none' });
  await startIn(ana);
  expect(ana.page.url(), 'the code leaves the address').not.toContain('code=');
  const ben = await arrive('Ben', bens, { devices: 'none' });
  await startIn(ben);
  await ana.expectInCall();
  await ben.expectInCall();

  const wrong = 'This invitation doesn’t work, or no longer works. Ask for a new one.';
  const cyd = await arrive('Cyd', anas, { devices: 'none' });
  await expect(cyd.page.getByText(wrong)).toBeVisible();
  const dan = await arrive('Dan', `${server.url}/in/night-painters#code=guessed`, {
    devices: 'none',
  });
  await expect(dan.page.getByText(wrong)).toBeVisible();
  const eva = await arrive('Eva', `${server.url}/in/night-painters`, { devices: 'none' });
  await expect(eva.page.getByText('You need an invitation.')).toBeVisible();

  await maya.button('Revoke Ana').click();
  await expect(maya.page.getByText('Revoked.')).toBeVisible();
  await ana.button('Stop').click();
  await ana.button('Next').click();
  await expect(ana.page.getByText(wrong)).toBeVisible();
  await maya.leave();
  await browser.close();
  expect(maya.complaints).toEqual([]);
});
