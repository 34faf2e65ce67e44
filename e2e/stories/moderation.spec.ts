import { launchBare } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** What an operator records, so that pictures go with reports. */
const RECORDED = {
  FARANDOLE_EVIDENCE_JURISDICTION: 'Nowhere',
  FARANDOLE_EVIDENCE_REGISTRATION: 'An authority of stories 1',
};

/** Covered before and after, and in between the stripes of the drawn camera: by keys alone. */
async function expectPictureWhileHeld({ page }: Moderator): Promise<void> {
  await expect(page.getByText('Unverified')).toBeVisible();
  const cover = page.getByRole('button', { name: /hold to uncover/ }).last();
  await expect(page.locator('iframe')).toHaveCount(0);
  await cover.focus();
  await page.keyboard.down('Space');
  await expect(page.getByText('Uncovered', { exact: true })).toBeAttached();
  await expect(page.locator('iframe')).toBeVisible();
  const canvas = page.frameLocator('iframe').locator('canvas');
  const seen = await canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d');
    const row = context?.getImageData(0, Math.floor(height / 2), width, 1).data ?? [];
    return {
      width,
      height,
      origin: self.origin,
      reds: Array.from(row).filter((_, at) => at % 4 === 0),
    };
  });
  expect([seen.width, seen.height, seen.origin]).toEqual([160, 120, 'null']);
  // Four pixels each, light and dark in turn.
  expect(Math.max(...seen.reds) - Math.min(...seen.reds)).toBeGreaterThan(100);
  await page.keyboard.up('Space');
  await expect(page.locator('iframe')).toBeHidden();
  await expect.poll(() => canvas.evaluate(({ width }: HTMLCanvasElement) => width)).toBe(0);
}

