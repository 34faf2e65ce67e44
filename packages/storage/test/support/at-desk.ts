import { it } from 'node:test';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { Desk } from './desk.ts';

/** Registers tests that each get a desk over an empty store, which is closed after the test. */
export function atDeskOf(
  open: () => Promise<ModerationStore>,
): (title: string, test: (desk: Desk) => Promise<void>) => void {
  return (title, test) => {
    void it(title, async () => {
      const store = await open();
      try {
        await test(new Desk(store));
      } finally {
        await store.close();
      }
    });
  };
}
