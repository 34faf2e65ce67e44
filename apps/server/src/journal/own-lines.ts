import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockRecord, ReplayedRecord, ReportRecord } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import type { OwnData } from '@farandole/moderation/privacy/own-data';
import { type ToldData, tellOwnData } from '@farandole/moderation/privacy/told-data';
import { codeOf } from '../start-error.ts';
import { APART, parseJournalRecord, parseSealedReport } from './journal-record.ts';
import { openSealed, type TextSeal, WAITING_FILES } from './waiting-reports.ts';

/** What the journal of a node has of one person. Nobody else is named in it. */
export interface OwnLines {
  /** When they met somebody, in the last minutes. */
  readonly met: readonly { readonly atMs: number }[];
  /** When they asked not to meet somebody again, for as long as more is kept of it than that it holds. */
  readonly blocked: readonly { readonly atMs: number }[];
  /** When they took such a wish back, for the day or less until both are gone. */
  readonly unblocked: readonly { readonly atMs: number }[];
  /** That they reported, for as long as more is kept of it than that the two do not meet again. */
  readonly reported: readonly { readonly code: string; readonly atMs: number }[];
  /** Reports of theirs that no case has yet. */
  readonly onTheirWay: readonly Pick<ReportRecord, 'code' | 'reason' | 'note' | 'lines'>[];
  /** When they said that they are under age. */
  readonly underAge: readonly { readonly atMs: number }[];
}

/** Each may have grown too old between the two names that it has in turn. */
const FILES = [
  'encounters.previous.jsonl',
  'encounters.jsonl',
  'ages.previous.jsonl',
  'ages.jsonl',
  'blocks.jsonl',
  'reports.jsonl',
] as const;

/**
 * Reads what the files of the journal have of one person, also while a server writes them. That two people are
 * kept apart, where it is not kept which of them asked, is of neither.
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
      // The last line of a file that is being written may be half of one.
      if (record !== null) take(record);
    }
  }
  for (const { mark, atWallMs } of blocked) {
    if (mark === null || !takenBack.has(mark)) own.blocked.push({ atMs: atWallMs });
  }
  for (const name of WAITING_FILES) {
    for await (const line of linesWith(join(dataDir, name), subject)) {
      const record = parseSealedReport(line, (id, sealed) => openSealed(seal, id, sealed));
      if (record === null || record === 'sealed by another key' || record.by !== subject) continue;
      const { code, reason, note, lines } = record;
      own.onTheirWay.push({ code, reason, note, lines });
    }
  }
  return own;
}

/** What somebody gets: what they are told of what the store has, and what this node's journal has beside it. */
export function withOwnLines(
  kept: OwnData,
  lines: OwnLines,
  nowMs: number,
): ToldData & { readonly node: OwnLines } {
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
