import { isUtf8 } from 'node:buffer';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReplayedRecord, ReportRecord } from '@farandole/gateway/ports';
import type { SubjectId } from '@farandole/kernel/id';
import type { ApartChange } from '@farandole/moderation/apart/note-apart';
import { CASE_KEPT_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { noticeDelayMs } from '@farandole/moderation/trust/notice';
import type { TextEncryption } from '@farandole/storage/text-encryption';
import { IMPORTED_AT_ONCE, IMPORTED_KEPT_MS } from '../limits.ts';
import { flushFolder } from '../node/durable-file.ts';
import type { Log } from '../observe/log.ts';
import { reportInputOf } from '../outbox/report-input.ts';
import { codeOf, StartError } from '../start-error.ts';
import { APART, parseEarlierRecord, parseSealedReport } from './earlier-record.ts';

/**
 * Files in which earlier versions kept records, in the order of the import. The waiting reports come
 * before the list of reports that the store has, because the second import of a report changes
 * nothing.
 */
const FILES = [
  'encounters.previous.jsonl',
  'encounters.jsonl',
  'ages.previous.jsonl',
  'ages.jsonl',
  'blocks.jsonl',
  'reports.waiting-1.jsonl',
  'reports.waiting-2.jsonl',
  'reports.jsonl',
] as const;

/** The import renames a file by adding this prefix, and removing the ending `.jsonl`. */
const IMPORTED = 'imported-';

const LINE_END = 0x0a;

export interface ImportOptions {
  readonly dataDir: string;
  readonly store: Pick<ModerationStore, 'run'>;
  /** Decrypts the texts of reports that weren't in the store yet. */
  readonly seal: Pick<TextEncryption, 'open'>;
  readonly freshId: () => string;
  /** Returns a random number in [0, 1). */
  readonly chance: () => number;
  readonly nowMs: number;
  readonly log: Log;
}

/**
 * Imports the files of earlier versions into the store. A file is renamed once the store has
 * committed all its records. After a crash in between, the next start imports the file again, which
 * changes nothing.
 *
 * @throws StartError if a file is unreadable, damaged or encrypted with another key
 * @throws StoreError
 */
export async function importFiles(options: ImportOptions): Promise<void> {
  const { dataDir, log } = options;
  const names = new Set(await readdir(dataDir));
  const found = FILES.filter((name) => names.has(name));
  if (found.length === 0) return;
  const erasedAt = await readErased(options);
  for (const name of found) {
    const path = join(dataDir, name);
    const records = await readRecords(path, name, options);
    await importRecords(records, erasedAt, options);
    await rename(path, join(dataDir, `${IMPORTED}${name.replace(/\.jsonl$/, '')}`));
    await flushFolder(dataDir);
    log({ event: 'file-imported', file: name, records: records.length });
  }
}

/** Removes files that were imported more than `IMPORTED_KEPT_MS` ago. */
export async function removeImported(dataDir: string, nowMs: number): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(IMPORTED)) continue;
    const path = join(dataDir, name);
    // The rename set the time of the file's last status change.
    if (nowMs - (await stat(path)).ctimeMs >= IMPORTED_KEPT_MS) await rm(path, { force: true });
  }
}

/** Reads a file without its last line if that line is incomplete, because it was never acknowledged. */
async function readRecords(
  path: string,
  name: (typeof FILES)[number],
  { seal, log }: ImportOptions,
): Promise<readonly ReplayedRecord[]> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new StartError(`${path} cannot be read (${codeOf(error) ?? 'unknown reason'}).`, {
      cause: error,
    });
  });
  const isSealed = name.startsWith('reports.waiting');
  const end = bytes.lastIndexOf(LINE_END) + 1;
  if (end < bytes.length) log({ event: 'journal-tail-cut', file: name, bytes: bytes.length - end });
  const records: ReplayedRecord[] = [];
  let lines = 0;
  let skipped = 0;
  for (let start = 0; start < end; ) {
    const next = bytes.indexOf(LINE_END, start) + 1;
    const line = bytes.subarray(start, next - 1);
    start = next;
    lines += 1;
    const place = `${path}:${lines}`;
    const text = isUtf8(line) ? line.toString('utf8') : '';
    const record = isSealed ? readSealed(text, place, seal) : parseEarlierRecord(text);
    if (record !== null) records.push(record);
    // The loss of a meeting only lets two users meet again soon.
    else if (name.startsWith('encounters')) skipped += line.length + 1;
    else {
      throw new StartError(
        `${place} is damaged: this line is not a record. ` +
          'Restore the file from a backup, or repair the line. Nothing was changed.',
      );
    }
  }
  if (skipped > 0) log({ event: 'journal-damage-skipped', file: name, bytes: skipped });
  return records;
}

