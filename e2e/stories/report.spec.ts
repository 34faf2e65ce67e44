import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { meetByText } from '../support/meeting.ts';
import { recordsIn } from '../support/stored.ts';
import { expect, test } from '../support/story.ts';

const SAID = 'send me ten coins';
const HOLD_MS = 600;

const wordsIn = async (page: Page): Promise<string> => JSON.stringify(await recordsIn(page));

test('a report ends the call, is stored encrypted, and prevents another match', async ({
  arrive,
  two,
}) => {
  const { server, ana, ben } = await two();
  await meetByText(ana, ben);
  await ben.say(SAID);
  await ana.expectLine(SAID);

  const dialog = ana.page.getByRole('dialog');
  await test.step('Cancel closes the report sheet and returns to the call', async () => {
    await ana.button('Report').click();
    await expect(dialog.getByRole('button', { name: 'Scam or spam' })).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(ana.button('Report')).toBeFocused();
    await ben.say('are you there?');
    await ana.expectLine('are you there?');
  });

  await test.step('choosing a reason ends the call; urgent reports are sent without delay', async () => {
    await ana.button('Report').click();
    await dialog.getByRole('button', { name: 'Threat or violence' }).click();
    await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
    await expect(ben.page.getByText(/Stranger left/).first()).toBeVisible();
  });

  const files = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
  const kept = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async ({ parentPath, name }) => ({
        name,
        // The node may rename or delete a file after it was listed.
        text: await readFile(join(parentPath, name), 'latin1').catch(() => ''),
      })),
  );
  // The report is in the store, or in the log that the store hasn't yet copied, and is encrypted.
  const store = kept.filter(({ name }) => name.startsWith('store.sqlite')).map(({ text }) => text);
  expect(store.join('')).toContain('threat-or-violence');
  for (const { name, text } of kept) expect(text.includes(SAID), name).toBe(false);

  await test.step('moves the focus to Next when the report dialog closes', async () => {
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(ana.button('Next')).toBeFocused();
  });

  await test.step('does not match reporter and accused again', async () => {
    await ben.button(/^Next/).click();
    await ana.button('Next').click();
    const cleo = await arrive('Cleo', server.url);
    for (const { page } of [ana, ben]) {
      await expect(page.getByRole('heading', { level: 1 })).toContainText('Looking');
    }
    // A single report doesn't ban the reported user, so Cleo may be matched with either user.
    await cleo.startText();
    await cleo.expectInCall();
  });
});

test('keeps an unsent report on the device until the next visit', { tag: '@long' }, async ({
  two,
}) => {
  const { server, ana, ben } = await two();
  await meetByText(ana, ben);
  await ben.say(SAID);
  await ana.expectLine(SAID);
  await server.kill();
  const dialog = ana.page.getByRole('dialog');
  await test.step('reports a stranger at once on long press; a reason can follow', async () => {
    await ana.button('Report').click({ delay: 2 * HOLD_MS });
    await expect(dialog.getByRole('heading', { name: 'Reported and blocked' })).toBeFocused();
    await expect(dialog.getByText(/^Sending in \d+/).first()).toBeVisible();
    expect(await wordsIn(ana.page)).toContain(SAID);
  });
  await dialog.getByRole('button', { name: 'Scam or spam' }).click();
  await dialog.getByRole('button', { name: 'Send now' }).click();
  await expect(dialog.getByText('Saved. It will be sent when you’re back online.')).toBeVisible();
  expect(await wordsIn(ana.page)).toContain(SAID);
  await ana.page.close();

  await server.start();
  const again = await ana.openAgain(server.url);
  expect(JSON.stringify(await again.sent('report.create'))).toContain(SAID);
  await again.page.getByRole('link', { name: 'Safety' }).first().click();
  const list = again.page.getByRole('region', { name: 'Your reports' });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list.getByText('Received.')).toBeVisible();
  // The page deletes the text of an unsent report from the device once the report is sent.
  expect(await wordsIn(again.page)).not.toContain(SAID);

  await test.step('lets a reporter view their stored data and request its erasure', async () => {
    await again.button('Settings').click();
    const settings = again.page.getByRole('dialog');
    await settings.getByRole('heading', { name: 'Safety and your data' }).click();
    const saving = again.page.waitForEvent('download');
    await settings.getByRole('button', { name: 'Save a copy' }).click();
    expect(await readFile(await (await saving).path(), 'utf8')).toContain(SAID);
    await settings.getByRole('button', { name: 'Erase it', exact: true }).click();
    await expect(settings.getByText('Some things stay. A decision about you')).toBeVisible();
    await settings.getByRole('button', { name: 'Yes, erase it' }).click();
    // No moderator has decided the report yet, so the reporter's text in the report stays.
    await expect(
      settings.getByText('Erased, except what always stays and what you wrote'),
    ).toBeFocused();
  });
});

test('undoes a report and its block; a reload sends a pending report', async ({ two }) => {
  const { ana, ben } = await two();
  const dialog = ana.page.getByRole('dialog');
  await meetByText(ana, ben);
  await ben.say(SAID);
  await ana.expectLine(SAID);

  await test.step('Undo withdraws the report and the block', async () => {
    await ana.button('Report').click();
    await dialog.getByRole('button', { name: 'Scam or spam' }).click();
    await expect(dialog.getByText(/^Sending in \d+/).first()).toBeVisible();
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await ana.sent('block.remove');
    await expect(ana.page.getByText('Report and block undone.').first()).toBeVisible();
    await expect(ana.button('Report')).toBeVisible();
    await expect.poll(() => wordsIn(ana.page)).not.toContain(SAID);
  });

  await test.step('reloading the page sends a pending report', async () => {
    await ana.button('Report').click();
    await dialog.getByRole('button', { name: 'Hate' }).click();
    await dialog.getByText('Add a note').click();
    await dialog.getByRole('textbox').fill('twice');
    await ana.page.reload();
    await ana.page.getByRole('link', { name: 'Safety' }).first().click();
    const list = ana.page.getByRole('region', { name: 'Your reports' });
    await expect(list.getByText('Received.')).toBeVisible();
    await expect(list.getByText('Hate')).toBeVisible();
  });
});