test('a report is decided by keyboard alone, appealed against, and overturned by somebody else', async ({
  node,
  arrive,
}) => {
  // Three browsers, a node and its command line: seconds where nothing else runs.
  test.setTimeout(180_000);
  const server = await node(RECORDED);
  const browser = await launchBare();
  const [maya, noor] = await Promise.all([
    Moderator.hire(browser, server, 'Maya', 'moderator'),
    Moderator.hire(browser, server, 'Noor', 'moderator'),
  ]);
  await expect(maya.page.getByText('Nothing is waiting')).toBeVisible();
  await maya.signInAnew();
  await expect(maya.page.getByText('Nothing is waiting')).toBeVisible();

  const ana = await arrive('Ana', server.url);
  const bensOwn = await launchBare();
  const ben = await arrive('Ben', server.url, { camera: 'drawn', browser: bensOwn });
  await ana.startVideo();
  await ben.startVideo();
  await ana.expectInCall();
  await ben.say('I know where you are');
  await ana.expectLine('I know where you are');
  await ana.button('Report').click();
  const dialog = ana.page.getByRole('dialog');
  await expect(dialog.getByText(/of the stranger’s last 20 seconds/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Threat or violence' }).click();
  await expect(dialog.getByRole('heading', { name: 'Which pictures go with it?' })).toBeFocused();
  // None of them is drawn for whoever reports.
  await expect(dialog.locator('img, canvas, video')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Send now' }).click();
  await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
  await expect(dialog.getByText('The pictures were received, too.')).toBeVisible();

  await test.step('within two seconds it is in the queue, and is decided by keys', async () => {
    const row = maya.page.getByRole('link', { name: 'Threat or violence' });
    await expect(row).toBeVisible({ timeout: 2_000 });
    // Enter is a link's own, wherever the keys of the queue are heard.
    await maya.page.getByRole('link', { name: 'Appeals' }).press('Enter');
    await expect(maya.page.getByRole('heading', { name: 'Appeals' })).toBeVisible();
    await maya.page.goBack();
    await expect(row).toBeVisible();
    await maya.press('j');
    await expect(row).toBeFocused();
    await maya.press('Enter');
    await expect(maya.page.getByText('I know where you are')).toBeVisible();
    await expect(maya.page.getByText('Lines verified')).toBeVisible();
    await expectPictureWhileHeld(maya);
    await maya.press('a');
    await expect(maya.page.getByText(/Yours for/)).toBeVisible();
    await maya.press('8');
    await expect(maya.button('Hand to a senior')).toBeFocused();
    await maya.press('9');
    await expect(maya.button('Hand to child safety')).toBeFocused();
    await maya.press('h');
    await expect(maya.button('No harm is near')).toBeVisible();
    await maya.press('5', 'n');
    await maya.page.keyboard.type('A threat with a place.');
    await maya.press('Control+Enter');
    await expect(maya.page.getByText('Suspended for 1 day. It holds now.')).toBeVisible();
  });

  const shownOut = ben.page.getByRole('heading', {
    name: 'You can’t use this server at the moment',
  });
  const code = ben.page.getByText('The code of the decision');

  await test.step('whoever was reported is shown out at once, and does not come back', async () => {
    await expect(shownOut).toBeVisible({ timeout: 4_000 });
    await ben.button('Try again').click();
    await expect(ben.button('Read why, and appeal')).toBeVisible();
    await expect(code).toBeVisible();
  });

  await test.step('nor without their cookie: the key of their browser is enough', async () => {
    const cookies = await ben.context.cookies();
    await ben.context.clearCookies();
    await ben.page.goto(server.url);
    await expect(shownOut).toBeVisible();
    // To the server they are somebody new, whom it does not tell what is another’s.
    await expect(code).toBeHidden();
    await expect(ben.button('Write to the moderators')).toBeVisible();
    expect(await ben.context.cookies()).not.toEqual(cookies);
    await ben.context.clearCookies();
    await ben.context.addCookies(cookies);
    await ben.button('Try again').click();
    await expect(code).toBeVisible();
  });

  await test.step('whoever reported is told that it was acted on', async () => {
    await expectNews(ana, server.url, 'Moderators acted on it. Thank you.');
  });

  await test.step('they appeal, and somebody who had no part in it overturns', async () => {
    await ben.button('Read why, and appeal').click();
    await expect(ben.page.getByText('No threats and no violence.')).toBeVisible();
    await ben.page
      .getByRole('textbox', { name: 'What should they know?' })
      .fill('It was a line of a film.');
    await ben.button('Send the appeal').click();
    await expect(ben.page.getByText(/Your appeal was received/)).toBeVisible();
    await maya.page.getByRole('link', { name: /^Appeals/ }).click();
    await expect(maya.page.getByText(/You had a part in this decision/)).toBeVisible();
    await noor.page.getByRole('link', { name: /^Appeals/ }).click();
    await expect(noor.page.getByText('It was a line of a film.')).toBeVisible();
    await noor.button('Overturn').click();
    await expect(noor.page.getByText('No appeal waits')).toBeVisible();
  });

  await test.step('whoever reported is told that it was no breach after all', async () => {
    await expectNews(ana, server.url, 'Moderators found no breach of the rules.');
  });

  await test.step('they may come in again', async () => {
    // The node reads what was decided once a second, and shows them out until then. The rules were
    // agreed to before: one press leads to the queue.
    await expect(async () => {
      await ben.page.goto(server.url);
      await ben.button('Text only').click({ timeout: 3_000 });
      await expect(ben.button('Stop')).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 15_000 });
  });

  expect([...maya.complaints, ...noor.complaints]).toEqual([]);
  await browser.close();
  await bensOwn.close();
});

/** Opens the page anew, which says that there is news of a report, and follows it. */
async function expectNews(person: Person, url: string, outcome: string): Promise<void> {
  await person.page.goto(url);
  await expect(
    person.page.getByText(/^Moderators have decided on a report of yours/),
  ).toBeVisible();
  await person.page.getByRole('link', { name: 'See what became of it' }).click();
  await expect(person.page.getByText(outcome)).toBeVisible();
}
