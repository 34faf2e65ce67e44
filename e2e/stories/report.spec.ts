import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { meetByText } from '../support/meeting.ts';
import { expect, test } from '../support/story.ts';

test('a report ends the call, is on disk with its lines, and blocks', async ({ node, arrive }) => {
  const server = await node();
  const ana = await arrive('Ana', server.url);
  const ben = await arrive('Ben', server.url);
  await meetByText(ana, ben);
  await ben.say('send me ten coins');
  await ana.expectLine('send me ten coins');

  await ana.button('Report').click();
  const dialog = ana.page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await expect(ben.page.getByText(/Stranger left/).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Scam or spam' }).click();
  await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();

  const files = await readdir(server.dataDir);
  const journals = await Promise.all(
    files
      .filter((file) => file.startsWith('report'))
      .map((file) => readFile(join(server.dataDir, file), 'utf8')),
  );
  const record = JSON.parse(journals.join('').trim()) as Record<string, unknown>;
  expect(record).toMatchObject({ kind: 'report', reason: 'scam-or-spam' });
  expect(JSON.stringify(record['lines'])).toContain('send me ten coins');

  await test.step('the two are not brought together again', async () => {
    const cleo = await arrive('Cleo', server.url);
    await ben.button(/^Next/).click();
    await cleo.startText();
    await cleo.expectInCall();
    await ben.expectInCall();
  });
});
