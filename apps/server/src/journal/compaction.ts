import { readFile, rename, rm } from 'node:fs/promises';
import { setImmediate as others } from 'node:timers/promises';
import type { ReplayedRecord } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import { NETWORK_APART_MS } from '@farandole/matchmaking/limits';
import { CASE_KEPT_MS, PAIR_KEPT_MS } from '@farandole/moderation/limits';
import { writeBeside } from '../node/durable-file.ts';
import type { AppendableFile } from './journal-file.ts';
import { APART, apartLine, parseJournalRecord, withoutNetwork } from './journal-record.ts';

/** Number of lines after which compaction yields the event loop to other work. */
const LINES_AT_ONCE = 2_000;

const UNBLOCK = 'unblock' satisfies ReplayedRecord['kind'];

/** Time of each user's last erasure request. */
export type ErasedAt = ReadonlyMap<SubjectId, number>;

/** A compacted journal file, open for appending under the original name. */
interface Rewritten {
  readonly file: AppendableFile;
  readonly byteLength: number;
}

/**
 * Reduces an erased or outdated block or report to a separation. A separation says that two users
 * must not meet again, but not who asked for it, when, in which call and why. Removes the network
 * from a line after a day, and removes a revoked block completely.
 *
 * @returns the reduced line, the same line if all of it is needed, or null if none of it is
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
  const { by, atWallMs, ofNetwork } = record;
  const keptMs = record.kind === 'block' ? PAIR_KEPT_MS : CASE_KEPT_MS;
  const isErased = atWallMs <= (erasedAt.get(by) ?? Number.NEGATIVE_INFINITY);
  const mark = record.kind === 'block' ? record.mark : null;
  if (isErased || nowMs - atWallMs >= keptMs) return apartLine({ ...record, mark });
  const isNetworkOld = ofNetwork !== undefined && nowMs - atWallMs >= NETWORK_APART_MS;
  return isNetworkOld ? withoutNetwork(line) : line;
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
 * Rewrites a journal file without the lines that are no longer needed. Leaves the file unchanged if
 * all lines are needed. The new file survives a power loss only after its folder was flushed.
 *
 * @param byteLength length in bytes of the complete lines
 * @throws the system's error; the file is then unchanged
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
    // The lines are collected in a set, so that equal separations of one pair become one line.
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
