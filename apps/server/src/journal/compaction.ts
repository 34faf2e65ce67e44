import { readFile, rename, rm } from 'node:fs/promises';
import { setImmediate as others } from 'node:timers/promises';
import type { SubjectId } from '@farandole/kernel/id';
import { CASE_KEPT_MS, PAIR_KEPT_MS } from '@farandole/moderation/limits';
import { writeBeside } from '../durable-file.ts';
import type { AppendableFile } from './journal-file.ts';
import { APART, apartLine, parseJournalRecord } from './journal-record.ts';

/** After so many lines whoever else waits has a turn. */
const LINES_AT_ONCE = 2_000;

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
 * kept of the call or the case: not who it was that asked, when, in which call, or whether it was a report.
 *
 * @returns the line that is left of a line; the same where all of it is needed
 */
function compactedLine(line: string, erasedAt: ErasedAt, nowMs: number): string {
  const record = parseJournalRecord(line);
  if (record === null || (record.kind !== 'block' && record.kind !== 'reported')) return line;
  if (record.match === APART) return line;
  const { by, of, atWallMs } = record;
  const keptMs = record.kind === 'block' ? PAIR_KEPT_MS : CASE_KEPT_MS;
  const isErased = atWallMs <= (erasedAt.get(by) ?? Number.NEGATIVE_INFINITY);
  return isErased || nowMs - atWallMs >= keptMs ? apartLine(by, of) : line;
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
  const kept = new Set<string>();
  let isSame = true;
  for (const [at, line] of lines.entries()) {
    if (at % LINES_AT_ONCE === LINES_AT_ONCE - 1) await others();
    const left = compactedLine(line, erasedAt, nowMs);
    if (left !== line) isSame = false;
    // Two who are kept apart by several lines are by one.
    kept.add(left);
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
