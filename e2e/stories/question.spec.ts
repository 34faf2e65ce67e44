import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { launchBare } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

const VIEWS = {
  'a phone': { viewport: { width: 390, height: 844 } },
  'a desktop': { viewport: { width: 1280, height: 800 } },
};
const OFFERED = { FARANDOLE_MODES: 'video,text,question' };
const QUESTION = 'Tea or coffee in the morning?';

/** Gives the users of all meetings in the store the trust that takes weeks to earn. */
async function proveAll(dataDir: string): Promise<void> {
  const database = new DatabaseSync(join(dataDir, 'store.sqlite'), { timeout: 5_000 });
  const meetings = () => database.prepare('select a, b from pairs').all();
  await expect.poll(() => meetings().length).toBe(1);
  const [met] = meetings();
  const nowMs = Date.now();
  const standing = JSON.stringify({ calls: [], provenAtMs: nowMs, losses: [], network: null });
  const insert = database.prepare(
    `insert into people (id, score, prior, at_ms, sessions, clean_sessions, rejected,
      held_until_ms, proven_until_ms, standing) values (?, 0.01, 0.01, ?, 3, 3, 0, 0, ?, ?)`,
  );
  for (const subject of [met?.['a'], met?.['b']]) {
    insert.run(String(subject), nowMs, nowMs + 86_400_000, standing);
  }
  database.close();
}

async function answer(person: Person): Promise<void> {
  await person.button('Ask or answer a question').click();
  await person.acceptRules();
  await expect(person.page.getByText(/reads everything you write and can copy it/)).toBeVisible();
  await person.button('Answer a question').click();
}

async function ask(person: Person, question: string): Promise<void> {
  await person.page.getByLabel('Your question').fill(question);
  await person.button('Ask two strangers').click();
}

/** Presses *Copy chat* and returns the copied text. */
async function copyOf({ page }: Person): Promise<string> {
  await page.evaluate(() => {
    navigator.clipboard.writeText = async (text) => {
      document.body.dataset['copied'] = text;
    };
  });
  await page.getByRole('button', { name: 'Copy chat' }).click();
  await expect(page.getByText('Copied.')).toBeVisible();
  return (await page.evaluate(() => document.body.dataset['copied'])) ?? '';
}

for (const [name, view] of Object.entries(VIEWS)) {
  test(`lets two strangers answer while the asker reads along, on ${name}`, {
    tag: '@long',
  }, async ({ node, arrive }) => {
    test.setTimeout(180_000);
    const server = await node(OFFERED);
    const ana = await arrive('Ana', server.url, view);

    await test.step('a newcomer may not ask yet', async () => {
      await ana.button('Ask or answer a question').click();
      await ana.acceptRules();
      await ask(ana, 'What about https://example.org ?');
      await expect(ana.page.getByText('This looks like a link. Leave it out.')).toBeVisible();
      await ask(ana, QUESTION);
      await expect(ana.page.getByText(/You can ask after a few good calls/)).toBeVisible();
    });

    await test.step('the asker earns trust', async () => {
      const dan = await arrive('Dan', server.url);
      await ana.page.goto(server.url);
      await ana.button('Text only').click();
      await dan.startText();
      for (const person of [ana, dan]) await person.expectInCall();
      await dan.leave();
      await proveAll(server.dataDir);
      await ana.page.goto(server.url);
    });

    const ben = await arrive('Ben', server.url, view);
    const cleo = await arrive('Cleo', server.url, view);
    await test.step('the question reaches two others, who know that someone reads along', async () => {
      await answer(ben);
      await answer(cleo);
      await ana.button('Ask or answer a question').click();
      await ask(ana, QUESTION);
      for (const person of [ana, ben, cleo]) {
        await expect(person.page.locator('blockquote')).toContainText(QUESTION);
      }
      for (const person of [ben, cleo]) {
        await expect(person.page.getByText('The person who asked is reading along.')).toBeVisible();
      }
      await expect(
        ana.page.getByText('They know that you read along. You can’t write here.'),
      ).toBeVisible();
    });

    await test.step('the two write, and the asker only reads', async () => {
      await ben.say('Tea, always.');
      await cleo.say('Coffee first.');
      for (const person of [ana, ben, cleo]) {
        await person.expectLine('Tea, always.');
        await person.expectLine('Coffee first.');
        await expect(person.page.locator('video')).toHaveCount(0);
      }
      await expect(ana.messageBox).toHaveCount(0);
      await expect(ana.button('Wave')).toHaveCount(0);
    });

    const browser = await launchBare();
    const maya = await Moderator.hire(browser, server, 'Maya', 'moderator');
    await test.step('a report of the question ends the call for all three', async () => {
      await ben.button('Report').click();
      const dialog = ben.page.getByRole('dialog');
      await dialog.getByLabel('The question, and who asked it').check();
      await dialog.getByRole('button', { name: 'Threat or violence' }).click();
      await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
      for (const person of [ana, cleo]) {
        await expect(person.page.getByText('Someone left').first()).toBeVisible();
      }
    });

    await test.step('the console shows the question, the mode and the roles', async () => {
      await maya.page.getByRole('link', { name: 'Threat or violence' }).click();
      await expect(maya.page.getByText('as a question')).toBeVisible();
      await expect(maya.page.getByText('roles: answerer reports asker')).toBeVisible();
      await expect(maya.page.getByText(QUESTION).first()).toBeVisible();
    });
    await browser.close();

    await test.step('a copy of the chat names the authors as the screen does', async () => {
      const copies = { ana: await copyOf(ana), cleo: await copyOf(cleo) };
      expect(copies.ana).toMatch(
        /You: Tea or coffee.*\n.*Person 1: Tea, always.*\n.*Person 2: Coffee/,
      );
      expect(copies.cleo).toMatch(
        /The question: Tea or.*\n.*Stranger: Tea, always.*\n.*You: Coffee/,
      );
    });
  });
}
