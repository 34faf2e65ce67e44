import type { JournalRecord } from '@farandole/gateway/ports';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { FileJournal, type FileJournalOptions } from '../../src/journal/file-journal.ts';
import type { LogEvent } from '../../src/observe/log.ts';
import { TEST_SEAL } from './test-server.ts';

export interface OpenedJournal {
  readonly journal: FileJournal;
  readonly events: readonly LogEvent[];
  append(record: JournalRecord): Promise<boolean>;
}

/** Opens a folder's journal without a gateway. The test must close it. */
export async function openJournal(
  options: Pick<FileJournalOptions, 'dataDir'> & Partial<FileJournalOptions>,
): Promise<OpenedJournal> {
  const events: LogEvent[] = [];
  const waiting = new Map<number, (stored: boolean) => void>();
  const journal = await FileJournal.open({
    clock: new SimClock(),
    log: (event) => void events.push(event),
    seal: TEST_SEAL,
    onSettled: (entries, stored) => {
      for (const entry of entries) waiting.get(entry)?.(stored);
    },
    ...options,
  });
  const append = (record: JournalRecord): Promise<boolean> =>
    new Promise((resolve) => {
      const entry = waiting.size;
      waiting.set(entry, resolve);
      journal.append(entry, record);
    });
  return { journal, events, append };
}
