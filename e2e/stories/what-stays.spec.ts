import type { Page } from '@playwright/test';
import { meetByText } from '../support/meeting.ts';
import { recordsIn } from '../support/stored.ts';
import { expect, test } from '../support/story.ts';

/** Returns the contents of all storage that scripts can read, except databases. */
function storedBy(page: Page) {
  return page.evaluate(async () => ({
    local: Object.fromEntries(Object.entries(localStorage)),
    session: Object.fromEntries(Object.entries(sessionStorage)),
    cookies: document.cookie,
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

test('sends requests only to this server, without secrets in URLs', async ({ two }) => {
  const { url, ana, ben } = await two({ devices: 'none' });
  const asked: string[] = [];
  ana.page.on('request', (request) => asked.push(request.url()));
  ana.page.on('websocket', (socket) => asked.push(socket.url()));
  await ana.page.reload();
  await meetByText(ana, ben);
  await ana.say('a word of Ana');
  await ben.expectLine('a word of Ana');
  expect(asked.some((address) => address.endsWith('/ws'))).toBe(true);
  expect(asked.some((address) => address.endsWith('/api/session-ticket'))).toBe(true);
  for (const address of asked) {
    const { host, search, pathname, username, password } = new URL(address);
    expect(host, address).toBe(new URL(url).host);
    expect([search, username, password], address).toEqual(['', '', '']);
    expect(pathname, address).toMatch(/^\/(?:ws|api\/[a-z-]+|assets\/[\w.-]+|[\w-]*\.?[a-z]*)$/);
  }
});

test('deletes a conversation from page and device when it is over', async ({ two }) => {
  const { ana, ben } = await two({ devices: 'none' });
  await meetByText(ana, ben);
  await ana.say('a word of Ana');
  await ben.say('a word of Ben');
  await ana.expectLine('a word of Ben');

  // The page stores the meeting without waiting for it.
  await expect.poll(async () => (await recordsIn(ana.page))['meetings']).toHaveLength(1);
  const { local, ...others } = await storedBy(ana.page);
  const records = await recordsIn(ana.page);
  // The page stores only settings and the device key, which scripts can't read.
  for (const name of Object.keys(local)) {
    expect(['farandole.preferences', 'farandole.language']).toContain(name);
  }
  // Stories block the service worker, which keeps nothing either (`offline.spec.ts`).
  expect(others).toEqual({ session: {}, cookies: '', caches: [], workers: 0 });
  const stored = JSON.stringify({ local, ...others, records });
  // An extractable key would appear with its numbers instead of as an empty object.
  expect(stored).toContain('{"privateKey":{},"publicKey":{}}');
  // The receipt of a call is kept for a day, so that the user can still report. It is encrypted,
  // and only the node can read it. "Clear these lists" under Safety deletes it.
  const meetings = records['meetings'] as { receipt: string }[];
  expect(meetings.map((meeting) => Object.keys(meeting).toSorted())).toEqual([
    ['atMs', 'match', 'mode', 'receipt'],
  ]);
  const rest = meetings.reduce((text, { receipt }) => text.replace(receipt, ''), stored);
  for (const word of ['a word of', 'secret', 'ticket', 'session"']) {
    expect(rest.replace('"session":{}', '')).not.toContain(word);
  }

  await ana.button('Stop').click();
  await expect(ana.messageBox).toHaveCount(0);
  // The story retries, because a press within 500 ms of Stop counts as a double click.
  await expect(async () => {
    if (await ana.button('Home').isVisible()) await ana.button('Home').click();
    await expect(ana.button('Text only')).toBeVisible({ timeout: 1_000 });
  }).toPass();
  expect(await ana.page.content()).not.toContain('a word of');
});
