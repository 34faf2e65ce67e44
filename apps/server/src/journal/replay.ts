import { isUtf8 } from 'node:buffer';
import { open, readFile } from 'node:fs/promises';
import type { JournalRecord } from '@farandole/gateway/ports';
import { codeOf, StartError } from '../start-error.ts';
import { parseJournalRecord } from './journal-record.ts';

export interface Replayed {
  readonly records: readonly JournalRecord[];
  /** Bytes of whole lines: where the next one goes. */
  readonly byteLength: number;
  /** Bytes of a last line without its end, which a crash left; they were cut off. */
  readonly tailBytes: number;
}

const LINE_END = 0x0a;

/**
 * Reads a file of the journal back. A last line without its end was never acknowledged: it is cut
 * off. Anything else that is not a record is damage that only a person may judge.
 *
 * @throws StartError naming the file and the line
 */
export async function replayFile(path: string): Promise<Replayed> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { records: [], byteLength: 0, tailBytes: 0 };
    throw new StartError(`${path} cannot be read (${codeOf(error) ?? 'unknown reason'}).`, {
      cause: error,
    });
  }
  const byteLength = bytes.lastIndexOf(LINE_END) + 1;
  const records: JournalRecord[] = [];
  let start = 0;
  while (start < byteLength) {
    const end = bytes.indexOf(LINE_END, start);
    const line = bytes.subarray(start, end);
    const record = isUtf8(line) ? parseJournalRecord(line.toString('utf8')) : null;
    if (record === null) {
      throw new StartError(
        `${path}:${records.length + 1} is damaged: this line is not a record. ` +
          'Bring the file back from a backup, or mend the line; nothing has been changed.',
      );
    }
    records.push(record);
    start = end + 1;
  }
  const tailBytes = bytes.length - byteLength;
  if (tailBytes > 0) await cutAt(path, byteLength);
  return { records, byteLength, tailBytes };
}

async function cutAt(path: string, byteLength: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.truncate(byteLength);
    await file.datasync();
  } finally {
    await file.close();
  }
}
