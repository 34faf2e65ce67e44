import type { ModerationStore } from '@farandole/moderation/store/ports';

export interface Emptied {
  readonly store: ModerationStore;
  empty(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Lends one store to many tests in turn and empties it between them, because opening a store takes
 * longer than most tests.
 * @returns a function that lends the store, and one that closes it
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
          // Waits for commands that a failed test left pending, so that the next test isn't
          // affected.
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
