import type { ModerationStore } from '@farandole/moderation/store/ports';

export interface Emptied {
  readonly store: ModerationStore;
  empty(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Lends one store to many tests in turn, emptied between, because opening takes longer than most
 * tests.
 * @returns a function that lends it, and one that ends it
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
          // The next test must not see pending commands of a failed one.
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
