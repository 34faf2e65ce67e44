import type { ModerationStore } from '@farandole/moderation/store/ports';
import { Desk } from './desk.ts';

/** Makes a test of what is done at the desk: with an empty store, which is given back after it. */
export function atDeskOf(
  open: () => Promise<ModerationStore>,
): (test: (desk: Desk) => Promise<void>) => () => Promise<void> {
  return (test) => async () => {
    const store = await open();
    try {
      await test(new Desk(store));
    } finally {
      await store.close();
    }
  };
}
