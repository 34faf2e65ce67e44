import { launchBare } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/**
 * Settings that allow pictures in reports. The server requires a recorded law and registration
 * for pictures.
 */
const RECORDED = {
  FARANDOLE_EVIDENCE_JURISDICTION: 'Nowhere',
  FARANDOLE_EVIDENCE_REGISTRATION: 'An authority of stories 1',
};

async function expectPictureWhileHeld({ page }: Moderator): Promise<void> {
  await expect(page.getByText('Unverified')).toBeVisible();
  const cover = page.getByRole('button', { name: /hold to uncover/ }).last();
  await expect(page.locator('iframe')).toHaveCount(0);
  await cover.focus();
  await page.keyboard.down('Space');
  await expect(page.getByText('Uncovered', { exact: true })).toBeAttached();
  await expect(page.locator('iframe')).toBeVisible();
  const canvas = page.frameLocator('iframe').locator('canvas');
  await expect.poll(() => canvas.evaluate(({ width }: HTMLCanvasElement) => width)).toBe(160);
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
  // The picture shows light and dark stripes of four pixels.
  expect(Math.max(...seen.reds) - Math.min(...seen.reds)).toBeGreaterThan(100);
  await page.keyboard.up('Space');
  await expect(page.locator('iframe')).toBeHidden();
  await expect.poll(() => canvas.evaluate(({ width }: HTMLCanvasElement) => width)).toBe(0);
}

test('decides a report by keyboard; another moderator overturns the decision on appeal', async ({
  node,
  arrive,
}) => {
  // The time limit is long enough for three browsers, a node and its CLI. On an idle machine this
  // story takes seconds.
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
  await dialog.getByRole('button', { name: 'Threat or violence' }).click();
  // The dialog doesn't show the pictures to the reporter.
  await expect(dialog.locator('img, canvas, video')).toHaveCount(0);
  await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
  await expect(dialog.getByText('The pictures were received, too.')).toBeVisible();

  await test.step('shows a new report in the open queue and decides it by keyboard', async () => {
    const row = maya.page.getByRole('link', { name: 'Threat or violence' });
    await expect(row).toBeVisible();
    // Enter follows the focused link, although the queue has a shortcut on the same key.
    await maya.page.getByRole('link', { name: 'Appeals' }).press('Enter');
    await expect(maya.page.getByRole('heading', { name: 'Appeals', exact: true })).toBeVisible();
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
    await expect(maya.button('Escalate to a senior')).toBeFocused();
    await maya.press('9');
    await expect(maya.button('Escalate to child safety')).toBeFocused();
    await maya.press('h');
    await expect(maya.button('No imminent danger')).toBeVisible();
    await maya.press('5', 'n');
    await maya.page.keyboard.type('A threat with a place.');
    await maya.press('Control+Enter');
    await expect(maya.page.getByText('Suspended for 1 day. In force now.')).toBeVisible();
  });

  const shownOut = ben.page.getByRole('heading', {
    name: 'You can’t use this server at the moment',
  });
  const code = ben.page.getByText('The code of the decision');

  await test.step('disconnects the accused at once and refuses their return', async () => {
    await expect(shownOut).toBeVisible();
    await ben.button('Try again').click();
    await expect(ben.button('Read why and appeal')).toBeVisible();
    await expect(code).toBeVisible();
  });

  await test.step('recognizes the accused by device key without the cookie', async () => {
    const cookies = await ben.context.cookies();
    await ben.context.clearCookies();
    await ben.page.goto(server.url);
    await expect(shownOut).toBeVisible();
    // Without the cookie the user counts as new, and the page hides another user's code.
    await expect(code).toBeHidden();
    await expect(ben.button('Write to the moderators')).toBeVisible();
    expect(await ben.context.cookies()).not.toEqual(cookies);
    await ben.context.clearCookies();
    await ben.context.addCookies(cookies);
    await ben.button('Try again').click();
    await expect(code).toBeVisible();
  });

  await test.step('notifies the reporter that action was taken', async () => {
    await expectNews(ana, server.url, 'Moderators acted on it. Thank you.');
  });

  await test.step('lets another moderator overturn the decision on appeal', async () => {
    await ben.button('Read why and appeal').click();
    await expect(ben.page.getByText('No threats and no violence.')).toBeVisible();
    await ben.page
      .getByRole('textbox', { name: 'What should they know?' })
      .fill('It was a line of a film.');
    await ben.button('Send the appeal').click();
    await expect(ben.page.getByText(/Your appeal was received/)).toBeVisible();
    await maya.page.getByRole('link', { name: /^Appeals/ }).click();
    await expect(maya.page.getByText(/You took part in this decision/)).toBeVisible();
    await noor.page.getByRole('link', { name: /^Appeals/ }).click();
    await expect(noor.page.getByText('It was a line of a film.')).toBeVisible();
    await noor.button('Overturn').click();
    await expect(noor.page.getByText('No open appeals')).toBeVisible();
  });

  await test.step('notifies the reporter of the changed outcome', async () => {
    await expectNews(ana, server.url, 'Moderators found no breach of the rules.');
  });

  await test.step('lets the accused use the site again', async () => {
    // The story retries, because the node reads decisions once a second. One press leads to the
    // queue, because the rules are already accepted.
    await expect(async () => {
      await ben.page.goto(server.url);
      await ben.button('Text only').click({ timeout: 5_000 });
      await expect(ben.button('Stop')).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 40_000 });
  });

  expect([...maya.complaints, ...noor.complaints]).toEqual([]);
  await browser.close();
  await bensOwn.close();
});

async function expectNews(person: Person, url: string, outcome: string): Promise<void> {
  await person.page.goto(url);
  await expect(person.page.getByText(/^Moderators decided on one of your reports/)).toBeVisible();
  await person.page.getByRole('link', { name: 'See the decision' }).click();
  await expect(person.page.getByText(outcome)).toBeVisible();
}
