/**
 * The page's service worker. `scripts/service-worker.ts` puts this file into `/sw.js`, followed by a
 * call of `serveOffline`, so it may import only types.
 */

/** The offline page of each language, complete with its styles, and the texts of notifications. */
export interface OfflinePages {
  readonly html: Readonly<Record<string, string>>;
  readonly notification: Readonly<Record<string, string>>;
  /** Text for an hour that begins, with `{{title}}` for its title. */
  readonly hourBegun: Readonly<Record<string, string>>;
  /** Where the page puts the reminders that the user asked for. */
  readonly reminders: { readonly cache: string; readonly path: string };
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
  /** Absent in a browser that has no such storage. */
  readonly caches?: {
    open(name: string): Promise<{
      match(path: string): Promise<Response | undefined>;
      put(path: string, response: Response): Promise<void>;
    }>;
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

/** The page stores it, so its types are as the page wrote them. */
interface Reminder {
  readonly title: string;
  readonly startMs: number;
  readonly community?: string;
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
  /** Its data is the path of the page that it opens. */
  readonly notification: { readonly data?: unknown; close(): void };
}

export interface FromServiceWorker {
  /** The build that the server now has, as in the page's `<meta name="build">`. */
  readonly build: string;
}

/**
 * Answers the page itself with the offline page if the server can't be reached, and no other
 * request. It keeps nothing of what the server sends, so an old page is never shown. Shows a
 * notification for each push message, whose content it ignores. The notification names an hour if
 * the user asked this browser for a reminder of an hour that has just begun.
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
    const notify = async (): Promise<void> => {
      const hour = await takeReminder().catch(() => undefined);
      const texts = hour === undefined ? pages.notification : pages.hourBegun;
      const text = texts[language] ?? texts[pages.fallback] ?? 'Farandole';
      // The title keeps its own direction of writing.
      const title = `\u2068${hour?.title ?? ''}\u2069`;
      await scope.registration.showNotification(
        text.replace('{{title}}', () => title),
        {
          tag: hour === undefined ? 'someone' : 'hour',
          icon: '/icon-192.png',
          lang: language,
          data: hour?.community === undefined ? '/' : `/in/${hour.community}`,
        },
      );
    };
    event.waitUntil(notify());
  });
  scope.addEventListener('notificationclick', (event) => {
    const { notification } = event;
    const path = typeof notification.data === 'string' ? notification.data : '/';
    notification.close();
    const open = async (): Promise<void> => {
      const found = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
      // The console is on the same origin, but isn't the page.
      const page = found.find(({ url }) => new URL(url).pathname === path);
      await (page?.focus() ?? scope.clients.openWindow(path));
    };
    event.waitUntil(open());
  });

  /** Returns the reminder of an hour that has just begun, and removes it. */
  async function takeReminder(): Promise<Reminder | undefined> {
    const { cache: name, path } = pages.reminders;
    const cache = await scope.caches?.open(name);
    const kept = await cache?.match(path);
    if (cache === undefined || kept === undefined) return undefined;
    const reminders = (await kept.json()) as readonly Reminder[];
    const nowMs = Date.now();
    // The server's clock may be a minute behind. It notifies within five minutes, and a push service
    // keeps a message for another five.
    const begun = reminders.find(
      ({ startMs }) => startMs - 60_000 <= nowMs && nowMs < startMs + 11 * 60_000,
    );
    const others = reminders.filter((each) => each !== begun);
    await cache.put(path, new Response(JSON.stringify(others)));
    return begun;
  }

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
