import { it } from 'node:test';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { Desk } from './desk.ts';

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
