import type { Browser, Page } from '@playwright/test';
import { meetByText } from '../support/meeting.ts';
import { RequestLog } from '../support/request-log.ts';
import { expect, test } from '../support/story.ts';

/** Opens the page in a profile that may have a service worker. Other stories block it. */
async function visit(browser: Browser, url: string, locale: string): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: 'allow', locale });
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    // The next version takes over only after this one has become active.
    if (active?.state !== 'activating') return;
    await new Promise((resolve) => active.addEventListener('statechange', resolve, { once: true }));
  });
  return page;
}

const registrations = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

test('shows an offline page in the user’s language; one press reloads the site', async ({
  proxied,
  chromium,
}) => {
  const { url, proxy } = await proxied();
  const page = await visit(await chromium('fake', false), url, 'fr-FR');
  await expect(page.getByRole('button', { name: 'Lancer la vidéo' })).toBeVisible();
  // The address of the worker has the language that the user chose on the page.
  await page.evaluate(() => localStorage.setItem('farandole.language', 'en'));
  await page.reload();
  await expect(page.getByRole('button', { name: 'Start video' })).toBeVisible();
  await expect
    .poll(() =>
      page.evaluate(
        async () => (await navigator.serviceWorker.getRegistration())?.active?.scriptURL,
      ),
    )
    .toContain('lang=en');

  expect(await page.evaluate(() => caches.keys())).toEqual([]);
  proxy.cut();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'No connection.' })).toBeVisible();
  const [width, scrolled] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  expect(scrolled).toBe(width);
  const again = page.getByRole('link', { name: 'Try again' });
  // The offline page reloads, and the next step needs the new document.
  await Promise.all([page.waitForEvent('load'), again.click()]);
  await expect(again).toBeVisible();

  await test.step('the service worker answers only the request for the page itself', async () => {
    const failed = await page.evaluate(async () => {
      const addresses = ['/api/session-ticket', '/ws', '/readyz', '/appeal', '/console', '/sw.js'];
      const answers = await Promise.allSettled(addresses.map((address) => fetch(address)));
      return answers.filter(({ status }) => status === 'rejected').length;
    });
    // The offline page may connect nowhere, so its own policy already blocks these requests.
    expect(failed).toBe(6);
    for (const path of ['console', 'appeal', 'readyz', 'nothing']) {
      const other = await page.context().newPage();
      await expect(other.goto(`${url}/${path}`)).rejects.toThrow(/ERR_/);
      await other.close();
    }
  });

  proxy.heal();
  await again.click();
  await expect(page.getByRole('button', { name: 'Start video' })).toBeVisible();
  await page.context().close();
});

test('removes the service worker and its caches when the operator turns it off', {
  tag: '@long',
}, async ({ proxied, node, chromium }) => {
  const { url, proxy } = await proxied();
  const page = await visit(await chromium('fake', false), url, 'en-GB');
  await page.evaluate(() => caches.open('farandole-shield'));
  expect(await registrations(page)).toBe(1);
  const { port } = await node({ FARANDOLE_ORIGINS: url, FARANDOLE_OFFLINE_PAGE: 'off' });
  proxy.cut();
  proxy.aimAt(port);
  proxy.heal();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Start video' })).toBeVisible();
  await expect.poll(() => registrations(page)).toBe(0);
  expect(await page.evaluate(() => caches.keys())).toEqual([]);
  await page.context().close();
});

test('offers a newer page on the landing screen and never reloads by itself', async ({
  node,
  chromium,
}) => {
  const log = await RequestLog.start();
  const { port } = await node({ FARANDOLE_ORIGINS: log.url });
  log.aimAt(port);
  const page = await visit(await chromium('fake', false), log.url, 'en-GB');
  const offer = page.getByText('A new version is ready.');
  const update = () =>
    page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
  await update();
  await expect(page.getByRole('button', { name: 'Text only' })).toBeVisible();
  await expect(offer).toHaveCount(0);

  const script = await page.evaluate(async () => await (await fetch('/sw.js')).text());
  log.scripts.set('/sw.js', script.replace(/"[\w-]{16}"\);$/, '"another-build-00");'));
  await update();
  await expect(offer).toBeVisible();
  const pages = log.asked.filter((path) => path === '/').length;
  await page.getByRole('button', { name: 'Text only' }).click();
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText('Meet');
  await expect(offer).toHaveCount(0);
  await page.getByRole('link', { name: 'Farandole' }).click();
  await expect(offer).toBeVisible();
  expect(log.asked.filter((path) => path === '/').length).toBe(pages);

  log.scripts.clear();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect.poll(() => log.asked.filter((path) => path === '/').length).toBe(pages + 1);
  await expect(page.getByRole('button', { name: 'Start video' })).toBeVisible();
  await expect(offer).toHaveCount(0);
  await page.context().close();
  await log.stop();
});

test('an update during a call waits, and is offered after the call', async ({ node, arrive }) => {
  const log = await RequestLog.start();
  const { port } = await node({ FARANDOLE_ORIGINS: log.url });
  log.aimAt(port);
  const ana = await arrive('Ana', log.url, { hasServiceWorker: true });
  const ben = await arrive('Ben', log.url);
  await ana.page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await meetByText(ana, ben);
  const script = await ana.page.evaluate(async () => await (await fetch('/sw.js')).text());
  log.scripts.set('/sw.js', script.replace(/"[\w-]{16}"\);$/, '"another-build-00");'));
  const pages = log.asked.filter((path) => path === '/').length;
  const told = ana.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        navigator.serviceWorker.addEventListener(
          'message',
          ({ data }: MessageEvent<{ build: string }>) => resolve(data.build),
        );
        void navigator.serviceWorker.ready.then((registration) => registration.update());
      }),
  );
  expect(await told).toBe('another-build-00');
  await ben.say('still here');
  await ana.expectLine('still here');
  const offer = ana.page.getByText('A new version is ready.');
  await expect(offer).toHaveCount(0);
  await ben.button('Stop').click();
  await expect(ana.page.getByRole('heading', { name: 'Stranger left' })).toBeVisible();
  // The page ignores a press right after the end of the call, which could be meant for Stop.
  await expect(async () => {
    if (await ana.button('Home').isVisible()) await ana.button('Home').click();
    await expect(offer).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  expect(log.asked.filter((path) => path === '/').length).toBe(pages);
  await log.stop();
});
