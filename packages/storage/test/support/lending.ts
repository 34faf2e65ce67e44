import type { ModerationStore } from '@farandole/moderation/store/ports';

/** A store that can be made empty from outside. */
export interface Emptied {
  readonly store: ModerationStore;
  empty(): Promise<void>;
  /** Closes it for good. */
  close(): Promise<void>;
}

/**
 * Lends one store to many tests, one after the other, each of which finds it empty: to open one takes
 * longer than most of what is tried on it, and a server has the same one for weeks too.
 *
 * @returns what a test opens one by, and closes to give it back; and what ends them all
 */
export function lending(make: () => Promise<Emptied>): {
  readonly open: () => Promise<ModerationStore>;
  readonly end: () => Promise<void>;
} {
  const made: Emptied[] = [];
  const idle: Emptied[] = [];
  return {
    open: async () => {
      const lent = idle.pop() ?? (await make());
      if (!made.includes(lent)) made.push(lent);
      const asked: Promise<unknown>[] = [];
      let isBack = false;
      return {
        run: (name, input) => {
          if (isBack) throw new Error('the store was given back');
          const outcome = lent.store.run(name, input);
          asked.push(outcome);
          return outcome;
        },
        close: async () => {
          if (isBack) return;
          isBack = true;
          // What a test that failed still waits for would be found by the next one.
          await Promise.allSettled(asked);
          await lent.empty();
          idle.push(lent);
        },
      };
    },
    end: async () => {
      for (const { close } of made) await close();
    },
  };
}
