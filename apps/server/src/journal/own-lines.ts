import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockRecord, ReplayedRecord, ReportRecord } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import { type ExportedData, tellOwnData } from '@farandole/moderation/privacy/exported-data';
import type { OwnData } from '@farandole/moderation/privacy/own-data';
import { codeOf } from '../start-error.ts';
import { APART, parseJournalRecord, parseSealedReport } from './journal-record.ts';
import { openSealed, type TextSeal, WAITING_FILES } from './waiting-reports.ts';

/** One user's records in a node's journal. The records name no other user. */
export interface OwnLines {
  /** The user's encounters, which the journal keeps for some minutes. */
  readonly met: readonly { readonly atMs: number }[];
  /** The user's blocks that aren't reduced to a separation yet. */
  readonly blocked: readonly { readonly atMs: number }[];
  /** The user's revoked blocks, whose records the journal keeps for at most a day. */
  readonly unblocked: readonly { readonly atMs: number }[];
  /** The user's reports that aren't reduced to a separation yet. */
  readonly reported: readonly { readonly code: string; readonly atMs: number }[];
  /** The user's reports that aren't in a case yet. */
  readonly onTheirWay: readonly Pick<ReportRecord, 'code' | 'reason' | 'note' | 'lines'>[];
  readonly underAge: readonly { readonly atMs: number }[];
}

/**
 * Journal files to read. Records of some kinds alternate between two files, so some lines may have
 * expired.
 */
const FILES = [
  'encounters.previous.jsonl',
  'encounters.jsonl',
  'ages.previous.jsonl',
  'ages.jsonl',
  'blocks.jsonl',
  'reports.jsonl',
] as const;

/**
 * Reads a user's records in the journal, even while a server writes to it. A separation doesn't say
 * who asked for it, so it belongs to neither user's records.
 *
 * @throws the system's error
 */
export async function ownLinesIn(
  dataDir: string,
  subject: SubjectId,
  seal: TextSeal,
): Promise<OwnLines> {
  const own = {
    met: [],
    blocked: [],
    unblocked: [],
    reported: [],
    onTheirWay: [],
    underAge: [],
  } as { -readonly [Kind in keyof OwnLines]: OwnLines[Kind][number][] };
  const blocked: BlockRecord[] = [];
  const takenBack = new Set<string>();
  const take = (record: ReplayedRecord): void => {
    const { atWallMs: atMs } = record;
    if (record.kind === 'encounter' && record.subjects.includes(subject)) own.met.push({ atMs });
    if (record.kind === 'age-refused' && record.subject === subject) own.underAge.push({ atMs });
    if (record.kind === 'block' && record.by === subject && record.match !== APART) {
      blocked.push(record);
    }
    if (record.kind === 'unblock' && record.by === subject) {
      takenBack.add(record.mark);
      own.unblocked.push({ atMs });
    }
    if (record.kind === 'reported' && record.by === subject) {
      own.reported.push({ code: record.code, atMs });
    }
  };
  for (const name of FILES) {
    for await (const line of linesWith(join(dataDir, name), subject)) {
      const record = parseJournalRecord(line);
      // The last line may be incomplete, because a server may be writing it, so it is skipped.
      if (record !== null) take(record);
    }
  }
  for (const { mark, atWallMs } of blocked) {
    if (mark === null || !takenBack.has(mark)) own.blocked.push({ atMs: atWallMs });
  }
  for (const name of WAITING_FILES) {
    for await (const line of linesWith(join(dataDir, name), subject)) {
      const record = parseSealedReport(line, (id, sealed) => openSealed(seal, id, sealed));
      if (record === null || record === 'encrypted with another key' || record.by !== subject)
        continue;
      const { code, reason, note, lines } = record;
      own.onTheirWay.push({ code, reason, note, lines });
    }
  }
  return own;
}

/** Merges the user's data from the store with the user's records in the journal. */
export function withOwnLines(
  kept: OwnData,
  lines: OwnLines,
  nowMs: number,
): ExportedData & { readonly node: OwnLines } {
  const known = new Set(kept.reports.map(({ code }) => code));
  const isNew = ({ code }: { readonly code: string }): boolean => !known.has(code);
  const [reported, onTheirWay] = [lines.reported.filter(isNew), lines.onTheirWay.filter(isNew)];
  return { ...tellOwnData(kept, nowMs), node: { ...lines, reported, onTheirWay } };
}

async function* linesWith(path: string, text: string): AsyncGenerator<string> {
  const file = await open(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return;
  try {
    for await (const line of file.readLines()) if (line.includes(text)) yield line;
  } finally {
    await file.close();
  }
}
