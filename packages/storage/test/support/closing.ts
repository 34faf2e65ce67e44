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

/** Closes the store after a test, because its open thread would keep the process alive. */
export function closedAfter<Store extends ModerationStore>(t: TestContext, store: Store): Store {
  t.after(() => store.close());
  return store;
}
