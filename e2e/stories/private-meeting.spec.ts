import { launchBare } from '../support/browser.ts';
import { meetByText } from '../support/meeting.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';
import { openThreat, threatenAndReport } from '../support/threat.ts';

/** Looks for anyone, and makes an invitation once the page offers it. */
async function invite(host: Person): Promise<string> {
  await host.startText();
  await host.button('Invite someone').click();
  await expect(host.page.getByRole('heading', { name: 'Waiting for your guest' })).toBeVisible();
  return await host.page.getByLabel('Your invitation link').inputValue();
}

async function accept(guest: Person, link: string): Promise<void> {
  await guest.page.goto(link);
  await expect(guest.page.getByText('You have to be 18 or over.')).toBeVisible();
  // The token stays neither in the address nor in the history.
  await expect(guest.page).not.toHaveURL(/#/u);
  await guest.button('Accept').click();
}

async function expectOver({ page }: Person): Promise<string> {
  const heading = page.getByRole('heading', { name: 'This invitation has expired' });
  await expect(heading).toBeVisible();
  return (await page.locator('section.search').textContent()) ?? '';
}

test('an invitation lets exactly two people meet', async ({ two, arrive }) => {
  const { server, ana, ben } = await two({ devices: 'none' });
  const link = await invite(ana);
  await accept(ben, link);
  await ben.acceptRules();
  await ana.expectInCall();
  await ben.expectInCall();
  await ben.say('found you');
  await ana.expectLine('found you');

  await test.step('refuses a third person, and then finds them somebody else', async () => {
    const cyd = await arrive('Cyd', server.url, { devices: 'none' });
    const dan = await arrive('Dan', server.url, { devices: 'none' });
    await accept(cyd, link);
    await cyd.acceptRules();
    await expectOver(cyd);
    await dan.startText();
    await cyd.button('Meet someone else').click();
    await cyd.expectInCall();
  });
});

test('a report tells the moderator of the invitation', { tag: '@long' }, async ({
  node,
  arrive,
}) => {
  // The time limit is long enough for two browsers, a node and its CLI.
  test.setTimeout(240_000);
  const server = await node();
  const browser = await launchBare();
  const maya = await Moderator.hire(browser, server, 'Maya', 'moderator');
  await expect(maya.page.getByText('Nothing is waiting')).toBeVisible();
  const ana = await arrive('Ana', server.url, { devices: 'none' });
  const ben = await arrive('Ben', server.url, { devices: 'none' });
  await accept(ben, await invite(ana));
  await ben.acceptRules();
  await ben.expectInCall();
  await threatenAndReport(ana, ben);
  await openThreat(maya);
  await expect(maya.page.getByText(/ · by invitation/u)).toBeVisible();
  await maya.leave();
  await browser.close();
  expect(maya.complaints).toEqual([]);
});

test('a withdrawn invitation brings nobody together', { tag: '@long' }, async ({ two }) => {
  const { ana, ben } = await two({ devices: 'none' });
  const link = await invite(ana);
  await ana.button('Withdraw the link').click();
  await expect(ana.page.getByText('Your link no longer works.')).toBeVisible();
  await accept(ben, link);
  await ben.acceptRules();
  await expectOver(ben);
});

test('refuses a restricted person in the words of an expired invitation', {
  tag: '@long',
}, async ({ node, arrive }) => {
  // The time limit is long enough for two browsers, a node and its CLI.
  test.setTimeout(240_000);
  const server = await node();
  const browser = await launchBare();
  const maya = await Moderator.hire(browser, server, 'Maya', 'moderator');
  await expect(maya.page.getByText('Nothing is waiting')).toBeVisible();
  const ana = await arrive('Ana', server.url, { devices: 'none' });
  const ben = await arrive('Ben', server.url, { devices: 'none' });
  await meetByText(ana, ben);
  await ben.say('I know where you are');
  await ana.expectLine('I know where you are');
  await ana.button('Report').click();
  await ana.page.getByRole('dialog').getByRole('button', { name: 'Threat or violence' }).click();
  await expect(maya.page.getByRole('link', { name: 'Threat or violence' })).toBeVisible();
  await maya.press('j', 'Enter');
  await expect(maya.page.getByText('I know where you are')).toBeVisible();
  await maya.press('a');
  await expect(maya.page.getByText(/Yours for/)).toBeVisible();
  await maya.press('h');
  await expect(maya.button('No imminent danger')).toBeVisible();
  await maya.press('3', 'n');
  await maya.page.keyboard.type('A threat with a place.');
  await maya.press('Control+Enter');
  await expect(maya.page.getByText('Text only for 7 days. In force now.')).toBeVisible();

  const cyd = await arrive('Cyd', server.url, { devices: 'none' });
  const link = await invite(cyd);
  await ben.button('Home').click();
  await accept(ben, link);
  const restricted = await expectOver(ben);
  const dan = await arrive('Dan', server.url, { devices: 'none' });
  await accept(dan, `${server.url}/#with=t${'x'.repeat(60)}`);
  await dan.acceptRules();
  expect(await expectOver(dan)).toBe(restricted);
  await maya.leave();
  await browser.close();
  expect(maya.complaints).toEqual([]);
});

test('two people meet again only if both ask', { tag: '@long' }, async ({ two }) => {
  test.setTimeout(180_000);
  const { ana, ben } = await two({ devices: 'none' });
  await meetByText(ana, ben);
  await expect(ana.page.getByText(/^1:0\d$/u).first()).toBeVisible({ timeout: 90_000 });
  await ana.button('Stop').click();
  await ana.button('Meet again?').click();
  const waiting = ana.page.getByRole('heading', { name: 'Waiting to meet again' });
  await expect(waiting).toBeVisible();
  await expect(ben.button('Meet again?')).toBeVisible();
  await ben.button('Meet again?').click();
  await ana.expectInCall();
  await ben.expectInCall();
});
