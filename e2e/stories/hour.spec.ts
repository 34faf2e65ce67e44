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

test('an operator publishes an hour, in which users meet one partner after another', {
  tag: '@long',
}, async ({ node, arrive }) => {
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
    const rae = await Moderator.hire(browser, server, 'Rae', 'rules');

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

    await moveTo(startMs - 5 * MINUTE_MS);
    await test.step('users wait for the hour', async () => {
      for (const person of people) {
        await expect(async () => {
          await person.page.reload();
          await expect(person.button('Text only')).toBeVisible({ timeout: 1_000 });
        }).toPass();
        await person.startText();
        await expect(person.page.getByText(/^It starts in\s[2-5]\sminutes$/u)).toBeVisible();
      }
    });

    await moveTo(startMs);
    const isMet = ({ page }: Person) => page.getByRole('button', { name: 'Next' }).isVisible();
    const met = async (): Promise<Person[]> => {
      const all = await Promise.all(people.map(async (person) => [person, await isMet(person)]));
      return all.flatMap(([person, is]) => (is === true ? [person as Person] : []));
    };
    await expect.poll(async () => (await met()).length, { timeout: 20_000 }).toBe(2);
    const pair = await met();
    const [first] = pair;
    const odd = people.find((person) => !pair.includes(person));
    if (first === undefined || odd === undefined) throw new Error('nobody was paired');
    await expect(odd.page.getByText('You’re first in line')).toBeVisible();

    await moveTo(startMs + ROUND_MS - 36_000);
    await test.step('the bell ends the call of a user who wants one more alone', async () => {
      for (const { page } of pair) {
        await expect(page.getByText('This round ends in')).toBeVisible({ timeout: 20_000 });
      }
      await first.button('One more').click();
      await expect(first.button('One more, if they want it too')).toBeVisible();
    });
    await moveTo(startMs + ROUND_MS);
    await test.step('the odd one out meets one of the two', async () => {
      await expect(odd.button('Next')).toBeVisible({ timeout: 20_000 });
      await expect.poll(async () => (await met()).length, { timeout: 20_000 }).toBe(2);
    });
    expect(rae.complaints.filter((said) => !said.includes('400'))).toEqual([]);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
});
