import type { Browser, Page } from '@playwright/test';
import { expect, test } from '../support/story.ts';

const TICKETS = '**/api/session-ticket';
const WORKER = '**/assets/proof-worker-*';
const ENGLISH = {
  locale: 'en-GB',
  text: 'Text only',
  accept: 'I’m 18 or over, and I’ll keep these rules',
  words: 'Checking that you’re not a robot. This takes a few seconds.',
} as const;
const FRENCH = {
  locale: 'fr-FR',
  text: 'Par écrit',
  accept: 'J’ai 18 ans ou plus et je suivrai ces règles',
  words: 'Nous vérifions que vous n’êtes pas un robot. Cela prend quelques secondes.',
} as const;
const SLOWER = 4;
/**
 * Maximum median time in ms of a new user's proof while the page's main thread is `SLOWER` times
 * slower. Chromium doesn't slow down the worker.
 */
const PROOF_MS_MAX = 500;
const VISITS = 5;

/** Delays matching requests until the returned function is called. */
async function hold(page: Page, requests: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(requests, async (route) => {
    await promise;
    // The page may have cancelled the request while it was held.
    await route.continue().catch(() => {});
  });
  return resolve;
}

for (const { locale, text, accept, words } of [ENGLISH, FRENCH]) {
  test(`shows the robot check while a search waits for a long proof, in ${locale}`, async ({
    node,
    arrive,
  }) => {
    test.setTimeout(180_000);
    const { url } = await node();
    const ana = await arrive('Ana', 'about:blank', { locale });
    const giveTickets = await hold(ana.page, TICKETS);
    const giveWorker = await hold(ana.page, WORKER);
    await ana.page.goto(url);
    await ana.button(text).click();
    await ana.button(accept).click();
    giveTickets();
    const said = ana.page.getByRole('main').getByText(words);
    await expect(said).toBeVisible();
    await expect(ana.page.getByRole('progressbar')).toBeVisible();
    giveWorker();
    await expect(said).toHaveCount(0);
    await ana.sent('ticket.create');
  });
}

test('proves work in the page if the browser blocks the worker', async ({ node, arrive }) => {
  const { url } = await node();
  const ana = await arrive('Ana', 'about:blank');
  let aborts = 0;
  await ana.page.route(WORKER, (route) => {
    aborts += 1;
    return route.abort();
  });
  await ana.page.goto(url);
  await ana.startText();
  await ana.sent('ticket.create');
  expect(aborts).toBeGreaterThan(0);
});

/** Returns the time in ms between the server's challenge and the page's proof on a first visit. */
async function proofMsOf(browser: Browser, url: string, rate: number): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  await page.goto(url);
  const asked = (): number | null => {
    const entries = performance.getEntriesByName(`${location.origin}/api/session-ticket`);
    const [first, second] = entries as PerformanceResourceTiming[];
    return second === undefined || first === undefined
      ? null
      : second.startTime - first.responseEnd;
  };
  const proofMs = await page.waitForFunction(asked, null, { polling: 100 });
  const ms = await proofMs.jsonValue();
  // A page that stays open would compete with the next one for the processor.
  await context.close();
  return Math.round(ms ?? Number.NaN);
}

test(`proves work within ${PROOF_MS_MAX} ms on a slow processor`, { tag: '@long' }, async ({
  node,
  chromium,
}) => {
  test.setTimeout(180_000);
  const { url } = await node();
  const browser = await chromium('fake', false);
  for (const rate of [1, SLOWER]) {
    const times: number[] = [];
    for (let visit = 0; visit < VISITS; visit++) {
      times.push(await proofMsOf(browser, url, rate));
    }
    times.sort((a, b) => a - b);
    console.log(`proof of a new user at ${rate}x: ${times.join(', ')} ms`);
    expect(times[Math.floor(VISITS / 2)]).toBeLessThanOrEqual(PROOF_MS_MAX);
  }
});
