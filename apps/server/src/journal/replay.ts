import { isUtf8 } from 'node:buffer';
import { open, readFile } from 'node:fs/promises';
import { codeOf, StartError } from '../start-error.ts';

export interface Replayed<Record> {
  readonly records: readonly Record[];
  /** Length of the whole lines: the position of the next write. */
  readonly byteLength: number;
  /** Length of an incomplete last line, which was cut off after a crash. */
  readonly tailBytes: number;
  /** Length of the skipped, damaged lines. */
  readonly skippedBytes: number;
}

const LINE_END = 0x0a;

/** What a damaged line does: `refuse` stops the start, `skip` drops the line. */
export type OnDamage = 'refuse' | 'skip';

/**
 * Reads a journal file. Cuts off an incomplete last line, which was never acknowledged.
 *
 * @param parse returns null for an invalid line; `place` names the line to people
 * @throws StartError naming file and line, for a damaged line that may not be skipped
 */
export async function replayFile<Record>(
  path: string,
  parse: (line: string, place: string) => Record | null,
  onDamage: OnDamage = 'refuse',
): Promise<Replayed<Record>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return { records: [], byteLength: 0, tailBytes: 0, skippedBytes: 0 };
    }
    throw new StartError(`${path} cannot be read (${codeOf(error) ?? 'unknown reason'}).`, {
      cause: error,
    });
  }
  const byteLength = bytes.lastIndexOf(LINE_END) + 1;
  const records: Record[] = [];
  let skippedBytes = 0;
  let lines = 0;
  let start = 0;
  while (start < byteLength) {
    const end = bytes.indexOf(LINE_END, start);
    const line = bytes.subarray(start, end);
    lines += 1;
    const place = `${path}:${lines}`;
    const record = isUtf8(line) ? parse(line.toString('utf8'), place) : null;
    if (record !== null) records.push(record);
    else if (onDamage === 'skip') skippedBytes += end + 1 - start;
    else {
      throw new StartError(
        `${place} is damaged: this line is not a record. ` +
          'Restore the file from a backup, or repair the line. Nothing was changed.',
      );
    }
    start = end + 1;
  }
  const tailBytes = bytes.length - byteLength;
  if (tailBytes > 0) await cutAt(path, byteLength);
  return { records, byteLength, tailBytes, skippedBytes };
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
