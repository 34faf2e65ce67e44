import { signal } from '@preact/signals';

/** The event `beforeinstallprompt` of Chromium, which TypeScript's DOM types lack. */
export interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** The browser's offer to install the page. Null if there is none, or once it is used. */
export const installPrompt = signal<InstallPrompt | null>(null);

/** Keeps the browser's offer, so that the page can show it after a good call. */
export function followInstallPrompt(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    installPrompt.value = event as InstallPrompt;
  });
  addEventListener('appinstalled', () => {
    installPrompt.value = null;
  });
}
