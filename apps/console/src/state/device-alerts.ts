import { type ReadonlySignal, signal } from '@preact/signals';

const WANTED_KEY = 'farandole-console-alerts';
const SHOWN_KEY = 'farandole-console-alert-shown';

export type DeviceAlertsState = 'off' | 'on' | 'denied' | 'missing';

export interface DeviceAlert {
  readonly id: string;
  /** When the alert woke the member. A later time of the same alert shows it again. */
  readonly atMs: number;
  readonly title: string;
  readonly body: string;
}

/** What `DeviceAlerts` needs of a browser. Null without notifications. */
export interface Notifier {
  permission(): NotificationPermission;
  request(): Promise<NotificationPermission>;
  /** @throws TypeError if the browser shows notifications only by a service worker */
  show(alert: DeviceAlert, onClick: () => void): void;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Notifications of this browser about alerts, while the console is open. */
export class DeviceAlerts {
  readonly #notifier: Notifier | null;
  readonly #store: Store;
  readonly #state = signal<DeviceAlertsState>('missing');

  constructor(notifier: Notifier | null, store: Store) {
    this.#notifier = notifier;
    this.#store = store;
    this.#read();
  }

  get state(): ReadonlySignal<DeviceAlertsState> {
    return this.#state;
  }

  async turnOn(): Promise<void> {
    if (this.#notifier === null) return;
    const permission = await this.#notifier.request();
    if (permission === 'granted') this.#store.setItem(WANTED_KEY, 'on');
    this.#read();
  }

  turnOff(): void {
    this.#store.removeItem(WANTED_KEY);
    this.#read();
  }

  /** Shows an alert once per browser, whatever the number of its tabs. */
  show(alert: DeviceAlert, onClick: () => void): void {
    if (this.#notifier === null || this.#state.peek() !== 'on') return;
    const shown = `${alert.id} ${alert.atMs}`;
    if (this.#store.getItem(SHOWN_KEY) === shown) return;
    this.#store.setItem(SHOWN_KEY, shown);
    try {
      this.#notifier.show(alert, onClick);
    } catch {
      this.#state.value = 'missing';
    }
  }

  #read(): void {
    const permission = this.#notifier?.permission();
    if (permission === undefined) this.#state.value = 'missing';
    else if (permission === 'denied') this.#state.value = 'denied';
    else {
      const isWanted = permission === 'granted' && this.#store.getItem(WANTED_KEY) === 'on';
      this.#state.value = isWanted ? 'on' : 'off';
    }
  }
}

/** The browser's storage, or the page's memory if the browser blocks storage. */
function safeStore(): Store {
  const memory = new Map<string, string>();
  const or = <Value>(read: () => Value, fallback: () => Value): Value => {
    try {
      return read();
    } catch {
      return fallback();
    }
  };
  return {
    getItem: (key) =>
      or(
        () => localStorage.getItem(key),
        () => memory.get(key) ?? null,
      ),
    setItem: (key, value) =>
      or(
        () => localStorage.setItem(key, value),
        () => void memory.set(key, value),
      ),
    removeItem: (key) =>
      or(
        () => localStorage.removeItem(key),
        () => void memory.delete(key),
      ),
  };
}

const browserNotifier: Notifier = {
  permission: () => Notification.permission,
  request: () => Notification.requestPermission(),
  show: ({ id, title, body }, onClick) => {
    const shown = new Notification(title, { body, tag: id, requireInteraction: true });
    shown.addEventListener('click', () => {
      window.focus();
      onClick();
      shown.close();
    });
  },
};

const hasNotifications = 'Notification' in globalThis && globalThis.isSecureContext;

export const deviceAlerts = new DeviceAlerts(
  hasNotifications ? browserNotifier : null,
  safeStore(),
);
