import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, readLocales } from '@farandole/ui/scripts/locales';
import { offlinePages } from '../scripts/offline-page.ts';
import { REMINDERS } from '../src/offline/reminders-cache.ts';
import {
  type Clicked,
  type Fetching,
  type FromServiceWorker,
  serveOffline,
  type WorkerScope,
} from '../src/offline/serve-offline.ts';

const ORIGIN = 'https://meet.example';

/** An event of any type, as the service worker's listeners get it. */
type AnyEvent = Fetching & Clicked;

/** The storage that the page and its service worker share. */
class FakeCaches {
  readonly #kept = new Map<string, string>();

  async open(name: string) {
    const at = (path: string): string => `${name} ${path}`;
    return {
      match: async (path: string) => {
        const text = this.#kept.get(at(path));
        return text === undefined ? undefined : new Response(text);
      },
      put: async (path: string, response: Response) => {
        this.#kept.set(at(path), await response.text());
      },
    };
  }
}

/** @param urls addresses of the open pages */
function scene(search = '?lang=fr', urls: readonly string[] = [`${ORIGIN}/`]) {
  const told: FromServiceWorker[] = [];
  const listeners = new Map<string, (event: AnyEvent) => void>();
  const shown: [string, NotificationOptions][] = [];
  const opened: string[] = [];
  const focused: string[] = [];
  let isReachable = true;
  const closed: string[] = [];
  const caches = new FakeCaches();
  let hasSkipped = false;
  const scope: WorkerScope = {
    location: { origin: ORIGIN, search },
    registration: {
      showNotification: async (title, options) => void shown.push([title, options]),
    },
    clients: {
      matchAll: async () =>
        urls.map((url) => ({
          url,
          postMessage: (said: FromServiceWorker) => told.push(said),
          focus: async () => void focused.push(url),
        })),
      openWindow: async (url) => void opened.push(url),
    },
    caches,
    skipWaiting: () => {
      hasSkipped = true;
      return Promise.resolve();
    },
    fetch: () =>
      isReachable
        ? Promise.resolve(new Response('the page'))
        : Promise.reject(new TypeError('Failed to fetch')),
    addEventListener: (type: string, listener: (event: AnyEvent) => void) => {
      listeners.set(type, listener);
    },
  };
  serveOffline(scope, offlinePages(), 'build-1');
  const send = async (
    type: 'install' | 'activate' | 'fetch' | 'push' | 'notificationclick',
    request: Partial<Request> = {},
    preloaded: Promise<Response | undefined> = Promise.resolve(undefined),
  ): Promise<Response | null> => {
    const answers: Promise<Response>[] = [];
    const work: Promise<unknown>[] = [];
    preloaded.catch(() => {});
    listeners.get(type)?.({
      request: { method: 'GET', mode: 'navigate', url: `${ORIGIN}/`, ...request } as Request,
      preloadResponse: preloaded,
      respondWith: (response) => answers.push(response),
      waitUntil: (promise) => work.push(promise),
      notification: { data: shown.at(-1)?.[1].data, close: () => void closed.push(type) },
    });
    await Promise.all(work);
    const [answer = null] = await Promise.all(answers);
    return answer;
  };
  return {
    ...{ told, shown, opened, focused, closed, caches },
    send,
    hasSkipped: () => hasSkipped,
    cut: () => {
      isReachable = false;
    },
  };
}

test('shows the server’s page while the server answers', async () => {
  const { send } = scene();
  assert.equal(await (await send('fetch'))?.text(), 'the page');
  const early = Promise.resolve(new Response('the preloaded page'));
  assert.equal(await (await send('fetch', {}, early))?.text(), 'the preloaded page');
});

