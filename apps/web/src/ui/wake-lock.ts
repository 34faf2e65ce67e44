import { effect, type ReadonlySignal } from '@preact/signals';

export interface WakeLocks {
  /** Requests a wake lock. Rejects if the browser or the system refuses. */
  request(): Promise<WakeLock>;
}

/**
 * A wake lock, which keeps the screen on. The browser releases the lock when the page is hidden.
 */
export interface WakeLock {
  release(): Promise<void>;
}

/** Wake locks of the browser. A request rejects if the browser doesn't support wake locks. */
export const browserWakeLocks: WakeLocks = {
  request: async () => await navigator.wakeLock.request('screen'),
};

/**
 * Keeps the screen on during a search or call while the page is visible. Requests the wake lock
 * again each time the page becomes visible.
 * @param wanted whether there is a search or call
 */
export function keepAwake(
  locks: WakeLocks,
  wanted: ReadonlySignal<boolean>,
  hidden: ReadonlySignal<boolean>,
): void {
  effect(() => {
    if (!wanted.value || hidden.value) return;
    let over = false;
    let held: WakeLock | null = null;
    const release = (lock: WakeLock): void => void lock.release().catch(() => {});
    locks.request().then(
      (lock) => {
        // The browser may grant the wake lock after the page no longer needs it.
        if (over) release(lock);
        else held = lock;
      },
      // The system refused the wake lock, for example because the battery is low.
      () => {},
    );
    return () => {
      over = true;
      if (held !== null) release(held);
    };
  });
}
