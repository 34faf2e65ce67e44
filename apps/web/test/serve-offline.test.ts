import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES } from '@farandole/ui/scripts/locales';
import { offlinePages } from '../scripts/offline-page.ts';
import {
  type Fetching,
  type FromServiceWorker,
  serveOffline,
  type WorkerScope,
} from '../src/offline/serve-offline.ts';

const ORIGIN = 'https://meet.example';

function scene(search = '?lang=fr') {
  const told: FromServiceWorker[] = [];
  const listeners = new Map<string, (event: Fetching) => void>();
  let isReachable = true;
  let hasSkipped = false;
  const scope: WorkerScope = {
    location: { origin: ORIGIN, search },
    registration: {},
    clients: { matchAll: () => Promise.resolve([{ postMessage: (said) => told.push(said) }]) },
    skipWaiting: () => {
      hasSkipped = true;
      return Promise.resolve();
    },
    fetch: () =>
      isReachable
        ? Promise.resolve(new Response('the page'))
        : Promise.reject(new TypeError('Failed to fetch')),
    addEventListener: (type: string, listener: (event: Fetching) => void) => {
      listeners.set(type, listener);
    },
  };
  serveOffline(scope, offlinePages(), 'build-1');
  const send = async (
    type: 'install' | 'activate' | 'fetch',
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
    });
    await Promise.all(work);
    const [answer = null] = await Promise.all(answers);
    return answer;
  };
  return {
    told,
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
