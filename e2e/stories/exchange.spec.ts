import { launchBare } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

const PHONE = { viewport: { width: 390, height: 844 } };
const OFFERED = { FARANDOLE_MODES: 'video,voice,text,exchange' };

interface Languages {
  readonly speaks: string;
  readonly learns: string;
}

const ENGLISH: Languages = { speaks: 'English', learns: 'French' };
const FRENCH: Languages = { speaks: 'French', learns: 'English' };

/** Chooses the languages and searches by text. The page proposes English as the spoken language. */
async function practise(person: Person, { speaks, learns }: Languages): Promise<void> {
  await person.button('Practise a language').click();
  const sheet = person.page.getByRole('dialog', { name: 'Language exchange' });
  if (speaks !== 'English') {
    const spoken = sheet.getByRole('group', { name: 'I speak' });
    await spoken.getByRole('combobox', { name: 'Add a language' }).selectOption(speaks);
    await spoken.getByRole('button', { name: 'Remove English' }).click();
  }
  await sheet.getByRole('combobox', { name: 'Language', exact: true }).selectOption(learns);
  await sheet.getByRole('combobox', { name: 'Level' }).selectOption('B1');
  await sheet.getByRole('button', { name: 'Text', exact: true }).click();
  await person.acceptRules();
}

async function exchange(ana: Person, ben: Person): Promise<void> {
  await practise(ana, ENGLISH);
  await expect(ana.page.getByText('Looking for someone who speaks')).toBeVisible();
  await practise(ben, FRENCH);
  for (const person of [ana, ben]) {
    await person.expectInCall();
    await expect(person.page.getByRole('region', { name: 'Language exchange' })).toBeVisible();
  }
}

const nowIn = (person: Person) => person.page.getByText(/^Now: /u);

test('two people practise each other’s language', async ({ node, arrive }) => {
  const server = await node(OFFERED);
  const ana = await arrive('Ana', server.url, PHONE);
  const ben = await arrive('Ben', server.url, PHONE);
  await exchange(ana, ben);

  await test.step('both switch the language', async () => {
    const before = await nowIn(ana).innerText();
    await expect(nowIn(ben)).toHaveText(before);
    await ana.button(/^Switch to /u).click();
    await expect(ana.page.getByText('Asked to switch')).toBeVisible();
    await expect(ben.page.getByText(/^They’d like to switch to /u)).toBeVisible();
    await expect(nowIn(ben)).toHaveText(before);
    await ben.button(/^Switch to /u).click();
    for (const person of [ana, ben]) await expect(nowIn(person)).not.toHaveText(before);
    await expect(nowIn(ben)).toHaveText(await nowIn(ana).innerText());
  });

  await test.step('one corrects a line of the other, and both see the change', async () => {
    await ben.say('I has seen a bird');
    await ana.expectLine('I has seen a bird');
    await ana.button('Correct').click();
    const box = ana.page.getByRole('textbox', { name: 'Your correction' });
    await box.fill('I have seen a bird');
    await ana.page.locator('.correct-form').getByRole('button', { name: 'Send' }).click();
    for (const person of [ana, ben]) {
      await expect(person.chat.locator('del')).toHaveText('has');
      await expect(person.chat.locator('ins')).toHaveText('have');
    }
    await expect(ben.page.getByText('They corrected')).toBeVisible();
  });

  await test.step('both see the same prompt and who wrote how much', async () => {
    await ana.button('Card').click();
    const prompt = ana.page.locator('.prompt-card .card-text');
    await expect(prompt).not.toBeEmpty();
    await expect(ben.page.locator('.prompt-card .card-text')).toHaveText(await prompt.innerText());
    await expect(ana.page.getByText(/^You \d+%, they \d+%$/u)).toBeVisible();
  });
});

test('a report of an exchange reaches the console', { tag: '@long' }, async ({ node, arrive }) => {
  const server = await node(OFFERED);
  const ana = await arrive('Ana', server.url, PHONE);
  const ben = await arrive('Ben', server.url, PHONE);
  await exchange(ana, ben);
  const browser = await launchBare();
  const maya = await Moderator.hire(browser, server, 'Maya', 'moderator');
  await ben.button('Report').click();
  const dialog = ben.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Not here to learn' }).click();
  await dialog.getByRole('button', { name: 'Send now' }).click();
  await expect(dialog.getByText(/[A-Z0-9]{4}-[A-Z0-9]{4}/).first()).toBeVisible();
  const row = maya.page.getByRole('link', { name: 'Not here to learn' });
  await expect(row).toBeVisible();
  await row.click();
  await expect(maya.page.getByText('language exchange by text')).toBeVisible();
  await browser.close();
});

test('an exchange moves to voice, and its languages survive a restart', { tag: '@long' }, async ({
  node,
  arrive,
}) => {
  const server = await node(OFFERED);
  const [ana, ben] = [await arrive('Ana', server.url), await arrive('Ben', server.url)];
  await exchange(ana, ben);
  await ana.button('Talk').click();
  await ana.button('Ask them').click();
  await ben.button('Yes').click();
  await ben.button('Start voice').click();
  for (const person of [ana, ben]) await expect(person.button('Listen')).toBeVisible();
  const before = await nowIn(ana).innerText();
  await ana.button(/^Switch to /u).click();
  await ben.button(/^Switch to /u).click();
  for (const person of [ana, ben]) await expect(nowIn(person)).not.toHaveText(before);
  const after = await nowIn(ana).innerText();
  await server.restart();
  for (const person of [ana, ben]) {
    await expect(person.button('Listen')).toBeVisible();
    await expect(nowIn(person)).toHaveText(after);
  }
  await ben.say('we are back');
  await ana.expectLine('we are back');
});

test('a choice that cannot work is explained before the search', { tag: '@long' }, async ({
  node,
  arrive,
}) => {
  const server = await node(OFFERED);
  const ana = await arrive('Ana', server.url, PHONE);
  await ana.button('Practise a language').click();
  const sheet = ana.page.getByRole('dialog', { name: 'Language exchange' });
  await sheet.getByRole('button', { name: 'Text', exact: true }).click();
  await expect(sheet.getByText('Choose a language that you’re learning')).toBeVisible();
  await sheet.getByRole('button', { name: 'Remove English' }).click();
  await expect(sheet.getByText('Choose a language that you speak.')).toBeVisible();
  await expect(sheet).toBeVisible();
});
