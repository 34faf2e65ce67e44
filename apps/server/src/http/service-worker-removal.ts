/** Address of the page's service worker, which `apps/web` builds. */
export const SERVICE_WORKER_PATH = '/sw.js';

/**
 * Takes the place of the service worker in a browser that has one, deletes what the page's code
 * cached, and unregisters itself. It answers no request.
 */
const REMOVAL = `addEventListener('install', (event) => event.waitUntil(skipWaiting()));
addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith('farandole-')) await caches.delete(name);
  }
  await registration.unregister();
})()));
`;

/** Responds with a service worker that removes itself. */
export function serviceWorkerRemoval(): Response {
  return new Response(REMOVAL, {
    headers: { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' },
  });
}
