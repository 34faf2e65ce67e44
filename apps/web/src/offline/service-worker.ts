import { effect } from '@preact/signals';
import { pageLanguage } from '../i18n/words.ts';
import { serviceWorkerUrl } from '../shield/worker-urls.ts';
import { followAppShortcuts } from '../system/app-shortcuts.ts';
import { followInstallPrompt } from '../system/install-prompt.ts';
import { outOfDate } from './build-news.ts';
import type { FromServiceWorker } from './serve-offline.ts';

/**
 * Time in ms between two checks for another build, for a page that stays open. The browser also
 * checks when the page loads.
 */
const CHECK_EVERY_MS = 60 * 60_000;

/**
 * Registers the service worker in the page's language, and follows the server's builds, the
 * shortcuts of the installed app, and the browser's offer to install the page.
 */
export function followServiceWorker(): void {
  followInstallPrompt();
  followAppShortcuts();
  // A browser has no service workers on an insecure page or where the user blocks storage.
  const container = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
  if (container === undefined) return;
  const own = document.querySelector<HTMLMetaElement>('meta[name=build]')?.content;
  let registration: ServiceWorkerRegistration | undefined;
  let checkedAtMs = performance.now();
  container.addEventListener('message', ({ data }: MessageEvent<FromServiceWorker>) => {
    outOfDate.value = own !== undefined && data.build !== own;
  });
  effect(() => {
    container.register(serviceWorkerUrl(pageLanguage())).then(
      (registered) => {
        registration = registered;
      },
      // Without a service worker the browser shows its own offline page.
      () => {},
    );
  });
  document.addEventListener('visibilitychange', () => {
    const nowMs = performance.now();
    if (document.hidden || nowMs - checkedAtMs < CHECK_EVERY_MS) return;
    checkedAtMs = nowMs;
    // Offline there is nothing to check.
    registration?.update().catch(() => {});
  });
}
