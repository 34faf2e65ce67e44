import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Frame, Page } from '@playwright/test';
import { expect, test as story } from '../support/story.ts';

const test = story.extend<{ readonly foreign: ForeignSite }>({
  foreign: async ({}, use) => {
    const site = await startForeignSite();
    await use(site);
    await site.stop();
  },
});

async function frameOf(page: Page, src: string): Promise<Frame> {
  await page.evaluate(async (address) => {
    const frame = document.createElement('iframe');
    frame.src = address;
    const done = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await done;
  }, src);
  const frame = page.frames().at(-1);
  if (frame === undefined || frame === page.mainFrame()) throw new Error('there is no frame');
  return frame;
}

test('lets no page of any origin frame the site', async ({ node, arrive, foreign }) => {
  const { url } = await node();
  // Serves a foreign page under the server's origin and without its CSP, which is the worst case.
  const pretended = `${url}/pretended`;
  const harmless = `${url}/harmless`;
  for (const [outer, other] of [
    [foreign.crossSite, foreign.sameSite],
    [foreign.sameSite, foreign.crossSite],
    [pretended, harmless],
  ] as const) {
    await test.step(outer.replace(/:\d+/, ''), async () => {
      const mallory = await arrive('Mallory', 'about:blank');
      for (const address of [pretended, harmless]) {
        await mallory.page.route(address, (route) =>
          route.fulfill({ contentType: 'text/html', body: '<!doctype html><p>plain words' }),
        );
      }
      await mallory.page.goto(outer);
      const ours = await frameOf(mallory.page, `${url}/`);
      await expect.poll(() => ours.url()).toBe('chrome-error://chromewebdata/');
      await expect(ours.getByText('Start video')).toHaveCount(0);
      expect(mallory.complaints.join()).toMatch(/frame-ancestors/);
      mallory.complaints.splice(0);
      // The foreign page can frame another page that allows framing, so the test would notice a
      // frame.
      const theirs = await frameOf(mallory.page, other);
      await expect(theirs.getByText('plain words')).toBeVisible();
    });
  }
});

interface Reached {
  readonly isClosed: boolean;
  readonly opener: boolean;
}

async function expectReached(page: Page, address: string, expected: Reached): Promise<void> {
  const opened = page.waitForEvent('popup');
  await page.evaluate((target) => {
    window.reached = window.open(target, 'a window of mine');
  }, address);
  const popup = await opened;
  await popup.waitForLoadState();
  await expect.poll(() => popup.url()).toContain(address);
  // The two windows may be in different processes, which learn of each other's changes later.
  await expect
    .poll(
      async (): Promise<Reached> => ({
        isClosed: await page.evaluate(() => window.reached?.closed ?? true),
        opener: await popup.evaluate(() => window.opener !== null),
      }),
    )
    .toEqual(expected);
  await popup.close();
}

declare global {
  interface Window {
    reached: Window | null;
  }
}

test('gives a page that opens the site no access to its window', async ({
  node,
  arrive,
  foreign,
}) => {
  const { url } = await node();
  for (const outer of [foreign.crossSite, foreign.sameSite]) {
    const mallory = await arrive('Mallory', outer);
    await expectReached(mallory.page, `${url}/`, { isClosed: true, opener: false });
    const other = `${foreign.sameSite}/other`;
    await expectReached(mallory.page, other, { isClosed: false, opener: true });
  }
});

async function askFrom(
  page: Page,
  url: string,
): Promise<{ readonly ticket: string; readonly socket: string }> {
  return await page.evaluate(async (site) => {
    let token = '';
    const ticket = await fetch(`${site}/api/session-ticket`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'include',
      body: '{}',
    }).then(
      async (response) => {
        const answer = (await response.json()) as { readonly ticket?: string };
        token = answer.ticket ?? '';
        return `${response.status} ${Object.keys(answer).join()}`;
      },
      () => 'nothing to be read',
    );
    const offered = ['farandole', token === '' ? 'none' : token];
    const socket = new WebSocket(`${site.replace('http', 'ws')}/ws`, offered);
    const heard = await new Promise<string>((resolve) => {
      socket.addEventListener('message', ({ data }) => resolve(String(data).slice(0, 27)));
      socket.addEventListener('close', () => resolve('closed before a word'));
    });
    socket.close();
    return { ticket, socket: heard };
  }, url);
}

test('gives foreign pages no ticket or socket despite the user’s cookies', async ({
  foreign,
  node,
  arrive,
}) => {
  // The story requests tickets itself, so the server asks for no proofs of work.
  const { url } = await node({ FARANDOLE_PROOF_MS: '0' });
  const ana = await arrive('Ana', url);
  // The page must have its cookie. Otherwise the browser gets another one with the story's ticket.
  await ana.sent('session.hello');
  expect(await askFrom(ana.page, url)).toEqual({
    ticket: '200 ticket,ticketExpiresInMs,server',
    socket: '{"type":"session.challenge"',
  });
  for (const outer of [foreign.crossSite, foreign.sameSite]) {
    const tab = await ana.context.newPage();
    await tab.goto(outer);
    expect(await askFrom(tab, url)).toEqual({
      ticket: 'nothing to be read',
      socket: 'closed before a word',
    });
    // Browsers send a form without a CORS check, so the server must refuse the form.
    const answered = tab.waitForResponse(/session-ticket/);
    await tab.evaluate((site) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.enctype = 'text/plain';
      form.action = `${site}/api/session-ticket`;
      document.body.append(form);
      form.submit();
    }, url);
    expect((await answered).status()).toBe(403);
    await tab.close();
  }
});

interface ForeignSite {
  /** Origin of another site than `localhost`, with separate cookies. */
  readonly crossSite: string;
  /** Another origin of the same site, which differs in the port. */
  readonly sameSite: string;
  stop(): Promise<void>;
}

/** Serves the same small page without a CSP at every path. */
async function startForeignSite(): Promise<ForeignSite> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Somebody else</title><p id="words">plain words</p>');
  });
  // The server listens on both address families, because `localhost` may resolve to either.
  server.listen(0, '::');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    crossSite: `http://127.0.0.1:${address.port}`,
    sameSite: `http://localhost:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
