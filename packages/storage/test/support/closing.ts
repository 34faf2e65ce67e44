import type { ModerationStore } from '@farandole/moderation/ports';

/** The same store, which takes something away after it is closed. */
export function closing(store: ModerationStore, after: () => Promise<void>): ModerationStore {
  return {
    run: (name, input) => store.run(name, input),
    close: async () => {
      await store.close();
      await after();
    },
  };
}
