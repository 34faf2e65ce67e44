import type { TabMessage, Tabs } from '../state/tabs.ts';

interface Holder {
  readonly lost: () => void;
}

/** A browser profile whose tabs know of each other. Messages arrive after a microtask. */
export class FakeProfile {
  readonly #listeners = new Map<object, (message: TabMessage) => void>();
  #holder: Holder | null = null;
  #waiting: (() => void)[] = [];
  /** The tab that was brought to the front last. */
  focused: Tabs | null = null;
  /** Tabs that the browser has frozen, so they receive no message. */
  readonly frozen = new Set<Tabs>();

  open(): Tabs {
    let held: Holder | null = null;
    const tabs: Tabs = {
      isBusyElsewhere: () => Promise.resolve(this.#holder !== null && this.#holder !== held),
      untilFree: () =>
        new Promise((resolve) => {
          if (this.#holder === null) resolve();
          else this.#waiting.push(resolve);
        }),
      occupy: (lost) => {
        if (held !== null) return;
        const robbed = this.#holder;
        held = {
          lost: () => {
            held = null;
            lost();
          },
        };
        this.#holder = held;
        robbed?.lost();
      },
      free: () => {
        if (held === null || this.#holder !== held) return;
        this.#holder = null;
        held = null;
        for (const resolve of this.#waiting.splice(0)) resolve();
      },
      send: (message) => {
        for (const [tab, received] of this.#listeners) {
          if (tab === tabs || this.frozen.has(tab as Tabs)) continue;
          void Promise.resolve().then(() => received(message));
        }
      },
      listen: (received) => this.#listeners.set(tabs, received),
      focus: () => {
        this.focused = tabs;
      },
    };
    return tabs;
  }
}
