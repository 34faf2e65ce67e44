import { effect } from '@preact/signals';
import type { KeyValueStore } from '../base/ports.ts';
import { browserRtc } from '../call/browser-rtc.ts';
import { openViewer } from '../call/cover.ts';
import { browserDevices } from '../devices/browser-devices.ts';
import {
  browserApi,
  browserClock,
  browserConnectivity,
  browserScheduler,
  openBrowserSocket,
} from '../signal/browser-signal.ts';
import { base64Url, openDeviceKey } from '../signal/device-key.ts';
import { IndexedKeyStore } from '../signal/indexed-key-store.ts';
import type { Prover } from '../signal/proof/prover.ts';
import { RULES } from '../ui/rule-list.ts';
import { morph, skipMorph } from '../ui/screen-morph.ts';
import { lessMotion } from '../ui/theme.ts';
import { AppModel } from './app-model.ts';
import { browserTabs } from './browser-tabs.ts';
import type { Preferences } from './preferences-model.ts';

const browserProver = async () => (await import('../signal/proof/browser-prover.ts')).prover;
const browserReports = () => import('../report/browser-reports.ts');

/** The part of the Network Information API that the page uses. TypeScript's types lack it. */
interface SavingNavigator {
  readonly connection?: { readonly saveData?: boolean };
}

/**
 * Creates the application. The link to the server opens with `tabs.open`.
 * @param firstPreferences preferences that apply until the user has chosen any
 */
export function createBrowserApp(firstPreferences: Partial<Preferences> = {}): AppModel {
  // The device key is loaded early, because every hello message needs it.
  const deviceKey = openDeviceKey(new IndexedKeyStore(indexedDB), crypto.subtle);
  // This handler ignores a failure to load the key, because the hello message reports it.
  deviceKey.catch(() => {});
  const store: KeyValueStore = {
    read: (key) => localStorage.getItem(key),
    write: (key, value) => localStorage.setItem(key, value),
    remove: (key) => localStorage.removeItem(key),
  };
  const app = new AppModel({
    api: browserApi,
    openSocket: openBrowserSocket,
    prepareProof: () => {
      const prover = browserProver();
      // A failure to load the prover is ignored here, because `prove` loads it again and reports it.
      const use = (work: (prover: Prover) => void): void => void prover.then(work, () => {});
      use((loaded) => loaded.prepare());
      return () => use((loaded) => loaded.dismiss());
    },
    prove: async (...asked) => await (await browserProver()).prove(...asked),
    deviceKey: () => deviceKey,
    clock: browserClock,
    scheduler: browserScheduler,
    connectivity: browserConnectivity,
    unit: () => Math.random(),
    freshId: () => base64Url(crypto.getRandomValues(new Uint8Array(16)).buffer),
    rtc: browserRtc,
    openViewer,
    loadQualityWatch: async () => (await import('../call/quality-watch.ts')).openQualityWatch,
    openGuard: async (ports) =>
      (await import('../shield/browser-guard.ts')).openBrowserGuard(ports),
    visibility: {
      hidden: () => document.hidden,
      listen: (changed) => {
        document.addEventListener('visibilitychange', changed);
        // Of two windows side by side, both are visible.
        addEventListener('focus', changed);
      },
    },
    devices: browserDevices(),
    openDevices: async (ports) =>
      (await import('../devices/browser-media.ts')).openBrowserMedia(ports),
    loadConnectionCheck: async () => (await import('../call/connection-check.ts')).checkConnection,
    browser: {
      userAgent: navigator.userAgent,
      touchPoints: navigator.maxTouchPoints,
      savesData: (navigator as SavingNavigator).connection?.saveData,
    },
    store,
    openRecords: async () => (await browserReports()).openBrowserRecords(store),
    openBlocks: async () => (await browserReports()).openBrowserBlocks(),
    askOwnData: async (...asked) =>
      await (await import('../signal/ask-own-data.ts')).askOwnData(...asked),
    openPictures: async (isThere) => (await browserReports()).openBrowserPictures(isThere),
    tabs: browserTabs(),
    rules: RULES,
    morph: (change) => morph(change, lessMotion(app.settings.preferences.value)),
    skipMorph,
    firstPreferences,
    socketsSupported: 'WebSocket' in globalThis,
  });
  // Only the way to the search is animated, never a screen with a stranger.
  effect(() => {
    if (app.screen.value !== 'waiting') skipMorph();
  });
  addEventListener('pagehide', () => app.pageHidden());
  // The link opens again when the page returns from the back-forward cache.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) app.tabs.open();
  });
  return app;
}
