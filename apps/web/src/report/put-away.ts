import type { KeyValueStore } from '../base/ports.ts';
import type { RecordsPorts } from './records.ts';

const KEY = 'farandole.warned';

/** Until when warnings were read here. Where nothing can be kept each visit tells of them again. */
export function putAwayIn(store: KeyValueStore): RecordsPorts['warned'] {
  return {
    read() {
      try {
        return Number(store.read(KEY) ?? 0) || 0;
      } catch {
        return 0;
      }
    },
    write(untilMs) {
      try {
        store.write(KEY, String(untilMs));
      } catch {
        // Storage is blocked for this site: it holds as long as the page is open.
      }
    },
  };
}
