import { isUtf8 } from 'node:buffer';
import { open, readFile } from 'node:fs/promises';
import { codeOf, StartError } from '../start-error.ts';

export interface Replayed<Record> {
  readonly records: readonly Record[];
  /** Length in bytes of the complete lines. The next write begins there. */
  readonly byteLength: number;
  /** Length in bytes of the incomplete last line that a crash left and the replay cut off. */
  readonly tailBytes: number;
  /** Length in bytes of the damaged lines that the replay skipped. */
  readonly skippedBytes: number;
}

const LINE_END = 0x0a;

/**
 * How the replay handles a damaged line. `refuse` makes the server refuse to start, and `skip`
 * drops the line.
 */
export type OnDamage = 'refuse' | 'skip';

/**
 * Reads a journal file. Cuts off an incomplete last line, because such a line was never
 * acknowledged.
 *
 * @param parse returns null for an invalid line; `place` names the line in error messages
 * @throws StartError with file and line if a line is damaged and `onDamage` is `refuse`
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