function readSealed(
  line: string,
  place: string,
  seal: Pick<TextEncryption, 'open'>,
): ReportRecord | null {
  const record = parseSealedReport(line, (id, sealed) => {
    try {
      return seal.open(id, sealed);
    } catch {
      return null;
    }
  });
  if (record !== 'encrypted with another key') return record;
  throw new StartError(
    `${place} was encrypted with another key than the one in keys.json. Restore the previous ` +
      'keys.json; without it this report can’t be read. Remove this file, and with it the ' +
      'report, only if that key is lost for good.',
  );
}

async function importRecords(
  records: readonly ReplayedRecord[],
  erasedAt: ReadonlyMap<SubjectId, number>,
  options: ImportOptions,
): Promise<void> {
  const { store, freshId, chance, nowMs } = options;
  const removed = new Set<string>();
  for (const record of records) if (record.kind === 'unblock') removed.add(record.mark);
  const changes: ApartChange[] = [];
  const ended = new Map<string, { readonly id: EncounterMatch; readonly endedAtMs: number }>();
  for (const record of records) {
    if (record.kind === 'encounter') {
      ended.set(record.match, { id: record.match, endedAtMs: record.atWallMs });
    } else if (record.kind === 'age-refused') changes.push(record);
    else if (record.kind === 'report') {
      // A case as old as this report would already be deleted.
      if (nowMs - record.atWallMs >= CASE_KEPT_MS) changes.push(separationIn(record, erasedAt));
      else {
        const fresh = { caseId: freshId(), noticeDelayMs: noticeDelayMs(chance()) };
        await store.run('report.take', reportInputOf(record, fresh));
      }
    } else if (record.kind === 'reported') changes.push(separationIn(record, erasedAt));
    else if (record.kind === 'block' && !removed.has(record.mark ?? '')) {
      changes.push(separationIn(record, erasedAt));
    }
  }
  for (const some of inParts(changes)) await store.run('apart.note', { changes: some });
  for (const some of inParts([...ended.values()])) {
    await store.run('pairs.note', { pairs: [], ended: some });
  }
}

type EncounterMatch = Extract<ReplayedRecord, { kind: 'encounter' }>['match'];
type PartedRecord = Extract<ReplayedRecord, { kind: 'block' | 'report' | 'reported' }>;

/** Forgets the author if the author asked for an erasure while no server ran on the folder. */
function separationIn(
  record: PartedRecord,
  erasedAt: ReadonlyMap<SubjectId, number>,
): Extract<ApartChange, { kind: 'block' | 'reported' }> {
  const { by, of, byDevice, ofDevice, atWallMs } = record;
  if (atWallMs <= (erasedAt.get(by) ?? Number.NEGATIVE_INFINITY)) {
    const mark = record.kind === 'block' ? record.mark : null;
    const people = {
      ...{ by, of, ...(byDevice !== undefined && { byDevice }) },
      ...(ofDevice !== undefined && { ofDevice }),
    };
    return { kind: 'block', match: APART, side: null, ...people, mark, atWallMs: 0 };
  }
  if (record.kind !== 'report') return record;
  const { id, code, match, reporterSide, ofNetwork } = record;
  return {
    ...{ kind: 'reported', id, code, match, by, of, ofDevice: record.ofDevice, reporterSide },
    ...(byDevice !== undefined && { byDevice }),
    ...(ofNetwork !== undefined && { ofNetwork }),
    atWallMs,
  };
}

async function readErased({ store }: ImportOptions): Promise<ReadonlyMap<SubjectId, number>> {
  const erasedAt = new Map<SubjectId, number>();
  for (let after = 0; ; ) {
    const read = await store.run('subjects.concerned', { what: 'erased', after });
    for (const { subject, atMs } of read.subjects) erasedAt.set(subject, atMs);
    if (!read.more) return erasedAt;
    after = read.until;
  }
}

function* inParts<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += IMPORTED_AT_ONCE) {
    yield items.slice(at, at + IMPORTED_AT_ONCE);
  }
}
