import type { TestContext } from 'node:test';
import type { ModerationStore } from '@farandole/moderation/store/ports';

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

/** The same store, closed after a test however that ends: the thread of one that stays open keeps its file from ending. */
export function closedAfter<Store extends ModerationStore>(t: TestContext, store: Store): Store {
  t.after(() => store.close());
  return store;
}