test('shows the offline page in the chosen language, without scripts or requests', async () => {
  for (const tag of Object.keys(LANGUAGES)) {
    const { send, cut } = scene(`?lang=${tag}`);
    cut();
    const answers = [await send('fetch'), await send('fetch', {}, Promise.reject(new Error()))];
    for (const answer of answers) {
      assert.equal(answer?.status, 503);
      assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none'; /);
      const html = await answer.text();
      assert.ok(html.includes(`<html lang="${tag}"`), tag);
      assert.doesNotMatch(html, /<script|<link|url\(|src=/u);
    }
  }
  const { send, cut } = scene('?lang=xx');
  cut();
  assert.match((await (await send('fetch'))?.text()) ?? '', /<html lang="en"/u);
});

test('the service worker answers only the request for the page itself', async () => {
  const { send, cut } = scene();
  cut();
  const paths = ['api/session-ticket', 'ws', 'console', 'console/', 'appeal', 'readyz', 'livez'];
  for (const path of [...paths, 'metrics', 'sw.js', 'assets/main.js', 'index.html', '/']) {
    assert.equal(await send('fetch', { url: `${ORIGIN}/${path}` }), null, path);
  }
  const others = [
    { method: 'POST' },
    { mode: 'cors' },
    { mode: 'same-origin' },
    { url: 'https://elsewhere.example/' },
  ] as const;
  for (const request of others) assert.equal(await send('fetch', request), null);
  assert.equal((await send('fetch', { url: `${ORIGIN}/?x=1` }))?.status, 503);
});

test('a new service worker takes over at once and tells pages its build', async () => {
  const { send, told, hasSkipped } = scene();
  await send('install');
  assert.ok(hasSkipped());
  await send('activate');
  assert.deepEqual(told, [{ build: 'build-1' }]);
});

test('a push message shows the one notification, in the chosen language', async () => {
  for (const [tag, { notification }] of Object.entries(readLocales('document'))) {
    const { send, shown } = scene(`?lang=${tag}`);
    await send('push');
    const common = { icon: '/icon-192.png', lang: tag, data: '/' };
    assert.deepEqual(shown, [[notification, { tag: 'someone', ...common }]]);
  }
  const { send, shown } = scene('?lang=xx');
  await send('push');
  assert.equal(shown[0]?.[0], 'Farandole: someone is here');
});

test('a press on the notification focuses an open page, or opens one', async () => {
  const there = scene('?lang=en', [`${ORIGIN}/console`, `${ORIGIN}/#rules`]);
  await there.send('notificationclick');
  assert.deepEqual([there.focused, there.opened], [[`${ORIGIN}/#rules`], []]);
  assert.deepEqual(there.closed, ['notificationclick']);
  const closed = scene('?lang=en', [`${ORIGIN}/console`]);
  await closed.send('notificationclick');
  assert.deepEqual([closed.focused, closed.opened], [[], ['/']]);
});

/** Stores reminders of hours that began `agoMs` ago, as the page does. */
async function remind(
  { caches }: ReturnType<typeof scene>,
  ...hours: readonly { title: string; agoMs: number; community?: string }[]
): Promise<void> {
  const cache = await caches.open(REMINDERS.cache);
  const reminders = hours.map(({ agoMs, ...hour }) => ({ ...hour, startMs: Date.now() - agoMs }));
  await cache.put(REMINDERS.path, new Response(JSON.stringify(reminders)));
}

test('[PR-172] names the hour of which the user asked to be reminded, once', async () => {
  const place = scene('?lang=en');
  await remind(place, { title: 'Films $& more', agoMs: 20_000 });
  await place.send('push');
  await place.send('push');
  const texts = place.shown.map(([text, { tag }]) => [
    text.replaceAll(/[\u2068\u2069]/gu, ''),
    tag,
  ]);
  assert.deepEqual(texts, [
    ['“Films $& more” has begun', 'hour'],
    ['Farandole: someone is here', 'someone'],
  ]);
});

test('[PR-172] names no hour that is ahead or long over', async () => {
  const place = scene('?lang=en');
  await remind(
    place,
    { title: 'Later', agoMs: -5 * 60_000 },
    { title: 'Earlier', agoMs: 12 * 60_000 },
  );
  await place.send('push');
  assert.deepEqual(
    place.shown.map(([text]) => text),
    ['Farandole: someone is here'],
  );
});

test('[PR-172] opens the page of the community whose hour begins', async () => {
  const place = scene('?lang=fr');
  await remind(place, { title: 'Brushes', agoMs: 0, community: 'painters' });
  await place.send('push');
  await place.send('notificationclick');
  assert.deepEqual([place.opened, place.focused], [['/in/painters'], []]);
  assert.match(place.shown[0]?.[0] ?? '', /Brushes/u);
});
