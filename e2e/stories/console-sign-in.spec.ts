import type { Page } from '@playwright/test';
import { addAuthenticator, codeOf } from '../support/authenticator.ts';
import { launchBare } from '../support/browser.ts';
import type { Farandole } from '../support/farandole.ts';
import { test as base, expect } from '../support/story.ts';

/** Matches the browser's own log entry about a refused request. */
const REFUSED = /the server responded with a status of 4\d\d/;

interface Desk {
  readonly open: (url: string) => Promise<Page>;
}

const test = base.extend<Desk>({
  open: async ({}, use) => {
    const browser = await launchBare();
    const complaints: string[] = [];
    await use(async (url) => {
      const context = await browser.newContext({ locale: 'en-GB' });
      const page = await context.newPage();
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (message) => {
        const text = message.text();
        if (message.type() === 'error' && !REFUSED.test(text)) complaints.push(text);
      });
      await page.goto(url);
      return page;
    });
    await browser.close();
    expect(complaints).toEqual([]);
  },
});

async function linkOf({ output }: Farandole): Promise<string> {
  const link = (): string => /first member at (\S+)/.exec(output())?.[1] ?? '';
  await expect.poll(link).not.toBe('');
  return link();
}

const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

const go = (page: Page, name: string): Promise<void> =>
  page.getByRole('navigation').getByRole('link', { name }).click();

test('signs the first member in by link, then by passkey', async ({ node, open }) => {
  const link = await linkOf(await node());
  const page = await open(link);
  await addAuthenticator(page);
  await page.getByLabel('Your name').fill('Ada');
  await press(page, 'Continue');
  await press(page, 'Create a passkey');
  await go(page, 'Members');
  expect(page.url(), 'what let in is in the address no more').not.toContain('link=');
  await expect(page.getByRole('heading', { name: 'Ada' })).toBeVisible();

  await go(page, 'My security');
  await expect(page.getByText('This device')).toBeVisible();
  await press(page, 'Sign out');
  await expect(page.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
  await press(page, 'Sign in with a passkey');
  await expect(page.getByText('This browser')).toBeVisible();
  await page.reload();
  await expect(page.getByText('This browser'), 'still signed in').toBeVisible();

  const late = await open(link);
  await expect(late.getByText('A link works once, for one hour.')).toBeVisible();
});

test('signs in with password and TOTP code, later with a recovery code', async ({ node, open }) => {
  const page = await open(await linkOf(await node()));
  await page.getByLabel('Your name').fill('Ada');
  await press(page, 'Continue');
  await press(page, 'Use a password instead');
  const password = page.getByLabel('New password');
  await expect(password, 'nobody behind one reads it').toHaveAttribute('type', 'password');
  const secret = (await page.locator('code').innerText()).replaceAll(' ', '');
  await page.getByLabel('Code that the app shows now').fill(codeOf(secret));
  await password.fill('too short');
  await press(page, 'Use this password');
  await expect(page.getByRole('alert')).toContainText('12 characters');
  await password.fill('a farandole in the rain');
  await press(page, 'Use this password');
  // The page before has list items too.
  await expect(page.getByRole('button', { name: 'I wrote them down' })).toBeVisible();
  const recovery = await page.getByRole('main').getByRole('listitem').first().innerText();
  await press(page, 'I wrote them down');

  await go(page, 'My security');
  await expect(page.getByText('10 recovery codes left')).toBeVisible();
  await press(page, 'Sign out');
  await press(page, 'Use a password instead');
  await page.getByLabel('Name').fill('ada');
  await page.getByLabel('Password').fill('a farandole in the sun');
  await page.getByLabel('Code').fill(recovery);
  await press(page, 'Sign in');
  await expect(page.getByRole('alert')).toContainText('Sign-in failed');
  await page.getByLabel('Password').fill('a farandole in the rain');
  await press(page, 'Sign in');
  await expect(page.getByText('9 recovery codes left')).toBeVisible();
});
