import { NOTIFICATIONS_PATH, type NotificationsReply } from '@farandole/protocol/http-api';
import { computed, signal } from '@preact/signals';
import { type BrowserFacts, browserPlatformOf } from '../help/which-browser.ts';
import { REMINDERS } from '../offline/reminders-cache.ts';
import { post } from '../signal/browser-signal.ts';
import { installPrompt } from './install-prompt.ts';
import type { Installer, KeptReminder, Notifier, Subscribed, SystemParts } from './system-parts.ts';

const SUBSCRIBED_KEY = 'farandole.notifications';
const HOUR_KEY = 'farandole.hour-reminder';
const DISMISSED_KEY = 'farandole.install-hint';
/** Tag of the notification, as in the service worker. A newer one replaces an older one. */
const TAG = 'someone';

/** Creates the browser's notifications and installation. */
export async function openBrowserSystem(facts: BrowserFacts): Promise<SystemParts> {
  const isOnIos = browserPlatformOf(facts).system === 'ios';
  const isInApp = browserPlatformOf(facts).app !== null;
  const isInstalled = matchMedia('(display-mode: standalone)').matches;
  const registration = await registrationOf();
  return {
    notifier: browserNotifier(registration, isOnIos && !isInstalled && !isInApp),
    installer: browserInstaller(isOnIos && !isInApp, isInstalled),
    wallMs: () => Date.now(),
  };
}

/** Ends the browser's subscription at its push service, without a request to the server. */
export async function dropSubscription(): Promise<void> {
  write(SUBSCRIBED_KEY, null);
  storeReminders([]);
  const registration = await registrationOf();
  // If the push service can't be reached, the server still has no address.
  const subscription = await registration?.pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => false);
}

/** Returns the page's service worker. Undefined if the browser or the operator has none. */
async function registrationOf(): Promise<ServiceWorkerRegistration | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  return await navigator.serviceWorker.getRegistration().catch(() => undefined);
}

function browserNotifier(
  registration: ServiceWorkerRegistration | undefined,
  needsInstall: boolean,
): Notifier {
  const canShow = 'Notification' in globalThis;
  const canPush = canShow && registration !== undefined && 'pushManager' in registration;
  const pushManager = (): PushManager => {
    if (registration === undefined) throw new TypeError('the page has no service worker');
    return registration.pushManager;
  };
  return {
    canPush,
    needsInstall: needsInstall && !canPush,
    permission: () => (canShow ? Notification.permission : 'unsupported'),
    ask: async () => (canShow ? await Notification.requestPermission() : 'unsupported'),
    subscribe: async (serverKey) => {
      const applicationServerKey = bytesOf(serverKey);
      const earlier = await pushManager().getSubscription();
      const ofKey = earlier?.options.applicationServerKey ?? null;
      if (earlier !== null && ofKey !== null && isSame(ofKey, applicationServerKey)) {
        return earlier.endpoint;
      }
      // A subscription for another key can't be changed. The server's key differs if the operator
      // lost the keys file.
      await earlier?.unsubscribe();
      const made = await pushManager().subscribe({ userVisibleOnly: true, applicationServerKey });
      return made.endpoint;
    },
    unsubscribe: async () => {
      await (await pushManager().getSubscription())?.unsubscribe();
    },
    send: (request) => post<NotificationsReply>(NOTIFICATIONS_PATH, request, 'omit'),
    show: (text) => {
      if (!canShow || !document.hidden || Notification.permission !== 'granted') return;
      const options = { tag: TAG, icon: '/icon-192.png' };
      // Browsers on phones show notifications only through the service worker.
      if (registration !== undefined) {
        registration.showNotification(text, options).catch(() => {});
        return;
      }
      try {
        const shown = new Notification(text, options);
        shown.addEventListener('click', () => {
          focus();
          shown.close();
        });
      } catch {
        // A phone's browser throws. The page's sound tells the user too.
      }
    },
    recall: () => recallAt(SUBSCRIBED_KEY),
    store: (subscribed) => {
      storeAt(SUBSCRIBED_KEY, subscribed);
      // Without its subscription the browser gets no reminder either.
      if (subscribed === null) storeReminders([]);
    },
    recallHours: recallReminders,
    storeHours: storeReminders,
  };
}

function browserInstaller(canByHand: boolean, isInstalled: boolean): Installer {
  const dismissed = signal(read(DISMISSED_KEY) !== null);
  return {
    offer: computed(() => {
      if (isInstalled || dismissed.value) return 'none';
      if (installPrompt.value !== null) return 'prompt';
      return canByHand ? 'by-hand' : 'none';
    }),
    install: async () => {
      const prompt = installPrompt.peek();
      // The browser shows its dialog only once per offer.
      installPrompt.value = null;
      await prompt?.prompt();
    },
    dismiss: () => {
      dismissed.value = true;
      write(DISMISSED_KEY, 'no');
    },
    forget: () => {
      dismissed.value = false;
      write(DISMISSED_KEY, null);
    },
  };
}

function recallAt(key: string): Subscribed | null {
  const stored = read(key);
  return stored === null ? null : subscribedOf(stored);
}

function storeAt(key: string, subscribed: Subscribed | null): void {
  write(key, subscribed === null ? null : JSON.stringify(subscribed));
}

function recallReminders(): readonly KeptReminder[] {
  try {
    const value: unknown = JSON.parse(read(HOUR_KEY) ?? '[]');
    return Array.isArray(value) ? value.filter(isReminder) : [];
  } catch {
    return [];
  }
}

function isReminder(value: Partial<KeptReminder> | null): value is KeptReminder {
  const { endpoint, title, startMs, community } = value ?? {};
  const isOfPool = community === undefined || typeof community === 'string';
  return (
    typeof endpoint === 'string' &&
    typeof title === 'string' &&
    typeof startMs === 'number' &&
    isOfPool
  );
}

/** Stores the reminders for the page, and their titles for the service worker. */
function storeReminders(reminders: readonly KeptReminder[]): void {
  const isNone = reminders.length === 0;
  write(HOUR_KEY, isNone ? null : JSON.stringify(reminders));
  // A browser without this storage notifies without the title.
  if (!('caches' in globalThis)) return;
  const titles = reminders.map(({ title, startMs, community }) => ({ title, startMs, community }));
  const store = isNone
    ? caches.delete(REMINDERS.cache)
    : caches
        .open(REMINDERS.cache)
        .then((cache) => cache.put(REMINDERS.path, new Response(JSON.stringify(titles))));
  store.catch(() => {});
}

function isSame(one: ArrayBuffer, other: Uint8Array): boolean {
  const bytes = new Uint8Array(one);
  return bytes.length === other.length && bytes.every((byte, at) => byte === other[at]);
}

function subscribedOf(text: string): Subscribed | null {
  try {
    const value = JSON.parse(text) as Partial<Subscribed> | null;
    const { endpoint, untilMs } = value ?? {};
    return typeof endpoint === 'string' && typeof untilMs === 'number'
      ? { endpoint, untilMs }
      : null;
  } catch {
    return null;
  }
}

function bytesOf(base64Url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64Url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // Reading storage throws if the browser blocks storage for this site.
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Without storage the choice lasts until the page closes.
  }
}
