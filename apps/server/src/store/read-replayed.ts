import type { ReplayedRecord } from '@farandole/gateway/ports';
import type { InputOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { APART_READ_AT_ONCE } from '../limits.ts';

/**
 * Reads in pages what a starting gateway must know: blocks, separations by reports, the age refusals
 * of the last day and the latest meetings.
 */
export async function* readReplayed(
  store: Pick<ModerationStore, 'run'>,
  nowMs: number,
): AsyncGenerator<readonly ReplayedRecord[]> {
  for (const what of ['blocks', 'ages', 'pairs'] as const) {
    let after: InputOf<'apart.read'>['after'] = null;
    do {
      const page: InputOf<'apart.read'> = { what, after, limit: APART_READ_AT_ONCE, nowMs };
      const { notes, next } = await store.run('apart.read', page);
      yield notes;
      after = next;
    } while (after !== null);
  }
}
