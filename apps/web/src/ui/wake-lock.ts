import { effect, type ReadonlySignal } from '@preact/signals';

/** The browser's way to keep the screen from going dark. */
export interface WakeLocks {
  /** Rejects where the browser or the system will not. */
  request(): Promise<WakeLock>;
}

/** The browser lets go of it by itself when the page goes to the background. */
export interface WakeLock {
  release(): Promise<void>;
}

/** Those of this browser; where it has none, none is given. */
export const browserWakeLocks: WakeLocks = {
  request: async () => await navigator.wakeLock.request('screen'),
};

/**
 * Keeps the screen awake while somebody searches or is in a call with the page in view; asked for
 * anew each time that the page comes back.
 *
 * @param wanted whether a search or a call goes on
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
        // It may be given when nobody wants it any more.
        if (over) release(lock);
        else held = lock;
      },
      // A low battery, or a policy: the call goes on all the same.
      () => {},
    );
    return () => {
      over = true;
      if (held !== null) release(held);
    };
  });
}
