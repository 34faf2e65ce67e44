import { readFile, rename, rm } from 'node:fs/promises';
import { setImmediate as others } from 'node:timers/promises';
import type { ReplayedRecord } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import { CASE_KEPT_MS, PAIR_KEPT_MS } from '@farandole/moderation/limits';
import { writeBeside } from '../node/durable-file.ts';
import type { AppendableFile } from './journal-file.ts';
import { APART, apartLine, parseJournalRecord } from './journal-record.ts';

/** After so many lines whoever else waits has a turn. */
const LINES_AT_ONCE = 2_000;

/** In each line that says so. */
const UNBLOCK = 'unblock' satisfies ReplayedRecord['kind'];

/** When each of these people last asked that what is kept of them goes. */
export type ErasedAt = ReadonlyMap<SubjectId, number>;

/** A file with other lines, open to append to, under the name of the one that it took the place of. */
interface Rewritten {
  readonly file: AppendableFile;
  readonly byteLength: number;
}

/**
 * Of blocks and reports what still holds is that two people do not meet again. Nothing but that is kept of those
 * that somebody made who has had what is kept of them erased, nor of those that are older than the rest that was
 * kept of the call or the case: not who it was that asked, when, in which call, or whether it was a report. Of a
 * block that was taken back nothing is kept, nor that it was.
 *
 * @returns the line that is left of a line; the same where all of it is needed, null where none is
 */
function compactedLine(
  line: string,
  takenBack: ReadonlySet<string>,
  erasedAt: ErasedAt,
  nowMs: number,
): string | null {
  const record = parseJournalRecord(line);
  if (record?.kind === 'unblock') return null;
  if (record === null || (record.kind !== 'block' && record.kind !== 'reported')) return line;
  if (record.kind === 'block' && record.mark !== null && takenBack.has(record.mark)) return null;
  if (record.match === APART) return line;
  const { by, of, atWallMs } = record;
  const keptMs = record.kind === 'block' ? PAIR_KEPT_MS : CASE_KEPT_MS;
  const isErased = atWallMs <= (erasedAt.get(by) ?? Number.NEGATIVE_INFINITY);
  const mark = record.kind === 'block' ? record.mark : null;
  return isErased || nowMs - atWallMs >= keptMs ? apartLine(by, of, mark) : line;
}

async function marksTakenBack(lines: readonly string[]): Promise<ReadonlySet<string>> {
  const marks = new Set<string>();
  for (const [at, line] of lines.entries()) {
    if (at % LINES_AT_ONCE === LINES_AT_ONCE - 1) await others();
    if (!line.includes(UNBLOCK)) continue;
    const record = parseJournalRecord(line);
    if (record?.kind === 'unblock') marks.add(record.mark);
  }
  return marks;
}

/**
 * Puts a file without what is not needed in the place of a file of the journal, or leaves it where all is needed.
 * The name is new on the disk only once the folder was flushed, too.
 *
 * @param byteLength how many bytes of it are whole lines
 * @throws the system's error; the file is untouched then
 */
export async function compactFile(
  path: string,
  byteLength: number,
  options: {
    readonly erasedAt: ErasedAt;
    readonly nowMs: number;
    readonly openFile: (path: string) => Promise<AppendableFile>;
  },
): Promise<Rewritten | null> {
  const { erasedAt, nowMs, openFile } = options;
  const text = (await readFile(path)).subarray(0, byteLength).toString('utf8');
  const lines = text === '' ? [] : text.slice(0, -1).split('\n');
  const takenBack = await marksTakenBack(lines);
  const kept = new Set<string>();
  let isSame = true;
  for (const [at, line] of lines.entries()) {
    if (at % LINES_AT_ONCE === LINES_AT_ONCE - 1) await others();
    const left = compactedLine(line, takenBack, erasedAt, nowMs);
    if (left !== line) isSame = false;
    // Two who are kept apart by several alike are by one.
    if (left !== null) kept.add(left);
  }
  if (isSame) return null;
  const content = [...kept].map((line) => `${line}\n`).join('');
  const fresh = await writeBeside(path, content);
  let file: AppendableFile | null = null;
  try {
    file = await openFile(fresh);
    await rename(fresh, path);
    return { file, byteLength: Buffer.byteLength(content) };
  } catch (error) {
    await file?.close();
    await rm(fresh, { force: true });
    throw error;
  }
}
