import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../support/browser.ts';
import { Moderator } from '../support/moderator.ts';
import type { Person } from '../support/person.ts';
import { expect, test } from '../support/story.ts';

/** A server whose date the story moves. */
const SERVER = join('apps', 'server', 'test', 'support', 'dated-main.ts');
const MINUTE_MS = 60_000;
const ROUND_MS = 8 * MINUTE_MS;
/** How long before the hour the users of the story come in. */
const LOBBY_MS = 45_000;
/** Longest time from the notice of a bell until the bell, which the story waits for. */
const BELL_MS = 60_000;

test('an operator publishes an hour, in which users meet one partner after another', {
  tag: '@long',
}, async ({ node, arrive }) => {
  test.setTimeout(400_000);
  const folder = await mkdtemp(join(tmpdir(), 'farandole-date-'));
  const file = join(folder, 'ahead');
  let aheadMs = 0;
  const moveTo = async (wallMs: number): Promise<void> => {
    aheadMs = wallMs - Date.now();
    // The server may read the file at any time, so it's replaced at once.
    await writeFile(`${file}.new`, String(Math.round(aheadMs)));
    await rename(`${file}.new`, file);
  };
  await moveTo(Date.now());
  const startMs = Math.ceil(Date.now() / MINUTE_MS + 30) * MINUTE_MS;
  const browser = await launchBrowser();
  try {
    const server = await node({ DATE_AHEAD_FILE: file }, SERVER);
    const rae = await Moderator.hire(browser, server, 'Rae', 'moderator', 'rules');

    await test.step('the console names a wrong zone, then publishes the hour', async () => {
      await rae.page.getByRole('link', { name: 'Hours', exact: true }).click();
      await rae.page.getByLabel('Title', { exact: true }).fill('Polyglots');
      await rae.page
        .getByLabel('First start', { exact: true })
        .fill(new Date(startMs).toISOString().slice(0, 16));
      await rae.page.getByLabel('Time zone', { exact: true }).fill('Mars/Base');
      await rae.page.getByLabel('Mode', { exact: true }).selectOption('text');
      await rae.button('Publish').click();
      await expect(rae.page.getByText('The server doesn’t know this time zone.')).toBeVisible();
      await rae.page.getByLabel('Time zone', { exact: true }).fill('UTC');
      await rae.button('Publish').click();
      await expect(rae.button('Remove Polyglots')).toBeVisible();
      await rae.page.getByLabel('Closed', { exact: true }).check();
      await expect(rae.page.getByText('Saved.')).toBeVisible();
    });

    const people: Person[] = [];
    for (const name of ['Ana', 'Ben', 'Cleo']) {
      people.push(await arrive(name, server.url, { devices: 'none' }));
    }
    await test.step('the landing shows the hour and offers no search', async () => {
      for (const { page } of people) {
        await expect(page.getByRole('heading', { name: 'Polyglots' })).toBeVisible();
        await expect(page.getByText('Closed until the next hour')).toBeVisible();
        await expect(page.getByRole('button', { name: 'Text only' })).toBeHidden();
      }
      const [ana] = people;
      if (ana === undefined) throw new Error('nobody came');
      await ana.button('Remind me').click();
      const link = ana.page.getByRole('link', { name: 'Add to calendar' });
      const path = (await link.getAttribute('href')) ?? '';
      const calendar = await (await fetch(new URL(path, server.url))).text();
      expect(calendar).toContain('RRULE:FREQ=WEEKLY\r\n');
    });

    await moveTo(startMs - LOBBY_MS);
    await test.step('users wait for the hour', async () => {
      const wait = async (person: Person): Promise<void> => {
        await person.page.reload();
        await expect(person.page.getByText('You can come in now.')).toBeVisible();
        await person.startText();
        await expect(person.page.getByText(/^It starts in/u)).toBeVisible();
      };
      await Promise.all(people.map(wait));
      expect(Date.now() + aheadMs, 'the hour has not begun').toBeLessThan(startMs);
    });

    const isMet = ({ page }: Person) => page.getByRole('button', { name: 'Next' }).isVisible();
    const met = async (): Promise<Person[]> => {
      const all = await Promise.all(people.map(async (person) => [person, await isMet(person)]));
      return all.flatMap(([person, is]) => (is === true ? [person as Person] : []));
    };
    /** Waits until two users are in a call, and returns them and the third one. */
    const paired = async (): Promise<readonly [Person, Person, Person]> => {
      await expect.poll(async () => (await met()).length, { timeout: LOBBY_MS + 20_000 }).toBe(2);
      const [one, other] = await met();
      const odd = people.find((person) => person !== one && person !== other);
      if (one === undefined || other === undefined || odd === undefined) throw new Error('no pair');
      return [one, other, odd];
    };
    const [first, second, odd] = await paired();
    await test.step('the hour pairs two users, and the third one is first in line', async () => {
      expect(Date.now() + aheadMs, 'nobody was paired before').toBeGreaterThanOrEqual(startMs);
      await expect(odd.page.getByText('You’re first in line')).toBeVisible();
      await first.say('hello');
      await second.expectLine('hello');
    });

    const heard = ({ received }: Person, asked: string) =>
      received.filter(({ type }) => type === asked);
    const wants = ({ frames }: Person) =>
      frames.findLast(({ type }) => type === 'round.answer')?.['more'];
    await moveTo(startMs + ROUND_MS - 36_000);
    await test.step('both users learn of the bell, and one wants one more', async () => {
      for (const { page } of [first, second]) {
        await expect(page.getByText('This round ends in')).toBeVisible({ timeout: 20_000 });
      }
      expect(heard(first, 'round.ending')[0]?.['inMs']).toBeGreaterThan(29_000);
      const before = second.received.length;
      await first.button('One more').click();
      await expect(first.button('One more, if they want it too')).toBeVisible();
      await expect.poll(() => wants(first)).toBe(true);
      await first.say('stay?');
      await second.expectLine('stay?');
      const told = second.received.slice(before).map(({ type }) => type);
      expect(told.filter((type) => String(type).startsWith('round.'))).toEqual([]);
    });
    const [one, other, left] = await test.step('the odd one out meets one of the two', async () => {
      for (const person of [first, second]) {
        await expect.poll(() => heard(person, 'call.ended').length, { timeout: BELL_MS }).toBe(1);
      }
      await expect(odd.button('Next')).toBeVisible({ timeout: 20_000 });
      return await paired();
    });
    await test.step('neither user learns which of them wanted no more', async () => {
      const [ended, alsoEnded] = [first, second].map((person) => {
        const { seq: _, ...others } = heard(person, 'call.ended')[0] ?? {};
        return others;
      });
      expect(ended).toMatchObject({ reason: 'bell' });
      expect(alsoEnded).toEqual(ended);
      expect([one, other]).toContain(odd);
      await expect(left.page.getByText('You’re first in line')).toBeVisible();
    });

    await moveTo(startMs + 2 * ROUND_MS - 36_000);
    await test.step('two users who both want one more stay together', async () => {
      for (const person of [one, other]) {
        await expect(person.page.getByText('This round ends in')).toBeVisible({ timeout: 20_000 });
        await person.button('One more').click();
        await expect(person.button('One more, if they want it too')).toBeVisible();
        await expect.poll(() => wants(person)).toBe(true);
      }
      await one.say('one more');
      await other.expectLine('one more');
      await expect(one.page.getByText('This round ends in')).toBeHidden({ timeout: BELL_MS });
      await other.say('gladly');
      await one.expectLine('gladly');
    });

    await test.step('a report of the hour reaches the console with its mode', async () => {
      await one.button('Report').click();
      await one.page
        .getByRole('dialog')
        .getByRole('button', { name: 'Threat or violence' })
        .click();
      // The server's date moved by more than a member's session lasts without an action.
      await rae.page.reload();
      await rae.button('Sign in with a passkey').click();
      await rae.page.getByRole('link', { name: 'Queue' }).first().click();
      await expect(rae.page.getByRole('link', { name: 'Threat or violence' })).toBeVisible();
      await rae.press('j', 'Enter');
      await expect(rae.page.getByText('gladly')).toBeVisible();
      await expect(rae.page.getByText(/text/iu).first()).toBeVisible();
    });
    await rae.leave();
    expect(rae.complaints.filter((said) => !said.includes('400'))).toEqual([]);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('an hour of a community shuts only that community until it begins', {
  tag: '@long',
}, async ({ node, arrive }) => {
  const server = await node();
  const browser = await launchBrowser();
  const rae = await Moderator.hire(browser, server, 'Rae', 'rules');
  const { page } = rae;
  await page.getByRole('link', { name: 'Communities' }).click();
  await rae.button('Add a community').click();
  await page.getByLabel('Title', { exact: true }).fill('Night painters');
  await page.getByLabel('Name in the address').fill('night-painters');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Night painters' })).toBeVisible();

  await page.getByRole('link', { name: 'Hours', exact: true }).click();
  await page.getByLabel('Title', { exact: true }).fill('Brushes');
  const start = new Date(Date.now() + 3 * 60 * MINUTE_MS).toISOString().slice(0, 16);
  await page.getByLabel('First start', { exact: true }).fill(start);
  await page.getByLabel('Time zone', { exact: true }).fill('UTC');
  await page.getByLabel('Community', { exact: true }).selectOption('Night painters');
  await rae.button('Publish').click();
  await expect(rae.button('Remove Brushes')).toBeVisible();
  await page.getByLabel('Closed', { exact: true }).check();
  await expect(page.getByText('Saved.')).toBeVisible();

  const painter = await arrive('Pia', `${server.url}/in/night-painters`, { devices: 'none' });
  await expect(painter.page.getByRole('heading', { name: 'Brushes' })).toBeVisible();
  await expect(painter.page.getByText('Closed until the next hour')).toBeVisible();
  await expect(painter.button('Text only')).toBeHidden();
  const others = [await arrive('Ana', server.url), await arrive('Ben', server.url)];
  for (const person of others) {
    await expect(person.page.getByText('Brushes')).toHaveCount(0);
    await person.startText();
  }
  for (const person of others) await person.expectInCall();

  await page.getByRole('link', { name: 'Communities' }).click();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('button', { name: 'Yes, close Night painters' }).click();
  await page.getByRole('link', { name: 'Hours', exact: true }).click();
  await expect(page.getByText('is closed, so this hour isn’t shown.')).toBeVisible();
  await painter.page.reload();
  await expect(
    painter.page.getByRole('heading', { name: 'This community isn’t open' }),
  ).toBeVisible();
  await browser.close();
  expect(rae.complaints).toEqual([]);
});
