import type { TestContext } from 'node:test';
import type { ModerationStore } from '@farandole/moderation/store/ports';

export function closing(store: ModerationStore, after: () => Promise<void>): ModerationStore {
  return {
    run: (name, input) => store.run(name, input),
    close: async () => {
      await store.close();
      await after();
    },
  };
}

/** Closes the store after its test, because the store's thread would keep the process alive. */
export function closedAfter<Store extends ModerationStore>(t: TestContext, store: Store): Store {
  t.after(() => store.close());
  return store;
}
