/**
 * The page's service worker. `scripts/service-worker.ts` puts this file into `/sw.js`, followed by a
 * call of `serveOffline`, so it may import only types.
 */

/** The offline page of each language, complete with its styles, and the text of a notification. */
export interface OfflinePages {
  readonly html: Readonly<Record<string, string>>;
  readonly notification: Readonly<Record<string, string>>;
  readonly fallback: string;
  /** Value of the Content-Security-Policy header of these pages. */
  readonly policy: string;
}

/** The part of a service worker's global scope that is used here. TypeScript's DOM types lack it. */
export interface WorkerScope {
  readonly location: Pick<Location, 'origin' | 'search'>;
  readonly registration: {
    readonly navigationPreload?: { enable(): Promise<void> };
    showNotification(title: string, options: NotificationOptions): Promise<void>;
  };
  readonly clients: {
    matchAll(options: {
      includeUncontrolled: boolean;
      type?: 'window';
    }): Promise<readonly OpenPage[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  fetch(request: Request): Promise<Response>;
  addEventListener(type: 'install' | 'activate' | 'push', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Clicked) => void): void;
}

/** A page of this site, as the service worker sees it. */
export interface OpenPage {
  readonly url: string;
  postMessage(message: FromServiceWorker): void;
  focus(): Promise<unknown>;
}

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

export interface Fetching extends Lasting {
  readonly request: Pick<Request, 'method' | 'mode' | 'url'> & Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(response: Promise<Response>): void;
}

export interface Clicked extends Lasting {
  readonly notification: { close(): void };
}

export interface FromServiceWorker {
  /** The build that the server now has, as in the page's `<meta name="build">`. */
  readonly build: string;
}

/**
 * Answers the page itself with the offline page if the server can't be reached, and no other
 * request. It keeps nothing of what the server sends, so an old page is never shown. Shows a
 * notification for each push message, whose content it ignores.
 */
export function serveOffline(scope: WorkerScope, pages: OfflinePages, build: string): void {
  const language = new URLSearchParams(scope.location.search).get('lang') ?? pages.fallback;
  // Another version takes over at once. It can't disturb an open page, because it only answers
  // requests for a new one.
  scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
  scope.addEventListener('activate', (event) => {
    const begin = async (): Promise<void> => {
      await scope.registration.navigationPreload?.enable();
      const open = await scope.clients.matchAll({ includeUncontrolled: true });
      for (const client of open) client.postMessage({ build });
    };
    event.waitUntil(begin());
  });
  scope.addEventListener('fetch', (event) => {
    const { method, mode, url } = event.request;
    const { origin, pathname } = new URL(url);
    const isPage = origin === scope.location.origin && pathname === '/';
    if (method !== 'GET' || mode !== 'navigate' || !isPage) return;
    const answer = async (): Promise<Response> => {
      try {
        return (await event.preloadResponse) ?? (await scope.fetch(event.request));
      } catch {
        return offlinePage();
      }
    };
    event.respondWith(answer());
  });

  scope.addEventListener('push', (event) => {
    const title = pages.notification[language] ?? pages.notification[pages.fallback] ?? 'Farandole';
    event.waitUntil(
      scope.registration.showNotification(title, {
        tag: 'someone',
        icon: '/icon-192.png',
        lang: language,
      }),
    );
  });
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close();
    const open = async (): Promise<void> => {
      const found = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
      // The console is on the same origin, but isn't the page.
      const page = found.find(({ url }) => new URL(url).pathname === '/');
      await (page?.focus() ?? scope.clients.openWindow('/'));
    };
    event.waitUntil(open());
  });

  function offlinePage(): Response {
    const html = pages.html[language] ?? pages.html[pages.fallback] ?? '';
    return new Response(html, {
      status: 503,
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': pages.policy,
        'Cache-Control': 'no-store',
      },
    });
  }
}
