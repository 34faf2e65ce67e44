import { isUtf8 } from 'node:buffer';
import { open, readFile } from 'node:fs/promises';
import { codeOf, StartError } from '../start-error.ts';

export interface Replayed<Record> {
  readonly records: readonly Record[];
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
 * @param parse a record of a line, or null for one that is none; `place` names the line to people
 * @throws StartError naming the file and the line
 */
export async function replayFile<Record>(
  path: string,
  parse: (line: string, place: string) => Record | null,
): Promise<Replayed<Record>> {
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
  const records: Record[] = [];
  let start = 0;
  while (start < byteLength) {
    const end = bytes.indexOf(LINE_END, start);
    const line = bytes.subarray(start, end);
    const place = `${path}:${records.length + 1}`;
    const record = isUtf8(line) ? parse(line.toString('utf8'), place) : null;
    if (record === null) {
      throw new StartError(
        `${place} is damaged: this line is not a record. ` +
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
